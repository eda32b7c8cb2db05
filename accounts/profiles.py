"""What people say of themselves, and taking it back."""

from django.db import transaction

from retries.models import KeptAnswer

from . import emails
from .second_factor import forget_devices
from .throttles import Limit, take
from .tokens import forget_sessions


@transaction.atomic
def change_profile(user, **changes):
    """
    Change name, phone or e-mail address. A new address is asked for a confirmation, and the old
    one is told. Raises TooManyTries, IntegrityError if somebody has just taken the address.
    """
    before = user.email
    user.change_profile(**changes)
    if user.email.lower() == before.lower():
        return
    if user.email:
        ask_for_confirmation(user)
    if before:
        emails.address_was_changed(before)


def ask_for_confirmation(user):
    """Send the link that confirms the address of `user`. Raises TooManyTries."""
    take(Limit("confirmation_account", str(user.pk)))
    emails.confirm_address(user)


@transaction.atomic
def leave(user):
    """Forget a person; what was sold to them stays. Raises LastAdmin."""
    email = user.email
    user.leave()
    forget_sessions(user)
    forget_devices(user)
    KeptAnswer.objects.of_account(user).delete()
    if email:
        emails.goodbye(email)
