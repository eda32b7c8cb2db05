"""How the API describes itself: every operation with the errors that it can answer."""

from collections import defaultdict
from functools import cache

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from drf_standardized_errors.openapi import AutoSchema
from rest_framework import serializers

from .errors import DatabaseUnavailable

BODIES = ("POST", "PUT", "PATCH")
IN_THE_PATH = {
    "id": "Its id.",
    "reference": "A booking's reference, in capitals or not.",
    "code": "A ticket's code.",
    "number": "An invoice's number.",
}

ANSWERS = {
    "200": "Here it is.",
    "201": "Made.",
    "202": "Heard; it will be seen to.",
    "204": "Done; there is nothing to say.",
    "304": "What you have is still so.",
    "400": "The input is wrong; `attr` names the field, if one is.",
    "401": "Who are you?",
    "403": "Your role may not.",
    "404": "Not there, or not yours.",
    "405": "Not with this method.",
    "406": "Not as any type that `Accept` names.",
    "413": "The body is too long.",
    "415": "The body is of another type than those that are read here.",
    "429": "Too often; see `Retry-After`.",
}


def _example(status: int, code: str, detail: str, *, attr: str | None = None) -> OpenApiExample:
    kind = "server_error" if status >= 500 else "validation_error" if attr else "client_error"
    value = {"type": kind, "errors": [{"code": code, "detail": detail, "attr": attr}]}
    return OpenApiExample(code, value, status_codes=[str(status)])


EXAMPLES = [
    _example(400, "invalid", "Enter a whole number.", attr="showtime"),
    _example(401, "not_authenticated", "Authentication credentials were not provided."),
    _example(401, "token_not_valid", "The token is malformed, expired, or was ended."),
    _example(403, "permission_denied", "You do not have permission to perform this action."),
    _example(404, "not_found", "Not found."),
    _example(405, "method_not_allowed", 'Method "PUT" not allowed.'),
    _example(406, "not_acceptable", "Could not satisfy the request Accept header."),
    _example(413, "body_too_large", "The body of a request may be 1 MiB long at most."),
    _example(415, "unsupported_media_type", 'Unsupported media type "text/plain" in request.'),
    _example(429, "throttled", "Request was throttled. Expected available in 30 seconds."),
]
PARSE_ERROR = _example(400, "parse_error", "JSON parse error - Expecting value: line 1 column 1")


def _header(name: str, description: str, *, response) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        description=description,
        response=response,
    )


ALWAYS = [
    _header("Retry-After", "Seconds after which to try again.", response=[429, 503]),
    _header("WWW-Authenticate", "How to sign in: `Bearer`.", response=[401]),
]
KEPT = [
    _header("ETag", "Changes when the answer does.", response=[200, 304]),
    _header("Cache-Control", "Who may keep the answer, and for how long.", response=[200, 304]),
    _header("If-None-Match", "The `ETag` of what you have: 304 if it is still so.", response=False),
]


class Schema(AutoSchema):
    """
    Adds what a view says of itself.

    `raises = {"create": [SeatsTaken]}`, by action or method: each status becomes a response with an
    example for each of its codes, made from the exception itself, so that the schema cannot say
    anything else than the code. `kept_for`: the answer has an ETag and may be a 304. A parameter
    `Access-Key`: the operation is open to whoever has the key. The tag is the app.
    """

    def get_tags(self):
        return [self.view.__module__.split(".")[0]]

    def get_operation_id(self):
        """`movies_list`, `bookings_create`; where there is only a POST, its word: `auth_login`."""
        name = super().get_operation_id()
        methods = getattr(self.view, "action_map", None) or dir(self.view)
        only_post = self.method == "POST" and "get" not in methods
        return name.removesuffix("_create") if only_post else name

    def get_auth(self):
        auth = super().get_auth()
        if any(one["name"] == "Access-Key" for one in self._get_parameters()):
            return [one for one in auth if one] + [{"accessKey": []}]
        return auth

    def get_override_parameters(self):
        return super().get_override_parameters() + ALWAYS + (KEPT if self._is_kept() else [])

    def _is_kept(self) -> bool:
        return self.method == "GET" and getattr(self.view, "kept_for", None) is not None

    def _resolve_path_parameters(self, variables):
        parameters = super()._resolve_path_parameters(variables)
        for one in parameters:
            one["description"] = IN_THE_PATH.get(one["name"], one.get("description", ""))
        return parameters

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        if direction == "response":
            for status, errors in self._named_errors().items():
                bodies[str(status)] = self._get_response_for_code(_response(errors), str(status))
            if self._is_kept():
                bodies["304"] = self._get_response_for_code(None, "304")
            for status, body in bodies.items():
                if body["description"] in ("", "No response body"):
                    body["description"] = ANSWERS.get(status, "")
        return dict(sorted(bodies.items()))

    def _get_request_body(self, direction="request"):
        """Also that of a DELETE whose view has a `body_of_delete`."""
        if self.method != "DELETE" or not self._has_body():
            return super()._get_request_body(direction)
        self.method = "POST"
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = "DELETE"

    def _should_add_error_response(self, responses, status_code):
        if status_code in ("413", "415") and not self._has_body():
            return False
        return super()._should_add_error_response(responses, status_code)

    def _should_add_validation_error_response(self):
        return any(one["in"] == "query" for one in self._get_parameters())

    def _should_add_parse_error_response(self):
        return self._has_body()

    def _should_add_http404_error_response(self):
        places = {one["in"] for one in self._get_parameters()}
        return "path" in places or (self._is_list_view() and self._get_paginator() is not None)

    def _get_error_response_examples(self):
        named = {str(status) for status in self._named_errors()}
        examples = EXAMPLES + [PARSE_ERROR] * self._has_body()
        return [one for one in examples if not named & set(one.status_codes)]

    def _has_body(self) -> bool:
        if self.method == "DELETE":
            return hasattr(self.view, "body_of_delete")
        return self.method in BODIES

    def _named_errors(self):
        by_status = defaultdict(list)
        action = getattr(self.view, "action", None) or self.method.lower()
        method = getattr(self.view, action, None)
        named = getattr(self.view, "raises", {}).get(action, [])
        for error in [*named, *getattr(method, "raises", []), DatabaseUnavailable]:
            by_status[error.status_code].append(error)
        return by_status


ERROR_TYPES = ["validation_error", "client_error", "server_error"]


class ErrorSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Stable: programs may compare it.")
    detail = serializers.CharField(help_text="For people.")
    attr = serializers.CharField(allow_null=True, help_text="The field that is wrong, if one is.")


class ErrorResponseSerializer(serializers.Serializer):
    """The one shape of every error."""

    type = serializers.ChoiceField(
        choices=ERROR_TYPES, help_text="Whose fault: a field's, the request's, or ours."
    )
    errors = ErrorSerializer(many=True)


def _response(errors) -> OpenApiResponse:
    return OpenApiResponse(
        ErrorResponseSerializer,
        description=" ".join(_sentence(error) for error in errors),
        examples=[
            _example(error.status_code, error.default_code, str(error.default_detail))
            for error in errors
        ],
    )


def _sentence(error) -> str:
    first = (error.__doc__ or "").strip().split("\n\n")[0]
    return f"`{error.default_code}`: {' '.join(first.split())}"


class MadeOnce(SchemaGenerator):
    """Makes the schema once for each process: half a second's work, the same for everybody."""

    def get_schema(self, request=None, public=False):
        return _schema()


@cache
def _schema() -> dict:
    return SchemaGenerator().get_schema(public=True)
