"""Each letter is written once, and each mail goes once, however many workers there are."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from post_office.models import Email

from accounts.outbox import put, send_waiting_mail
from bookings.holds import Contact, hold
from bookings.models import Letter
from payments.letters.writing import write_letters

FIFTY = 50


@pytest.fixture
def fifty_letters(showtime, seats):
    """Five for each of ten guests."""
    for seat in seats[:10]:
        contact = Contact(email=f"g{seat.pk}@example.com")
        booking = hold(showtime, [seat.pk], user=None, contact=contact)
        for _ in range(FIFTY // 10):
            Letter.objects.write(booking, Letter.Kind.SHOWTIME_CANCELLED)


def each_is_written_once() -> bool:
    mails = set(Letter.objects.values_list("mail", flat=True))
    return len(mails) == Email.objects.count() == FIFTY


def test_workers_share_the_letters(at_once, fifty_letters):
    assert sorted(at_once([write_letters] * 4))[-1] <= 20
    while write_letters():
        pass
    assert each_is_written_once()
    while sum(at_once([send_waiting_mail] * 4)):
        pass
    assert len(mail.outbox) == FIFTY


def test_two_who_have_the_same_letters_write_them_once(at_once, fifty_letters):
    """The time of one was over before it was done, and another began with the same."""
    shares = []
    for _ in range(2):
        shares.append(Letter.objects.claim(FIFTY))
        due_again()
    jobs = [lambda share=share: [letter.written_as(a_mail) for letter in share] for share in shares]
    assert sum(map(sum, at_once(jobs))) == FIFTY
    assert each_is_written_once()


def a_mail():
    return put(
        to="a@example.com", sender="Lux", reply_to="", subject="", text="", html="", papers={}
    )


def due_again():
    Letter.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_a_worker_that_dies_gives_its_letters_back(fifty_letters):
    assert len(Letter.objects.claim(FIFTY)) == FIFTY
    assert write_letters() == 0
    due_again()
    while write_letters():
        pass
    assert each_is_written_once()
