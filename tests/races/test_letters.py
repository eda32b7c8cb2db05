"""Each letter is written once, and each mail goes once, however many workers there are."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from post_office.models import Email

from accounts.outbox import send_waiting_mail
from bookings.holds import Contact, hold
from bookings.models import Letter
from payments.letters import writing


@pytest.fixture
def ten_letters(showtime, seats):
    for seat in seats[:10]:
        hold(showtime, [seat.pk], user=None, contact=Contact(email=f"g{seat.pk}@example.com"))
    for booking in showtime.bookings.all():
        Letter.objects.write(booking, Letter.Kind.SHOWTIME_CANCELLED)


def everybody_once() -> bool:
    return len({mail.to[0] for mail in Email.objects.all()}) == Email.objects.count() == 10


def test_workers_share_the_letters(at_once, ten_letters, monkeypatch):
    monkeypatch.setattr(writing, "AT_ONCE", 4)
    assert sum(at_once([writing.write_letters] * 4)) <= 10
    writing.write_letters()
    writing.write_letters()
    assert everybody_once()
    at_once([send_waiting_mail] * 4)
    assert len(mail.outbox) == 10


def test_two_who_have_the_same_letter_write_it_once(at_once, ten_letters):
    """The time of one was over before it was done, and the other began."""
    first = Letter.objects.with_details().claim(20)
    Letter.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    second = Letter.objects.with_details().claim(20)
    jobs = [
        lambda letters=letters: sum(writing._written(letter) for letter in letters)
        for letters in (first, second)
    ]
    assert sum(at_once(jobs)) == 10
    assert everybody_once()
    assert not Letter.objects.waiting().exists()


def test_a_worker_that_dies_gives_its_letters_back(ten_letters):
    assert len(Letter.objects.claim(20)) == 10
    assert writing.write_letters() == 0
    Letter.objects.update(next_try_at=timezone.now())
    assert writing.write_letters() == 10
    assert everybody_once()
