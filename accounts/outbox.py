"""
The outbox: what `EmailMessage.send()` wrote in somebody's transaction leaves from here, a few at a
time, beside other workers.
"""

from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr
from time import monotonic
from unicodedata import category

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from post_office.mail import _send_bulk, get_queued
from post_office.models import PRIORITY, STATUS, Email
from post_office.utils import cleanup_expired_mails, create_attachments

# Others wait for their turn: money, above all.
SOME_SECONDS = 5
# How long nobody asks a mail server that took nothing.
AWAY = timedelta(minutes=1)
# Longer than any worker takes for its share; a worker that dies gives it back by that.
CLAIM = timedelta(minutes=5)
KEPT = timedelta(days=7)
# RFC 3834: no out-of-office note shall answer a machine.
BY_A_MACHINE = {"Auto-Submitted": "auto-generated"}
# Control characters and halves of characters; what joins letters or emojis stays.
UNPRINTABLE = ("Cc", "Cs")
# Marks that turn the direction of what follows, and could make one word look like another.
DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def put(
    *, to: str, sender: str, reply_to: str, subject: str, text: str, html: str, papers: Mapping
) -> Email:
    """
    A mail that waits to be delivered, in the transaction of the caller: from somebody named
    `sender` at our own address, with `papers`, PDFs by their names. Raises ValidationError for what
    is no address.
    """
    headers = BY_A_MACHINE | ({"Reply-To": reply_to} if reply_to else {})
    mail = Email.objects.create(
        from_email=f'"{_quotable(sender)}" <{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>',
        to=[_plain_address(to)],
        subject=one_line(subject),
        message=text,
        html_message=html,
        headers=headers,
        priority=PRIORITY.medium,
        status=STATUS.queued,
    )
    if papers:
        files = {
            name: {"file": ContentFile(pdf), "mimetype": "application/pdf"}
            for name, pdf in papers.items()
        }
        mail.attachments.add(*create_attachments(files))
    return mail


def one_line(text: str) -> str:
    """`text` without line ends and whatever else no header, and no database, would take."""
    words = "".join(char for char in " ".join(text.split()) if category(char) not in UNPRINTABLE)
    return words.translate(DIRECTIONS)


def _quotable(name: str) -> str:
    return "".join(char for char in one_line(name) if char not in '"\\<>')


def _plain_address(address: str) -> str:
    # Legal in quotes, but the outbox keeps a list of addresses with commas between them.
    if any(char in address for char in ',"<>'):
        raise ValidationError(f"Not an address that we can write to: {address}")
    return address


def send_waiting_mail() -> int:
    """
    Deliver mail that is due, for some seconds; what fails comes due again, for a day. Where nothing
    of a handful leaves, the server is away: the rest waits for a while, too. Answers how many went.
    """
    sent, until = 0, monotonic() + SOME_SECONDS
    while monotonic() < until and (mails := _claim()):
        # send_queued() would look for its mail itself, and two workers would send the same.
        went = _send_bulk(mails, uses_multiprocessing=False)[0]
        sent += went
        if not went:
            _due().update(scheduled_time=timezone.now() + AWAY)
    return sent


def _due():
    """All mail that is due, however much."""
    due = Q(scheduled_time=None) | Q(scheduled_time__lte=timezone.now())
    return Email.objects.filter(due, status__in=[STATUS.queued, STATUS.requeued])


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
