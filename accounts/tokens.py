"""JSON Web Tokens: the only module that knows simplejwt."""

from django.db import transaction
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt import authentication
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.serializers import TokenRefreshSerializer
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken

from .models import User


class TokenNotValid(AuthenticationFailed):
    """The token is malformed, expired, or was ended."""

    default_code = "token_not_valid"
    default_detail = "The token is malformed, expired, or was ended."


class JWTAuthentication(authentication.JWTAuthentication):
    """`Authorization: Bearer …`; refusals have the shape of all our errors."""

    def authenticate(self, request):
        try:
            return super().authenticate(request)
        except (InvalidToken, AuthenticationFailed) as error:
            raise TokenNotValid from error


class JWTScheme(SimpleJWTScheme):
    """How Swagger's Authorize button signs in."""

    target_class = "accounts.tokens.JWTAuthentication"


def tokens_for(user) -> dict[str, str]:
    """A new session of `user`: `access` for some minutes, `refresh` for some weeks."""
    refresh = RefreshToken.for_user(user)
    return {"access": str(refresh.access_token), "refresh": str(refresh)}


@transaction.atomic
def rotate(refresh: str) -> dict[str, str]:
    """
    A new pair for a refresh token, which is dead from then on. Raises TokenNotValid.

    The token's row is locked: simplejwt alone would let the same token be used by several requests
    that arrive at once.
    """
    try:
        jti = RefreshToken(refresh)["jti"]
        OutstandingToken.objects.select_for_update(of=("self",)).filter(jti=jti).first()
        return TokenRefreshSerializer().validate({"refresh": refresh})
    except (TokenError, AuthenticationFailed, User.DoesNotExist) as error:
        raise TokenNotValid from error


def end_session(refresh: str):
    """Kill a refresh token. Raises TokenNotValid if it is not alive."""
    try:
        RefreshToken(refresh).blacklist()
    except (TokenError, AuthenticationFailed, User.DoesNotExist) as error:
        raise TokenNotValid from error
