"""Changing a password: by those who know the old one, and by those who read their mail."""

import logging

from django.db import transaction

from history.doers import shown_to_be

from . import emails
from .models import ResetRequest, User
from .throttles import Limit, TooManyTries, take
from .tokens import tokens_for, tokens_like

log = logging.getLogger(__name__)


@transaction.atomic
def change_password(user, new: str, *, session) -> dict[str, str]:
    """
    Set a password that was checked against the validators. All sessions end; the answer is a new
    one, with a second factor if `session`, the token that asks, has one. Raises PasswordHasChanged.
    """
    _change(user, new)
    return tokens_like(session, user)


def _change(user, new: str):
    user.change_password(new)
    emails.password_was_changed(user)


def ask_for_reset(email: str):
    """
    Have a link sent to whoever has this address, if anybody. Does the same for every address, and
    does nothing, without a word, for one that was asked for too often.
    """
    try:
        take(Limit("reset_email", email.lower()))
    except TooManyTries:
        return
    ResetRequest.objects.create(email=email)


def write_reset_mails() -> int:
    """Write the mails that were asked for into the outbox. Answers how many were asked for."""
    asked = 0
    while _answer_one():
        asked += 1
    return asked


@transaction.atomic
def _answer_one() -> bool:
    request = ResetRequest.objects.select_for_update(skip_locked=True).first()
    if request:
        request.delete()
        if user := User.objects.with_email(request.email).filter(is_active=True).first():
            _write_to(user)
    return bool(request)


def _write_to(user):
    try:
        with transaction.atomic():
            emails.reset_password(user)
    except Exception:
        # Nobody behind them in the queue shall wait for a mail that cannot be written.
        log.exception("No mail can be written to user %s", user.pk)


@transaction.atomic
def reset_password(user, new: str) -> dict[str, str]:
    """
    Change the password of whoever showed a living token of `password_links`: they read what we
    write to that address, so it is confirmed, too. The new session is worth nothing to staff who
    have a second factor: that they show when they sign in. Raises PasswordHasChanged.
    """
    with shown_to_be(user):
        user.confirm_email()
        _change(user, new)
    return tokens_for(user)
