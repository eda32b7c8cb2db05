"""Mail waits in the outbox, is delivered by the jobs, and says what it was given."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from post_office.models import STATUS, Email

from accounts.outbox import forget_old_mail


def send(subject="Your tickets", body="Here they are.", html=""):
    letter = EmailMultiAlternatives(subject, body, to=["ada@example.com"])
    if html:
        letter.attach_alternative(html, "text/html")
    letter.send()


def run_jobs():
    call_command("run_jobs", once=True)


def test_a_mail_waits_for_the_jobs(db):
    send()
    assert mail.outbox == []
    run_jobs()
    run_jobs()
    [letter] = mail.outbox
    assert (letter.subject, letter.body) == ("Your tickets", "Here they are.")


def test_a_mail_of_a_transaction_that_failed_is_never_sent(db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send()
        raise ZeroDivisionError
    run_jobs()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "text", ["{{ site }}", "{% include 'x' %}", "{% broken", "{# gone #}", "{", "100 %}", "{{{"]
)
def test_what_looks_like_a_template_is_only_text(db, text):
    send(subject=text, body=text, html=f"<p>{text}</p>")
    run_jobs()
    [letter] = mail.outbox
    assert (letter.subject, letter.body) == (text, text)
    assert letter.alternatives[0].content == f"<p>{text}</p>"


def test_a_mail_that_cannot_be_sent_is_tried_again_and_stops_nothing(db, settings, booking):
    settings.POST_OFFICE = settings.POST_OFFICE | {
        "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}
    }
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    send()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        run_jobs()
    assert Email.objects.get().status == STATUS.requeued
    settings.POST_OFFICE = settings.POST_OFFICE | {
        "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"}
    }
    run_jobs()
    assert mail.outbox == []
    with time_machine.travel(timezone.now() + timedelta(minutes=17)):
        run_jobs()
    assert len(mail.outbox) == 1


def test_mail_is_forgotten_after_a_week(db):
    send()
    run_jobs()
    assert forget_old_mail() == 0
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert forget_old_mail() == 1


def test_the_mails_are_not_in_the_admin(admin, client):
    client.force_login(admin)
    for page in ("email", "emailtemplate", "log", "attachment"):
        assert client.get(f"/admin/post_office/{page}/").status_code == 404
    assert client.get("/admin/").status_code == 200


def test_a_backlog_leaves_in_one_round(db):
    for number in range(45):
        send(subject=str(number))
    run_jobs()
    assert len(mail.outbox) == 45


def test_a_mail_server_that_takes_nothing_is_left_alone_for_a_minute(db, settings):
    settings.POST_OFFICE = settings.POST_OFFICE | {
        "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}
    }
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for number in range(45):
        send(subject=str(number))
    began = timezone.now()
    run_jobs()
    run_jobs()
    tried = Email.objects.filter(status=STATUS.requeued)
    assert (tried.count(), Email.objects.count()) == (20, 45)
    settings.POST_OFFICE = settings.POST_OFFICE | {
        "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"}
    }
    with time_machine.travel(began + timedelta(seconds=70)):
        run_jobs()
    assert len(mail.outbox) == 25
    with time_machine.travel(began + timedelta(minutes=6)):
        run_jobs()
    assert len(mail.outbox) == 45
