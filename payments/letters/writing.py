"""The job that turns letters into mail: a few at a time, beside other workers."""

import logging
from time import monotonic

from django.core.exceptions import ValidationError

from accounts import outbox
from bookings.models import Letter

from .contents import Outdated, contents_of
from .words import render

log = logging.getLogger(__name__)

AT_ONCE = 20
# Then others have their turn: money is not kept waiting.
SOME_SECONDS = 5


def write_letters() -> int:
    """
    Write what people are to be told into the outbox, for some seconds. Texts and papers are made
    outside of any transaction; then the mail and the word that it is written are one. Answers how
    many.
    """
    written, until = 0, monotonic() + SOME_SECONDS
    while monotonic() < until:
        letters = Letter.objects.waiting().with_details().claim(AT_ONCE)
        written += sum(_written(letter) for letter in letters)
        if len(letters) < AT_ONCE:
            break
    return written


def _written(letter: Letter) -> bool:
    """Whether it was; nobody behind a letter that cannot be written waits for it."""
    try:
        return _write(letter)
    except Outdated:
        letter.drop()
    except ValidationError as error:
        log.error("Letter %s is set aside: %s", letter.pk, error)
        letter.set_aside(" ".join(error.messages))
    except Exception as error:
        log.exception("Letter %s cannot be written", letter.pk)
        letter.failed(repr(error))
    return False


def _write(letter: Letter) -> bool:
    if not letter.is_wanted:
        raise Outdated
    booking = letter.booking
    contents = contents_of(letter)
    text, html = render(contents, booking)

    def put():
        for other in contents.told_with_it:
            other.drop()
        return outbox.put(
            to=booking.contact_email,
            sender=booking.theater.name,
            reply_to=booking.theater.email,
            subject=contents.subject,
            text=text,
            html=html,
            papers=contents.papers,
        )

    return letter.written_as(put)
