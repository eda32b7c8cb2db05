"""How the API shows and takes pictures."""

from django.core.exceptions import ValidationError
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from .images import ERRORS


def picture_example(folder: str) -> dict[str, str]:
    """What examples in the schema show for a picture of `folder`, as in posters."""
    stem = f"http://127.0.0.1:8000/media/{folder}/5d0c1b6f3a7e4c8f9b2a6d4e8c1f7a93"
    return {"small": f"{stem}-small.webp", "medium": f"{stem}-medium.webp", "large": f"{stem}.webp"}


class PictureSerializer(serializers.Serializer):
    """The addresses of one picture in three sizes. They change when the picture does."""

    small = serializers.URLField()
    medium = serializers.URLField()
    large = serializers.URLField()


class PictureField(serializers.FileField):
    """
    A `pictures.fields.PictureField` of the ModelSerializer's model. Shown as `{small, medium,
    large}` or null; taken as a file in multipart/form-data, or null (an empty text in a form) to
    remove it, which needs `allow_null`.
    """

    default_error_messages = ERRORS

    def run_validation(self, data=serializers.empty):
        return super().run_validation(None if isinstance(data, str) and not data else data)

    def to_internal_value(self, data):
        file = super().to_internal_value(data)
        field = self.parent.Meta.model._meta.get_field(self.source)
        try:
            return field.prepare(file)
        except ValidationError as error:
            return self.fail(error.code)

    def to_representation(self, value):
        if not value:
            return None
        request = self.context.get("request")
        absolute = request.build_absolute_uri if request else str
        return {size: absolute(url) for size, url in value.urls.items()}


class PictureFieldSchema(OpenApiSerializerFieldExtension):
    """Tells the schema that a picture goes in as a file and comes out as three addresses."""

    target_class = PictureField

    def map_serializer_field(self, auto_schema, direction):
        if direction == "request":
            return {"type": "string", "format": "binary"}
        return auto_schema.resolve_serializer(PictureSerializer, direction).ref
