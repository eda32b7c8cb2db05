"""The history is not emptied as a whole either, which asks no row."""

from django.db import migrations

from history.unchanging import NeverEmptied


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0002_nobody_changes_the_history"),
    ]

    operations = [
        NeverEmptied(
            "history_entry",
            name="an_entry_of_the_history_never_changes",
            reason="An entry of the history never changes.",
        ),
    ]
