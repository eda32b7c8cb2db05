"""What the API says about films."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from pictures.serializers import PictureField, picture_example

from .models import Credit, Genre, Movie, Slide

SUMMARY = {
    "id": 3,
    "title": "The Lighthouse Keeper's Radio",
    "original_title": "Leuchtfeuer",
    "genres": [{"id": 1, "name": "Drama", "slug": "drama"}],
    "release_date": "2026-11-05",
    "duration_minutes": 118,
    "language": "de",
    "certificate": "FSK 12",
    "minimum_age": 12,
    "poster": picture_example("posters"),
    "now_showing": True,
    "coming_soon": False,
}
DETAIL = SUMMARY | {
    "synopsis": "A keeper hears a voice on a frequency that was shut down forty years ago.",
    "backdrop": picture_example("backdrops"),
    "trailer_url": "",
    "credits": [
        {"person": {"id": 9, "name": "Jonna Brandt"}, "job": "director", "character": ""},
        {"person": {"id": 4, "name": "Emil Sorge"}, "job": "actor", "character": "Hinnerk"},
    ],
}


class GenreSerializer(serializers.ModelSerializer):
    class Meta:
        model = Genre
        fields = ["id", "name", "slug"]


@extend_schema_serializer(examples=[OpenApiExample("A film in a list", SUMMARY)])
class MovieSummarySerializer(serializers.ModelSerializer):
    """A film as lists show it. `now_showing` and `coming_soon` follow from timetable and date."""

    genres = GenreSerializer(many=True)
    poster = PictureField(allow_null=True, required=False)
    now_showing = serializers.BooleanField()
    coming_soon = serializers.BooleanField()

    class Meta:
        model = Movie
        fields = list(SUMMARY)


class CreditSerializer(serializers.ModelSerializer):
    class CreditedPerson(serializers.Serializer):
        id = serializers.IntegerField()
        name = serializers.CharField()

    person = CreditedPerson()

    class Meta:
        model = Credit
        fields = ["person", "job", "character"]


@extend_schema_serializer(examples=[OpenApiExample("A film", DETAIL)])
class MovieSerializer(MovieSummarySerializer):
    """A film with its people: directors and cast in the order of the credits."""

    backdrop = PictureField(allow_null=True, required=False)
    credits = CreditSerializer(many=True)

    class Meta:
        model = Movie
        fields = list(DETAIL)


class MovieTitleSerializer(serializers.ModelSerializer):
    """A film where something else is the subject."""

    poster = PictureField(allow_null=True, required=False)

    class Meta:
        model = Movie
        fields = ["id", "title", "duration_minutes", "certificate", "poster"]


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A slide",
            {
                "id": 1,
                "title": "Leuchtfeuer",
                "text": "From Thursday, with the director on Friday.",
                "image": picture_example("slides"),
                "movie": 3,
                "link": "",
            },
        )
    ]
)
class SlideSerializer(serializers.ModelSerializer):
    image = PictureField()

    class Meta:
        model = Slide
        fields = ["id", "title", "text", "image", "movie", "link"]
