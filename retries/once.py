"""`Idempotency-Key`: the same request with the same key is done once, and answered the same."""

import json
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from hashlib import sha256

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from .models import KeptAnswer

HEADER = "Idempotency-Key"
LONGEST = 255
PARAMETER = OpenApiParameter(
    HEADER,
    location=OpenApiParameter.HEADER,
    description=(
        "A key of your own for this attempt, such as a UUID: at most 255 visible ASCII characters. "
        "Sent again with the same body within 24 hours it gets the first answer, and nothing is "
        "done twice; a refused attempt leaves the key free."
    ),
)


class KeyUsedAgain(APIException):
    """The `Idempotency-Key` was used for something else: another path or another body."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_used_again"
    default_detail = "This Idempotency-Key was used for another request. Make a new one."


def once(create):
    """
    Let the view method `create` take an `Idempotency-Key`. What it does and the keeping of its
    answer are one transaction, so it must not speak to anybody but the database.
    """
    return _with_key(create, transaction.atomic)


def once_by_itself(create):
    """
    The same for a `create` that speaks to others, and does no harm when it runs twice: its answer
    is kept when it is done.
    """
    return _with_key(create, nullcontext)


def _with_key(create, whole: type[AbstractContextManager]):
    @wraps(create)
    def run(view, request, *args, **kwargs):
        if HEADER not in request.headers:
            return create(view, request, *args, **kwargs)
        keeper = Keeper(request)
        if answer := keeper.find():
            return answer
        try:
            with whole():
                return keeper.keep(create(view, request, *args, **kwargs))
        except (APIException, IntegrityError):
            # Perhaps the same request arrived at the same moment, and was first.
            if answer := keeper.find():
                return answer
            raise

    run.raises = [KeyUsedAgain]
    return extend_schema(parameters=[PARAMETER])(run)


class Keeper:
    """Finds and keeps the answer to one request. Raises ValidationError for a malformed key."""

    def __init__(self, request):
        self.key = request.headers[HEADER]
        if not (0 < len(self.key) <= LONGEST and self.key.isascii() and self.key.isprintable()):
            raise ValidationError(
                {HEADER: ["At most 255 visible ASCII characters."]}, code="invalid"
            )
        self.caller = str(request.user.pk) if request.user.is_authenticated else ""
        self.fingerprint = fingerprint(request)

    def find(self) -> Response | None:
        """The first answer. Raises KeyUsedAgain if it was to something else."""
        kept = KeptAnswer.objects.filter(caller=self.caller, key=self.key).first()
        if kept is None:
            return None
        if kept.has_lapsed:
            KeptAnswer.objects.filter(pk=kept.pk).delete()
            return None
        if kept.fingerprint != self.fingerprint:
            raise KeyUsedAgain
        return Response(
            json.loads(kept.body), status=kept.status, headers={"Idempotency-Replayed": "true"}
        )

    def keep(self, response: Response) -> Response:
        """Keep `response`, and pass it on. Raises IntegrityError if somebody was first."""
        KeptAnswer.objects.create(
            caller=self.caller,
            key=self.key,
            fingerprint=self.fingerprint,
            status=response.status_code,
            body=JSONRenderer().render(response.data).decode(),
        )
        return response


def fingerprint(request) -> str:
    """What makes two requests the same: method, path, query and body, however it is spaced."""
    said = [request.method, request.get_full_path(), _plain(request.data)]
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _plain(data):
    if not hasattr(data, "lists"):
        return data
    return {name: [_content(value) for value in values] for name, values in data.lists()}


def _content(value):
    if not isinstance(value, UploadedFile):
        return value
    digest = sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()
