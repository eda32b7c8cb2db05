"""
The outbox: what `EmailMessage.send()` wrote in somebody's transaction leaves from here, a few at a
time, beside other workers.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from post_office.mail import _send_bulk, get_queued
from post_office.models import Email
from post_office.utils import cleanup_expired_mails

# Longer than any worker takes for its share; a worker that dies gives it back by that.
CLAIM = timedelta(minutes=5)
KEPT = timedelta(days=7)


def send_waiting_mail() -> int:
    """Deliver mail that is due; what fails comes due again, for a day. Answers how many went."""
    mails = _claim()
    # send_queued() would look for its mail itself, and two workers would send the same.
    return _send_bulk(mails, uses_multiprocessing=False)[0] if mails else 0


@transaction.atomic
def _claim() -> list[Email]:
    mails = list(get_queued().select_for_update(skip_locked=True, of=("self",)))
    if mails:
        claimed = Email.objects.filter(pk__in=[mail.pk for mail in mails])
        claimed.update(scheduled_time=timezone.now() + CLAIM)
    return mails


def forget_old_mail() -> int:
    """Remove mail of some days ago, sent or given up: it names people and holds links."""
    return cleanup_expired_mails(timezone.now() - KEPT)[0]
