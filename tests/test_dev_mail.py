"""Mails to look at while developing, and nothing at all in production."""

import pytest
from post_office.models import Email

from bookings.models import Booking


@pytest.fixture
def written(paid, me, showtime, seats, letters):
    """The mail about two tickets that Alice bought."""
    paid(me, showtime, seats[:2])
    letters()
    return Email.objects.get()


@pytest.fixture
def developing(settings):
    settings.DEBUG = True


def addresses(mail):
    paper = mail.attachments.first()
    return [f"/dev/mail/{rest}" for rest in ("", *(f"{mail.pk}/{x}" for x in ("", "html/")))] + [
        f"/dev/mail/{mail.pk}/{paper.pk}/"
    ]


def test_in_production_there_is_nothing(client, written):
    for address in addresses(written):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "alice@example.com" not in answer.content.decode()
    assert b"/dev/mail/" not in client.get("/").content


def test_the_mails_are_listed(client, written, developing):
    page = client.get("/dev/mail/").content.decode()
    assert "Your tickets: The Long Way Down" in page
    assert "to alice@example.com, sent, 2 attached" in page
    assert f'href="/dev/mail/{written.pk}/"' in page


def test_a_mail_is_shown_with_text_and_papers(client, written, developing):
    page = client.get(f"/dev/mail/{written.pk}/").content.decode()
    assert "&quot;Lux&quot; &lt;tickets@localhost&gt;" in page
    assert "Thank you. Your seats are yours." in page
    assert f'<iframe src="/dev/mail/{written.pk}/html/"' in page
    for paper in written.attachments.all():
        assert paper.name in page
        answer = client.get(f"/dev/mail/{written.pk}/{paper.pk}/")
        assert answer["Content-Type"] == "application/pdf"
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_its_html_is_shown_as_a_mailbox_would(client, written, developing):
    answer = client.get(f"/dev/mail/{written.pk}/html/")
    assert "Your seats are yours" in answer.content.decode()
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_the_list_costs_the_same_for_one_mail_as_for_many(
    client, written, developing, paid, me, showtime, seats, letters, django_assert_num_queries
):
    with django_assert_num_queries(1):
        client.get("/dev/mail/")
    paid(me, showtime, seats[2:4])
    letters()
    with django_assert_num_queries(1):
        assert client.get("/dev/mail/").content.count(b"<li>") == 2


@pytest.mark.parametrize("path", ["9", "9/html", "9/1", "99999999999999999999999", "0/html"])
def test_what_is_not_there_is_a_404(client, db, developing, path):
    assert client.get(f"/dev/mail/{path}/").status_code == 404


def test_a_paper_belongs_to_its_mail(client, written, developing):
    paper = written.attachments.first()
    assert client.get(f"/dev/mail/{written.pk + 1}/{paper.pk}/").status_code == 404


def test_nothing_is_written_there(client, written, developing):
    assert client.post("/dev/mail/").status_code == 405


def test_the_site_leads_there(client, db, developing):
    assert '<a href="/dev/mail/">' in client.get("/").content.decode()
    assert not Booking.objects.exists()
