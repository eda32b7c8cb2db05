"""Changing a password: by those who know the old one, and by those who read their mail."""

from django.db import transaction

from . import emails
from .models import ResetRequest, User
from .throttles import Limit, TooManyTries, take
from .tokens import tokens_for


@transaction.atomic
def change_password(user, new: str) -> dict[str, str]:
    """
    Set a password that was checked against the validators. All sessions end; the answer is a new
    one. Raises PasswordHasChanged.
    """
    user.change_password(new)
    emails.password_was_changed(user)
    return tokens_for(user)


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


@transaction.atomic
def write_reset_mails() -> int:
    """Write the mails that were asked for; the outbox has them when this ends."""
    asked = list(ResetRequest.objects.select_for_update(skip_locked=True)[:50])
    for request in asked:
        if user := User.objects.with_email(request.email).filter(is_active=True).first():
            emails.reset_password(user)
    ResetRequest.objects.filter(pk__in=[request.pk for request in asked]).delete()
    return len(asked)


@transaction.atomic
def reset_password(user, new: str) -> dict[str, str]:
    """
    Change the password of whoever showed a living token of `password_links`: they read what we
    write to that address, so it is confirmed, too. Raises PasswordHasChanged.
    """
    user.confirm_email()
    return change_password(user, new)
