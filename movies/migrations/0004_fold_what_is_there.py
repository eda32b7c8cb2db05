"""Films and people from before there was a search get the columns that it looks in."""

from django.db import migrations

from movies.folding import folded

COLUMNS = {"Movie": ["title", "original_title", "synopsis"], "Person": ["name"]}


def fold(apps, schema_editor):
    for name, columns in COLUMNS.items():
        model = apps.get_model("movies", name)
        rows = []
        for row in model.objects.only(*columns).iterator():
            for column in columns:
                setattr(row, f"{column}_folded", folded(getattr(row, column)))
            rows.append(row)
        folds = [f"{column}_folded" for column in columns]
        model.objects.bulk_update(rows, folds, batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("movies", "0003_search_ratings_and_popularity")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
