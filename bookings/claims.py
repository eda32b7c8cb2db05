"""Claiming: bookings that somebody made as a guest become those of their account."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from rest_framework import status
from rest_framework.exceptions import APIException

from showtimes.contention import tried_twice

from .models import Booking


class EmailNotConfirmed(APIException):
    """Nobody has shown yet that they read the account's e-mail address; the detail says how."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "email_not_confirmed"
    default_detail = (
        "Confirm your e-mail address first: follow the link that we sent to it, or have it sent "
        "again with POST /api/auth/email/confirm/resend/."
    )


class AlreadyClaimed(APIException):
    """The booking belongs to another account."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "already_claimed"
    default_detail = "This booking belongs to another account already."


def claim_all(user) -> list[str]:
    """
    Make what guests booked with the address of `user` theirs. Answers the references, the newest
    first. Raises EmailNotConfirmed, Busy.
    """
    if not user.email:
        raise EmailNotConfirmed("Your account has no e-mail address. PATCH /api/auth/me/ sets one.")
    if not user.email_confirmed:
        raise EmailNotConfirmed
    return _claim(Booking.objects.made_as_guest(user.email), user)


def claim_with_key(user, *, reference: str, access_key: str) -> list[str]:
    """
    Make a guest's booking that `access_key` opens that of `user`, whatever its address: whoever has
    the key owns it. Answers its reference, also when it is theirs already. Raises Http404,
    AlreadyClaimed, Busy.
    """
    opened = Booking.objects.filter(reference=reference.upper(), access_key=access_key)
    booking = get_object_or_404(opened)
    if not _claim(opened, user) and not opened.filter(user=user).exists():
        raise AlreadyClaimed
    return [booking.reference]


@tried_twice
@transaction.atomic
def _claim(bookings, user) -> list[str]:
    """Of `bookings`, those of no account become those of `user`. Answers which. Raises Busy."""
    free = bookings.filter(user=None).select_for_update(no_key=True).order_by("-created_at", "pk")
    references = list(free.values_list("reference", flat=True))
    Booking.objects.filter(reference__in=references).update(user=user)
    return references
