"""The accountant's file from the admin: a theater of one's own, and a month."""

import pytest
from django.test import Client

from payments.models import Invoice
from theaters.models import Theater

PAGE = "/admin/payments/invoice/"


@pytest.fixture
def browser(manager):
    client = Client()
    client.force_login(manager)
    return client


@pytest.fixture
def invoice(paid, me, showtime, seats):
    paid(me, showtime, seats[:2])
    return Invoice.objects.get()


def test_a_manager_gets_the_month_of_an_own_theater(browser, invoice, theater):
    form = browser.get(PAGE).context["month_form"]
    assert list(form.fields["theater"].queryset) == [theater]
    month = f"{invoice.issued_at.astimezone(theater.zone):%Y-%m}"
    answer = browser.get(f"{PAGE}month.csv", {"theater": theater.pk, "month": month})
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="LUX-{month}.csv"'
    assert invoice.number in b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize("month", ["2026-13", "", "2026-11\x00", "٢٠٢٦-١١"])
def test_what_is_no_month_leads_back_and_says_why(browser, theater, month):
    asked = {"theater": theater.pk, "month": month}
    answer = browser.get(f"{PAGE}month.csv", asked, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert [str(message)[:6] for message in answer.context["messages"]] == ["Month:"]


def test_other_theaters_are_not_there(browser, theater):
    place = {"city": "Bonn", "country": "DE", "timezone": "Europe/Berlin", "currency": "EUR"}
    far = Theater.objects.create(name="Far", slug="far", **place)
    for other in (far.pk, 10**30, "\x00", "x"):
        answer = browser.get(f"{PAGE}month.csv", {"theater": other, "month": "2026-11"})
        assert (answer.status_code, answer["Location"]) == (302, PAGE)


def test_it_is_closed_to_others(alice):
    client = Client()
    assert client.get(f"{PAGE}month.csv").status_code == 302
    client.force_login(alice)
    answer = client.get(f"{PAGE}month.csv")
    assert (answer.status_code, answer["Location"][:13]) == (302, "/admin/login/")
