"""What the API says about films."""

from django.utils.text import slugify
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from pictures.serializers import PictureField, picture_example

from .models import Credit, Genre, Movie, Person, Slide
from .saving import SavesWhatWasSent

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
    "rating": "4.33",
    "rating_count": 3,
}
DETAIL = SUMMARY | {
    "synopsis": "A keeper hears a voice on a frequency that was shut down forty years ago.",
    "backdrop": picture_example("backdrops"),
    "trailer_url": "",
    "credits": [
        {"person": {"id": 9, "name": "Jonna Brandt"}, "job": "director", "character": ""},
        {"person": {"id": 4, "name": "Emil Sorge"}, "job": "actor", "character": "Hinnerk"},
    ],
    "ratings": {"1": 0, "2": 0, "3": 0, "4": 2, "5": 1},
}
PERSON = {
    "id": 4,
    "name": "Emil Sorge",
    "portrait": picture_example("portraits"),
}
PERSON_DETAIL = PERSON | {
    "biography": "Born by the sea, where most of his films are set.",
    "films": [
        {
            "movie": {
                "id": 3,
                "title": "The Lighthouse Keeper's Radio",
                "duration_minutes": 118,
                "certificate": "FSK 12",
                "poster": SUMMARY["poster"],
                "release_date": "2026-11-05",
            },
            "job": "actor",
            "character": "Hinnerk",
        }
    ],
}
SLIDE = {
    "id": 1,
    "title": "Leuchtfeuer",
    "text": "From Thursday, with the director on Friday.",
    "image": picture_example("slides"),
    "movie": 3,
    "link": "",
    "position": 0,
    "shown_from": None,
    "shown_until": "2026-12-01T00:00:00Z",
    "active": True,
}
NEW_SLIDE = {name: SLIDE[name] for name in SLIDE if name not in ("id", "image")}


@extend_schema_serializer(
    examples=[OpenApiExample("A genre", {"id": 1, "name": "Drama", "slug": "drama"})]
)
class GenreSerializer(SavesWhatWasSent):
    """A kind of film. The slug is what addresses name; without one it is made from the name."""

    slug = serializers.SlugField(
        max_length=50,
        required=False,
        validators=[UniqueValidator(Genre.objects.all())],
    )

    class Meta:
        model = Genre
        fields = ["id", "name", "slug"]

    def validate(self, attrs):
        if self.instance is None and "slug" not in attrs:
            attrs["slug"] = self._slug_for(attrs["name"])
        return attrs

    def _slug_for(self, name):
        slug = slugify(name)
        if not slug or Genre.objects.filter(slug=slug).exists():
            raise serializers.ValidationError(
                {"slug": ["None can be made from this name: send one."]}, code="required"
            )
        return slug


@extend_schema_serializer(examples=[OpenApiExample("A film in a list", SUMMARY)])
class MovieSummarySerializer(serializers.ModelSerializer):
    """
    A film as lists show it. `now_showing` and `coming_soon` follow from timetable and date;
    `rating` is the average of `rating_count` reviews, from 1 to 5; null without any.
    """

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


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"type": "integer"},
        "description": "How many gave 1, 2, 3, 4 and 5.",
    }
)
class RatingsField(serializers.JSONField):
    """The distribution of what reviews gave."""


@extend_schema_serializer(examples=[OpenApiExample("A film", DETAIL)])
class MovieSerializer(MovieSummarySerializer):
    """A film with its people: directors and cast in the order of the credits."""

    backdrop = PictureField(allow_null=True, required=False)
    credits = CreditSerializer(many=True)
    ratings = RatingsField()

    class Meta:
        model = Movie
        fields = list(DETAIL)


class MovieTitleSerializer(serializers.ModelSerializer):
    """A film where something else is the subject."""

    poster = PictureField(allow_null=True, required=False)

    class Meta:
        model = Movie
        fields = ["id", "title", "duration_minutes", "certificate", "poster"]


class DatedMovieSerializer(MovieTitleSerializer):
    class Meta(MovieTitleSerializer.Meta):
        fields = [*MovieTitleSerializer.Meta.fields, "release_date"]


class FilmOfPersonSerializer(serializers.ModelSerializer):
    """What a person did for a film."""

    movie = DatedMovieSerializer()

    class Meta:
        model = Credit
        fields = ["movie", "job", "character"]


@extend_schema_serializer(examples=[OpenApiExample("A person in a list", PERSON)])
class PersonSummarySerializer(serializers.ModelSerializer):
    portrait = PictureField(allow_null=True, required=False)

    class Meta:
        model = Person
        fields = list(PERSON)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A new one",
            {"name": PERSON["name"], "biography": PERSON_DETAIL["biography"]},
            request_only=True,
        ),
        OpenApiExample("A person", PERSON_DETAIL, response_only=True),
    ]
)
class PersonSerializer(SavesWhatWasSent):
    """Somebody with the films that they made or played in, the newest first."""

    portrait = PictureField(allow_null=True, required=False)
    biography = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    films = serializers.SerializerMethodField()

    class Meta:
        model = Person
        fields = list(PERSON_DETAIL)

    @extend_schema_field(FilmOfPersonSerializer(many=True))
    def get_films(self, person):
        return FilmOfPersonSerializer(person.films(), many=True, context=self.context).data


@extend_schema_serializer(
    examples=[
        OpenApiExample("One for a film", NEW_SLIDE, request_only=True),
        OpenApiExample("A slide", SLIDE, response_only=True),
    ]
)
class SlideSerializer(SavesWhatWasSent):
    """A picture that leads to a film, to a link, or nowhere, and is shown for a while."""

    image = PictureField()
    movie = serializers.PrimaryKeyRelatedField(
        queryset=Movie.objects.all(),
        pk_field=serializers.IntegerField(),
        allow_null=True,
        required=False,
        help_text="A film's id.",
    )
    active = serializers.BooleanField(default=True)

    class Meta:
        model = Slide
        fields = list(SLIDE)

    def get_fields(self):
        """Its picture is demanded once: changes may come as JSON, which has none."""
        fields = super().get_fields()
        fields["image"].required = self.instance is None
        return fields

    def validate(self, attrs):
        slide = {name: getattr(self.instance, name, None) for name in SLIDE} | attrs
        begins, ends = slide["shown_from"], slide["shown_until"]
        if begins and ends and ends <= begins:
            raise serializers.ValidationError(
                {"shown_until": ["It must be after shown_from."]}, code="invalid"
            )
        if slide["movie"] and slide["link"]:
            raise serializers.ValidationError(
                {"link": ["A slide leads to a film or to a link, not to both."]}, code="invalid"
            )
        return attrs
