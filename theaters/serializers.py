"""What the API says about places."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from pictures.serializers import PictureField, picture_example

from .models import Screen, Theater

SUMMARY = {
    "id": 1,
    "name": "Lux",
    "slug": "lux",
    "address": "Kantstr. 12",
    "city": "Berlin",
    "postal_code": "10623",
    "country": "DE",
    "latitude": "52.505600",
    "longitude": "13.323100",
    "timezone": "Europe/Berlin",
    "currency": "EUR",
    "image": picture_example("theaters"),
    "amenities": ["Bar", "Step-free access"],
}
DETAIL = SUMMARY | {
    "phone": "+49 30 5550101",
    "email": "hello@lux.example",
    "booking_fee": "1.000",
    "tax_rate": "19.000",
    "prices_include_tax": True,
    "cancellation_cutoff_minutes": 60,
    "cancellation_refund_percent": "100.00",
    "screens": [{"id": 1, "name": "Screen 1", "kind": "imax"}],
}


class ScreenSerializer(serializers.ModelSerializer):
    class Meta:
        model = Screen
        fields = ["id", "name", "kind"]


@extend_schema_serializer(examples=[OpenApiExample("A theater in a list", SUMMARY)])
class TheaterSummarySerializer(serializers.ModelSerializer):
    image = PictureField(allow_null=True, required=False)
    amenities = serializers.SlugRelatedField("name", many=True, read_only=True)

    class Meta:
        model = Theater
        fields = list(SUMMARY)


@extend_schema_serializer(examples=[OpenApiExample("A theater", DETAIL)])
class TheaterSerializer(TheaterSummarySerializer):
    """A theater with its screens, its fee for each ticket and its rule for cancelling."""

    screens = ScreenSerializer(many=True)

    class Meta:
        model = Theater
        fields = list(DETAIL)


class TheaterNameSerializer(serializers.ModelSerializer):
    """A theater where something else is the subject."""

    class Meta:
        model = Theater
        fields = ["id", "name", "city", "timezone", "currency"]
