"""Films that were reviewed before films had ratings get theirs."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import migrations


def sum_up(apps, schema_editor):
    given = {}
    for movie, rating in apps.get_model("reviews", "Review").objects.values_list("movie", "rating"):
        given.setdefault(movie, []).append(rating)
    movies = apps.get_model("movies", "Movie").objects
    for movie, ratings in given.items():
        average = Decimal(sum(ratings)) / len(ratings)
        movies.filter(pk=movie).update(
            rating=average.quantize(Decimal("0.01"), ROUND_HALF_UP),
            rating_count=len(ratings),
            ratings={str(rating): ratings.count(rating) for rating in range(1, 6)},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0002_hidden_reviews"),
        ("movies", "0005_search_with_trigrams"),
    ]
    operations = [migrations.RunPython(sum_up, migrations.RunPython.noop)]
