"""What the API hears about films, from admins."""

import json

from django.db.models import BigIntegerField
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from pictures.serializers import PictureField

from .models import Credit, Genre, Movie, Person
from .saving import SavesWhatWasSent
from .serializers import DETAIL, MovieSerializer

WRITTEN = [
    *("title", "original_title", "synopsis", "genres", "release_date", "duration_minutes"),
    *("language", "certificate", "minimum_age", "poster", "backdrop", "trailer_url", "credits"),
]
SENT = {name: DETAIL[name] for name in WRITTEN if name not in ("poster", "backdrop")} | {
    "genres": [1],
    "credits": [
        {"person": 9, "job": "director"},
        {"person": 4, "job": "actor", "character": "Hinnerk"},
    ],
}
AN_ID = {"min_value": 1, "max_value": BigIntegerField.MAX_BIGINT}
UNKNOWN = "There is none with the id {}."


class NewCreditSerializer(serializers.Serializer):
    person = serializers.IntegerField(**AN_ID, help_text="Their id.")
    job = serializers.ChoiceField(choices=Credit.Job.choices)
    character = serializers.CharField(
        max_length=200, default="", allow_blank=True, help_text="Whom an actor plays."
    )


@extend_schema_field(NewCreditSerializer(many=True))
class CreditsField(serializers.Field):
    """
    A list of credits, each of them whole: also where a film is changed in parts. A form, which
    has no lists of objects, sends it as JSON.
    """

    def to_internal_value(self, data):
        if isinstance(data, str):
            data = _parsed(data)
        credits = NewCreditSerializer(data=data, many=True, max_length=1000)
        credits.is_valid(raise_exception=True)
        return credits.validated_data


@extend_schema_serializer(examples=[OpenApiExample("A film", SENT, request_only=True)])
class NewMovieSerializer(SavesWhatWasSent):
    """
    A film as admins write it, answered in full. `genres` are ids; `credits` are in the order in
    which they are shown, and replace those that were there.
    """

    genres = serializers.ListField(
        child=serializers.IntegerField(**AN_ID), required=False, max_length=50, help_text="Ids."
    )
    credits = CreditsField(required=False)
    poster = PictureField(allow_null=True, required=False)
    backdrop = PictureField(allow_null=True, required=False)

    class Meta:
        model = Movie
        fields = WRITTEN

    def validate_genres(self, ids):
        unknown = set(ids) - _there(Genre, ids)
        if unknown:
            raise serializers.ValidationError(UNKNOWN.format(min(unknown)), code="does_not_exist")
        return ids

    def validate_credits(self, credits):
        there = _there(Person, [credit["person"] for credit in credits])
        seen, errors = set(), []
        for credit in credits:
            errors.append(_wrong_with(credit, there, seen))
            seen.add(tuple(credit.values()))
        if any(errors):
            raise serializers.ValidationError(errors)
        return credits

    def create(self, validated_data):
        lists = _lists_in(validated_data)
        return _with_lists(super().create(validated_data), **lists)

    def update(self, movie, validated_data):
        lists = _lists_in(validated_data)
        return _with_lists(super().update(movie, validated_data), **lists)

    def to_representation(self, movie):
        movie = get_object_or_404(Movie.objects.with_when().with_details(), pk=movie.pk)
        return MovieSerializer(movie, context=self.context).data


def _parsed(text: str):
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise serializers.ValidationError("A list of credits, as JSON.", code="invalid") from error


def _lists_in(data: dict) -> dict:
    """Take what is written into other tables out of `data`."""
    return {name: data.pop(name) for name in ("genres", "credits") if name in data}


def _with_lists(movie, *, genres=None, credits=None) -> Movie:
    if genres is not None:
        movie.genres.set(genres)
    if credits is not None:
        movie.replace_credits(credits)
    return movie


def _there(model, ids) -> set[int]:
    """Those of `ids` that exist."""
    return set(model.objects.filter(pk__in=ids).order_by().values_list("pk", flat=True))


def _wrong_with(credit, there, seen) -> dict:
    if credit["person"] not in there:
        return {"person": [ErrorDetail(UNKNOWN.format(credit["person"]), "does_not_exist")]}
    if tuple(credit.values()) in seen:
        return {"person": [ErrorDetail("They are named twice for the same.", "repeated")]}
    return {}
