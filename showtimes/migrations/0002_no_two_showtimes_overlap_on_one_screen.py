"""
PostgreSQL judges that no two showtimes overlap on one screen. SQLite has no such constraint: there,
one writer at a time and the check of `Showtime.objects.overlapping` do.
"""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

ADD = """
ALTER TABLE showtimes_showtime ADD CONSTRAINT no_two_showtimes_overlap_on_one_screen
EXCLUDE USING gist (screen_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
WHERE (status <> 'cancelled')
"""
DROP = "ALTER TABLE showtimes_showtime DROP CONSTRAINT no_two_showtimes_overlap_on_one_screen"


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("showtimes", "0001_initial")]
    operations = [
        BtreeGistExtension(),
        migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP)),
    ]
