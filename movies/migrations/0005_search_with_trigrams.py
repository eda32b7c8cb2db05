"""
PostgreSQL finds films and people by trigrams of their text, and so forgives small typing errors.
SQLite looks at each row. Films are searched far more often than written, so what is new goes into
the index at once: a list of what is pending would be read by every search.
"""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

COLUMNS = {
    "films_by_title": ("movies_movie", "title_folded"),
    "films_by_original_title": ("movies_movie", "original_title_folded"),
    "films_by_synopsis": ("movies_movie", "synopsis_folded"),
    "people_by_name": ("movies_person", "name_folded"),
}
ADD = [
    f"CREATE INDEX {name} ON {table} USING gin ({column} gin_trgm_ops) WITH (fastupdate = off)"
    for name, (table, column) in COLUMNS.items()
]
DROP = [f"DROP INDEX {name}" for name in COLUMNS]


def on_postgresql(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("movies", "0004_fold_what_is_there")]
    operations = [
        TrigramExtension(),
        migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP)),
    ]
