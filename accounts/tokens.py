"""JSON Web Tokens: the only module that knows simplejwt."""

from django.db import transaction
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.serializers import TokenRefreshSerializer
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken

__all__ = ["InvalidToken", "JWTAuthentication", "end_session", "rotate", "tokens_for"]


def tokens_for(user) -> dict[str, str]:
    """A new session of `user`: `access` for some minutes, `refresh` for some weeks."""
    refresh = RefreshToken.for_user(user)
    return {"access": str(refresh.access_token), "refresh": str(refresh)}


@transaction.atomic
def rotate(refresh: str) -> dict[str, str]:
    """
    A new pair for a refresh token, which is dead from then on. Raises InvalidToken.

    The token's row is locked: simplejwt alone would let the same token be used by several requests
    that arrive at once.
    """
    try:
        jti = RefreshToken(refresh)["jti"]
        OutstandingToken.objects.select_for_update().filter(jti=jti).first()
        return TokenRefreshSerializer().validate({"refresh": refresh})
    except TokenError as error:
        raise InvalidToken(error.args[0]) from error


def end_session(refresh: str):
    """Kill a refresh token. Raises InvalidToken if it is not alive."""
    try:
        RefreshToken(refresh).blacklist()
    except TokenError as error:
        raise InvalidToken(error.args[0]) from error
