"""
The second factor of staff: a code from an app on their phone (TOTP, RFC 6238), or one of the
recovery codes that they were shown when they set it up. django-otp keeps both, makes a code work
once, and hears nobody for a while after wrong ones.
"""

import math
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework import status
from rest_framework.exceptions import APIException, AuthenticationFailed

from history.remembering import tell

from . import emails
from .models import User
from .throttles import Limit, TooManyTries, address_of, failures_counted

RECOVERY_CODES = 10
# Where a session keeps what it has begun to set up, and for how long that is kept.
BEGUN = "second_factor_begun"
FORGOTTEN = timedelta(days=1)
# How an entry of the history calls it.
NAME = "second factor"


class CodeNeeded(AuthenticationFailed):
    """The password is right. Send it again with `code`, from the app or a recovery code."""

    default_code = "code_needed"
    default_detail = "A code from your app, or a recovery code, is needed as well."


class WrongCode(AuthenticationFailed):
    """The code is wrong, too old, or was used already."""

    default_code = "wrong_code"
    default_detail = "That code is wrong, too old, or was used already. Each works once."


class NoSecondFactor(APIException):
    """Staff sign in with a second factor here, and this person has not set one up yet."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "second_factor_missing"
    default_detail = "Staff need a second factor here. Sign in to the admin once to set it up."


def device_of(user) -> TOTPDevice | None:
    """What `user` set up and confirmed."""
    return TOTPDevice.objects.filter(user=user.pk, confirmed=True).first()


def is_asked_of(user) -> bool:
    """Whether `user` needs more than a password: staff who set it up, or all where that is so."""
    return user.is_staff and (settings.STAFF_SECOND_FACTOR or device_of(user) is not None)


def check_code(request, user, typed: str):
    """
    The device of `user` that knows the code `typed`, which is used up by that. Raises
    NoSecondFactor, CodeNeeded, WrongCode, and TooManyTries after too many wrong ones.
    """
    device, code = device_of(user), "".join(typed.split()).replace("-", "").lower()
    if device is None:
        raise NoSecondFactor
    if not code:
        raise CodeNeeded
    if not _comes_from_app(code):
        device = StaticDevice.objects.filter(user=user, confirmed=True).first()
    return _verified(request, user, device, code)


def begin(session, user) -> TOTPDevice:
    """
    What is to be confirmed with a code before it counts; the same until then, in this `session`
    only: whoever else knows the password never sees the key that `user` will scan.
    """
    waiting = TOTPDevice.objects.filter(user=user, confirmed=False)
    device = waiting.filter(pk=session.get(BEGUN)).first()
    if device is None:
        waiting.filter(created_at__lt=timezone.now() - FORGOTTEN).delete()
        device = TOTPDevice.objects.create(user=user, name="app", confirmed=False)
        session[BEGUN] = device.pk
    return device


def confirm(request, user, device: TOTPDevice, typed: str) -> tuple[TOTPDevice, list[str]]:
    """
    From here on `device`, that of `begin`, is the second factor of `user`, and no other: it and new
    recovery codes. Raises what `check_code` raises.
    """
    code = "".join(typed.split())
    device = _verified(request, user, device, code if _comes_from_app(code) else "")
    with transaction.atomic():
        # Of two who confirm at once, the second finds what it began with gone.
        User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()
        if not TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True):
            raise WrongCode
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.confirmed = True
        tell(user, **{NAME: [None, "set up"]})
        emails.second_factor_was_changed(user)
        return device, _new_codes(user)


def new_recovery_codes(user) -> list[str]:
    """Other recovery codes: those of before are worth nothing any more."""
    with transaction.atomic():
        tell(user, **{"recovery codes": None})
        return _new_codes(user)


def recovery_codes_left(user) -> int:
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


@transaction.atomic
def take_away(user) -> bool:
    """From somebody who lost it: no session is verified any more. Whether there was one."""
    gone = forget_devices(user)
    if gone:
        tell(user, **{NAME: ["set up", None]})
        emails.second_factor_was_changed(user)
    return gone


def forget_devices(user) -> bool:
    """Remove what `user` set up, or began to. Whether there was anything."""
    gone, _ = TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    return bool(gone)


def _verified(request, user, device, code):
    _check_it_listens(device)
    with failures_counted(*_limits(request, user)):
        if not (code and device and verify_token(user, device.persistent_id, code)):
            raise WrongCode
    return device


def _check_it_listens(device):
    """After wrong codes a device hears nobody for 1, 2, 4 … seconds: then say so."""
    listens, why_not = device.verify_is_allowed() if device else (True, None)
    if not listens:
        wait = (why_not["locked_until"] - timezone.now()).total_seconds()
        raise TooManyTries(wait=max(math.ceil(wait), 1))


def _limits(request, user) -> list[Limit]:
    return [Limit("code_account", str(user.pk)), Limit("login_address", address_of(request))]


def _comes_from_app(code: str) -> bool:
    return len(code) == 6 and code.isascii() and code.isdigit()


def _new_codes(user) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    tokens = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=one) for one in tokens)
    return [f"{token[:4]}-{token[4:]}" for token in tokens]
