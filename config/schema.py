"""How the API describes itself: every operation with the errors that it can answer."""

from collections import defaultdict

from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from drf_standardized_errors.openapi import AutoSchema
from rest_framework import serializers


class Schema(AutoSchema):
    """
    Adds the errors that a view names: `raises = {"create": [SeatsTaken]}`, by action or method.

    Each status becomes a response with an example for each of its codes, made from the exception
    itself, so that the schema cannot say anything else than the code.
    """

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        if direction == "response":
            for status, errors in self._named_errors().items():
                bodies[str(status)] = self._get_response_for_code(_response(errors), str(status))
        return bodies

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

    def _should_add_parse_error_response(self):
        return self._has_body() and super()._should_add_parse_error_response()

    def _has_body(self) -> bool:
        if self.method == "DELETE":
            return hasattr(self.view, "body_of_delete")
        return self.method in ("POST", "PUT", "PATCH")

    def _named_errors(self):
        by_status = defaultdict(list)
        action = getattr(self.view, "action", None) or self.method.lower()
        for error in getattr(self.view, "raises", {}).get(action, []):
            by_status[error.status_code].append(error)
        return by_status


class ErrorSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Stable: programs may compare it.")
    detail = serializers.CharField(help_text="For people.")
    attr = serializers.CharField(allow_null=True, help_text="The field that is wrong, if one is.")


class ErrorResponseSerializer(serializers.Serializer):
    """The one shape of every error."""

    type = serializers.CharField(help_text="validation_error, client_error or server_error.")
    errors = ErrorSerializer(many=True)


def _response(errors) -> OpenApiResponse:
    return OpenApiResponse(
        ErrorResponseSerializer,
        description=" ".join(_sentence(error) for error in errors),
        examples=[_example(error) for error in errors],
    )


def _sentence(error) -> str:
    first = (error.__doc__ or "").strip().split("\n\n")[0]
    return f"`{error.default_code}`: {' '.join(first.split())}"


def _example(error) -> OpenApiExample:
    kind = "client_error" if error.status_code < 500 else "server_error"
    detail = str(error.default_detail)
    value = {"type": kind, "errors": [{"code": error.default_code, "detail": detail, "attr": None}]}
    return OpenApiExample(error.default_code, value)
