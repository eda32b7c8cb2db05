"""How pictures come in over the API."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.settings import api_settings

from .serializers import PictureField


class WithPictures:
    """For rows that have pictures: these come as multipart/form-data, all else as JSON as well."""

    parser_classes = [*api_settings.DEFAULT_PARSER_CLASSES, MultiPartParser]

    def get_ready(self, request):
        """Convert the pictures that were sent: slow, so before a transaction is open."""
        for name, field in self.get_serializer().fields.items():
            if isinstance(field, PictureField) and name in request.FILES:
                kept_as = field.parent.Meta.model._meta.get_field(field.source)
                # What is wrong with it, the field says when the whole of the input is looked at.
                with suppress(ValidationError):
                    kept_as.prepare(request.FILES[name])
