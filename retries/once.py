"""`Idempotency-Key`: the same request with the same key is done once, and answered the same."""

import json
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from hashlib import sha256

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from .models import KeptAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
# What guests show for a booking. Who shows another, or none, is somebody else.
SHOWN_BY_GUESTS = "Access-Key"
LONGEST = 255
# Of those who are not signed in: the key alone says whose answer it is, so nobody may guess it. A
# UUID has 36 (32 without hyphens), a ULID 26, a nanoid 21.
SHORTEST_OF_GUESTS = 20
PARAMETER = OpenApiParameter(
    HEADER,
    location=OpenApiParameter.HEADER,
    description=(
        "A key of your own for this attempt, such as a UUID: at most 255 visible ASCII characters, "
        "and, unless you are signed in, at least 20 that nobody can guess. Sent again with the "
        "same body within 24 hours it gets the first answer, and nothing is done twice; a refused "
        "attempt leaves the key free."
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
    answer are one transaction, so it must not speak to anybody but the database. What is slow and
    changes nothing, the view does in `get_ready(request)`, before the transaction.
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
        if hasattr(view, "get_ready"):
            view.get_ready(request)
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


def is_replay(answer: Response) -> bool:
    """Whether `answer` was given before, to the same request."""
    return answer.has_header(REPLAYED)


class Keeper:
    """Finds and keeps the answer to one request. Raises ValidationError for a malformed key."""

    def __init__(self, request):
        self.key = request.headers[HEADER]
        self.caller = caller_of(request)
        self._check_key(guest=not request.user.is_authenticated)
        self.fingerprint = fingerprint(request)

    def _check_key(self, *, guest):
        if not (0 < len(self.key) <= LONGEST and self.key.isascii() and self.key.isprintable()):
            raise ValidationError(
                {HEADER: ["At most 255 visible ASCII characters."]}, code="invalid"
            )
        if guest and len(self.key) < SHORTEST_OF_GUESTS:
            message = "At least 20 characters that nobody can guess, such as a UUID, or sign in."
            raise ValidationError({HEADER: [message]}, code="too_easy_to_guess")

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
        return Response(json.loads(kept.body), status=kept.status, headers={REPLAYED: "true"})

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


def caller_of(request) -> str:
    """Whose keys those of `request` are: the account's, those of an access key, or the guests'."""
    if request.user.is_authenticated:
        return str(request.user.pk)
    shown = request.headers.get(SHOWN_BY_GUESTS)
    return f"key {sha256(shown.encode()).hexdigest()[:32]}" if shown else ""


def fingerprint(request) -> str:
    """
    What makes two requests the same: method, path, query and body, however it is spaced. Bodies
    have passwords in them, which nobody who reads the table shall be able to try out.
    """
    said = [request.method, request.get_full_path(), _plain(request.data)]
    text = json.dumps(said, sort_keys=True, default=str)
    return salted_hmac("retries.once", text, algorithm="sha256").hexdigest()


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
