"""What staff changed stays as it was written: for admins, for the shell and for other programs."""

from django.db import migrations

from history.unchanging import NeverChanges


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0001_what_staff_changed"),
    ]

    operations = [
        NeverChanges(
            "history_entry",
            name="an_entry_of_the_history_never_changes",
            reason="An entry of the history never changes.",
        ),
    ]
