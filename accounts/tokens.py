"""JSON Web Tokens: the only module that knows simplejwt."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django_otp.plugins.otp_totp.models import TOTPDevice
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt import authentication
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken, Token
from rest_framework_simplejwt.utils import get_md5_hash_password

from .models import Role, User

# Of staff: that a code was typed when the session began.
WITH_CODE = "code"
# Of staff also whether they set up a second factor (second_factor.device_of): no statement more.
BY_ID = f"""
    SELECT person.*, role <> '{Role.CUSTOMER}' AND EXISTS (
        SELECT 1 FROM {TOTPDevice._meta.db_table} WHERE user_id = person.id AND confirmed
    ) AS has_second_factor
    FROM {User._meta.db_table} AS person WHERE id = %s
"""


class TokenNotValid(AuthenticationFailed):
    """The token is malformed, expired, or was ended."""

    default_code = "token_not_valid"
    default_detail = "The token is malformed, expired, or was ended."


class TokenOwner(SimpleLazyObject):
    """
    Whoever a token was given to. That somebody is signed in, the signature says already; for
    anything else the user is loaded, once, and TokenNotValid is raised if their sessions were
    ended meanwhile.
    """

    is_authenticated = True
    is_anonymous = False

    def __bool__(self):
        return True


class JWTAuthentication(authentication.JWTAuthentication):
    """
    `Authorization: Bearer …`; refusals have the shape of all our errors. Signature and expiry are
    checked at once, and the user when somebody asks for more of them than that they are signed in.
    """

    def authenticate(self, request):
        try:
            return super().authenticate(request)
        except (InvalidToken, AuthenticationFailed) as error:
            raise TokenNotValid from error

    def get_user(self, validated_token):
        return TokenOwner(partial(owner_of, validated_token))


class JWTScheme(SimpleJWTScheme):
    """How Swagger's Authorize button signs in."""

    target_class = "accounts.tokens.JWTAuthentication"


def owner_of(token: Token) -> User:
    """
    Whom `token` was given to. Raises TokenNotValid if they are not active, or have another
    password since: that is how all sessions end at once. So it is for a token that was given to
    staff without the second factor that they need, or have set up since.
    """
    # In SQL, since it comes before all that people do: the ORM takes thrice as long to ask for it.
    rows = User.objects.raw(BY_ID, [token.get(api_settings.USER_ID_CLAIM)])
    user = next(iter(rows), None)
    if not user or not user.is_active:
        raise TokenNotValid
    if not _is_of_password(token, user):
        raise TokenNotValid
    if user.is_staff and not token.get(WITH_CODE) and _is_asked_for_a_code(user):
        raise TokenNotValid
    return user


def _is_asked_for_a_code(user) -> bool:
    """As `second_factor.is_asked_of` says of staff, without asking the database once more."""
    return settings.STAFF_SECOND_FACTOR or bool(user.has_second_factor)


def _is_of_password(token: Token, user: User) -> bool:
    """Whether `user` has the same password as when `token` was made."""
    return token.get(api_settings.REVOKE_TOKEN_CLAIM) == get_md5_hash_password(user.password)


def tokens_for(user) -> dict[str, str]:
    """A new session of `user`: `access` for some minutes, `refresh` for some weeks."""
    return _pair(RefreshToken.for_user(user))


def verified_tokens_for(user) -> dict[str, str]:
    """The same for somebody who has shown a second factor."""
    refresh = RefreshToken.for_user(user)
    refresh[WITH_CODE] = True
    return _pair(refresh)


def tokens_like(token: Token, user) -> dict[str, str]:
    """A new session of `user`, who has shown as much as in the one that `token` belongs to."""
    return verified_tokens_for(user) if token.get(WITH_CODE) else tokens_for(user)


def _pair(refresh) -> dict[str, str]:
    return {"access": str(refresh.access_token), "refresh": str(refresh)}


@transaction.atomic
def rotate(refresh: str) -> dict[str, str]:
    """
    A new pair for a refresh token, which is dead from then on. Raises TokenNotValid.

    The token's row is locked, and looked at again: simplejwt alone would let the same token be used
    by several requests that arrive at once.
    """
    jti = _read(refresh)["jti"]
    OutstandingToken.objects.select_for_update(of=("self",)).filter(jti=jti).first()
    token = _read(refresh)
    user = owner_of(token)
    token.blacklist()
    return tokens_like(token, user)


def end_session(refresh: str):
    """Kill a refresh token. Raises TokenNotValid if it is not alive."""
    token = _read(refresh)
    owner_of(token)
    token.blacklist()


def _read(refresh: str) -> RefreshToken:
    try:
        return RefreshToken(refresh)
    except TokenError as error:
        raise TokenNotValid from error


def sessions_of(user) -> list[OutstandingToken]:
    """The sessions of `user` that can still be renewed."""
    rows = OutstandingToken.objects.filter(expires_at__gt=timezone.now(), blacklistedtoken=None)
    rows = rows.filter(user=user).order_by("created_at")
    return [row for row in rows if _is_of_password(RefreshToken(row.token, verify=False), user)]


def forget_sessions(user):
    """Remove what is on record of the sessions of `user`, who can have no others."""
    OutstandingToken.objects.filter(user=user).delete()
