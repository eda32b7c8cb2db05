"""The admin: every model has a list and forms that work, for those whose role allows it."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import ResetRequest, TryCount, User
from bookings.models import (
    Booking,
    BookingLine,
    Exchange,
    Letter,
    PromoCode,
    Scan,
    Swap,
    Ticket,
)
from history.models import Entry
from manager_panel.models import Figures, HourFigures, Report, RolledUp
from movies.models import Credit, Genre, Movie, Person, Slide
from payments.models import (
    Dispute,
    Invoice,
    InvoiceSeries,
    LedgerEntry,
    Payment,
    Refund,
    RefusedWebhook,
    Stray,
    WebhookEvent,
)
from reviews.models import Review
from showtimes.models import Price, PriceRule, SeatBlock, Showtime, TakenSeat
from theaters.models import Amenity, Screen, Seat, SeatCategory, Theater
from theaters.staff import StaffMember

OUR_APPS = [
    *("history", "accounts", "movies", "theaters", "showtimes", "bookings", "payments", "reviews"),
    "manager_panel",
]
# Rows that live for minutes and that nobody could read; sums, which dashboard and reports show; the
# people of a theater, who stand on its page.
NOT_SHOWN = [ResetRequest, TryCount, Figures, HourFigures, RolledUp, StaffMember]
MODELS = [
    model
    for app in OUR_APPS
    for model in apps.get_app_config(app).get_models()
    if model not in NOT_SHOWN
]
HOSTILE = "'\"\x00%_\\; DROP TABLE ☠ __class__" + "x" * 500


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


class Form(HTMLParser):
    """Collects what a browser would send of the form it reads, in `sent`."""

    def __init__(self):
        super().__init__()
        self.sent, self.open = {}, None

    def handle_starttag(self, tag, attrs):
        field = dict(attrs)
        if tag == "option" and self.open and "selected" in field:
            self.sent.setdefault(self.open, []).append(field["value"])
        if "__prefix__" in (name := field.get("name") or "__prefix__"):
            return
        if tag in ("select", "textarea"):
            self.open = name
        elif tag == "input" and (field.get("type") != "checkbox" or "checked" in field):
            self.sent[name] = field.get("value", "on" if field.get("type") == "checkbox" else "")

    def handle_data(self, data):
        if self.lasttag == "textarea" and self.open:
            self.sent[self.open] = data

    def handle_endtag(self, tag):
        if tag in ("select", "textarea"):
            self.open = None


def form_of(browser, page):
    """What the form at `page` sends if nobody types anything."""
    html = browser.get(page).content.decode()
    form = Form()
    form.feed(html[html.index('_form"') : html.index("</form>", html.index('_form"'))])
    return {name: value for name, value in form.sent.items() if not name.startswith("_")}


def theater_called(name, **fields):
    return Theater.objects.create(
        name=name,
        slug=name.lower(),
        address="Main St. 1",
        city=name,
        country="DE",
        timezone="Europe/Berlin",
        currency="EUR",
        legal_name=name,
        invoice_prefix=name.upper(),
        **fields,
    )


def everything_at(theater, movie, *, minutes=0):
    """One row of every model that belongs to a theater, by the model's name in lower case."""
    starts_at = timezone.now().replace(microsecond=0) + timedelta(days=2, minutes=minutes)
    customer = User.objects.create_user(f"guest-{uuid.uuid4().hex[:8]}")
    row = SimpleNamespace(theater=theater, user=customer)
    row.screen = Screen.objects.create(theater=theater, name=f"Hall {uuid.uuid4().hex[:6]}")
    row.seatcategory = SeatCategory.objects.create(
        theater=theater, name=f"Sofa {uuid.uuid4().hex[:6]}", default_price=Decimal("9")
    )
    row.seat = Seat.objects.create(
        screen=row.screen, row="A", number=1, category=row.seatcategory, x=0, y=0
    )
    row.showtime = Showtime.objects.create(
        movie=movie,
        screen=row.screen,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        language="en",
    )
    row.price = Price.objects.create(
        showtime=row.showtime, category=row.seatcategory, amount=Decimal("8")
    )
    row.seatblock = SeatBlock.objects.create(showtime=row.showtime, kind="house")
    row.seatblock.seats.add(row.seat)
    row.pricerule = PriceRule.objects.create(
        theater=theater, name="Matinee", effect="percent", value=-20, category=row.seatcategory
    )
    row.promocode = PromoCode.objects.create(code=uuid.uuid4().hex[:10].upper(), percent=10)
    row.promocode.theaters.add(theater)
    row.entry = Entry.objects.about(row.screen).first()
    row.report = Report.objects.create(
        first=date(2026, 11, 1), last=date(2026, 11, 30), ordered_by=customer, movie=movie
    )
    row.report.theaters.add(theater)
    sold_at(row, theater)
    return row


def sold_at(row, theater):
    row.booking = Booking.objects.create(
        showtime=row.showtime,
        user=row.user,
        contact_name="Alice Weiss",
        contact_email="alice@example.com",
        status=Booking.Status.CONFIRMED,
        currency=theater.currency,
        subtotal=9,
        discount=0,
        fees=0,
        tax=1,
        total=9,
    )
    row.takenseat = TakenSeat.objects.create(
        showtime=row.showtime, seat=row.seat, holder=row.booking.pk
    )
    row.bookingline = BookingLine.objects.create(
        booking=row.booking,
        position=1,
        kind="seat",
        type="adult",
        seat=row.seat,
        description="A1",
        amount=9,
    )
    row.ticket = Ticket.objects.create(booking=row.booking, seat=row.seat, price=9, paid=9)
    row.scan = Scan.objects.create(
        ticket=row.ticket, raw_code=row.ticket.code, verdict="admitted", showtime=row.showtime
    )
    row.exchange = Exchange.objects.create(
        booking=row.booking, status="done", difference=0, tax=0, done_at=timezone.now()
    )
    row.swap = Swap.objects.create(
        exchange=row.exchange,
        old_ticket=row.ticket,
        new_ticket=row.ticket,
        seat=row.seat,
        price=9,
        paid=9,
    )
    row.payment = Payment.objects.create(
        booking=row.booking, amount=9, currency=theater.currency, status="succeeded"
    )
    row.refund = Refund.objects.create(payment=row.payment, amount=1, reason="cancelled")
    row.letter = Letter.objects.create(booking=row.booking, kind="confirmed")
    row.ledgerentry = LedgerEntry.objects.charge(
        row.payment, amount=row.payment.amount, currency=theater.currency
    )
    row.dispute = Dispute.objects.create(
        payment=row.payment,
        stripe_dispute=uuid.uuid4().hex,
        status="needs_response",
        reason="fraudulent",
        amount=9,
        currency=theater.currency,
        opened_at=timezone.now(),
    )
    row.invoiceseries, _ = InvoiceSeries.objects.get_or_create(
        theater=theater, year=2026, kind="invoice"
    )
    row.invoice = Invoice.objects.create(
        number=f"{theater.invoice_prefix}-{uuid.uuid4().hex[:12]}",
        kind="invoice",
        theater=theater,
        booking=row.booking,
        payment=row.payment,
        total=9,
        currency=theater.currency,
        snapshot={"total": "9.00"},
        issued_at=timezone.now(),
    )


def of_the_chain():
    """One row of every model that belongs to no theater, by the model's name in lower case."""
    name = uuid.uuid4().hex[:8]
    row = SimpleNamespace()
    row.movie = Movie.objects.create(
        title=name, release_date="2026-01-01", duration_minutes=100, language="en"
    )
    row.genre = Genre.objects.create(name=name, slug=name)
    row.movie.genres.add(row.genre)
    row.person = Person.objects.create(name=name)
    row.credit = Credit.objects.create(movie=row.movie, person=row.person, job="actor")
    row.slide = Slide.objects.create(title=name, image="slides/x.jpg", movie=row.movie)
    row.amenity = Amenity.objects.create(name=name)
    row.review = Review.objects.create(
        movie=row.movie, user=User.objects.create_user(name), rating=4, text="Good."
    )
    row.stray = Stray.objects.create(
        stripe_id=name, kind="payment", amount=9, currency="EUR", why="Unknown."
    )
    row.refusedwebhook = RefusedWebhook.objects.create(day="2026-11-21", why=name, count=3)
    row.webhookevent = WebhookEvent.objects.create(stripe_id=name, type="x", payload={"a": 1})
    return row


@pytest.fixture
def everything(theater, movie):
    """One row of every model, by the model's name in lower case."""
    return SimpleNamespace(**vars(of_the_chain()) | vars(everything_at(theater, movie)))


@pytest.fixture
def by_hand(client):
    """A browser in which a person is signed in to the admin."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def row_of(everything, model):
    return getattr(everything, model._meta.model_name)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_has_a_list_and_forms(by_hand, admin, everything, model):
    assert django_admin.site.is_registered(model)
    page = django_admin.site.get_model_admin(model)
    assert page.search_fields
    browser = by_hand(admin)
    assert browser.get(address(model, "changelist")).status_code == 200
    assert browser.get(address(model, "add")).status_code == (
        200 if "add" in page.admins_may else 403
    )
    row = row_of(everything, model)
    for name in ("change", "history"):
        assert browser.get(address(model, name, row.pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_can_be_searched_for_anything(by_hand, admin, everything, model):
    browser = by_hand(admin)
    for words in ("Lux", "1", HOSTILE):
        assert browser.get(address(model, "changelist"), {"q": words}).status_code == 200
    autocomplete = {"term": HOSTILE, **source_of(model)}
    if len(autocomplete) > 1:
        assert browser.get("/admin/autocomplete/", autocomplete).status_code == 200


def source_of(model):
    """Where a field that offers rows of `model` can be found, as the autocomplete asks for it."""
    for other in MODELS:
        for field in [*other._meta.fields, *other._meta.many_to_many]:
            if field.remote_field and field.remote_field.model is model:
                meta = other._meta
                return {
                    "app_label": meta.app_label,
                    "model_name": meta.model_name,
                    "field_name": field.name,
                }
    return {}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_address_of_a_list_is_a_server_error(by_hand, admin, everything, model):
    browser = by_hand(admin)
    page = django_admin.site.get_model_admin(model)
    filters = [item[0] if isinstance(item, tuple) else item for item in page.list_filter]
    filters = [name for name in filters if isinstance(name, str)]
    odd = [{"p": "x", "o": "x"}, {"p": "99", "o": "99.-98"}, {"e": "1", "all": ""}]
    odd += [{"pk__range": "1"}, {"pk__regex": "("}]
    for value in ("x", "9" * 30, "\x00"):
        odd.append({f"{name}__id__exact": value for name in filters})
        odd.append({f"{name}__exact": value for name in filters})
        odd.append({f"{page.date_hierarchy or 'pk'}__year": value})
    for query in odd:
        answer = browser.get(address(model, "changelist"), query)
        assert answer.status_code in (200, 302, 400), query


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_prefilled_form_is_a_server_error(by_hand, admin, everything, model):
    browser = by_hand(admin)
    names = [field.name for field in [*model._meta.fields, *model._meta.many_to_many]]
    for value in ("x", "9" * 30, "\x00", "2026-01-01T20:00"):
        answer = browser.get(address(model, "add"), dict.fromkeys(names, value))
        assert answer.status_code in (200, 403), value


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_ticking_what_is_no_row_is_not_a_server_error(by_hand, admin, everything, model):
    form = {"action": "delete_selected", "_selected_action": ["x", "9" * 30, "\x00"]}
    answer = by_hand(admin).post(address(model, "changelist"), form)
    assert answer.status_code in (200, 302)
    assert model.objects.filter(pk=row_of(everything, model).pk).exists()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_costs_the_same_for_one_row_as_for_many(
    by_hand, admin, everything, theater, movie, model
):
    browser = by_hand(admin)
    page = address(model, "changelist")
    browser.get(page)
    first = queries_of(browser, page)
    for hours in range(1, 5):
        of_the_chain()
        everything_at(theater_called(f"Lux{hours}"), movie, minutes=hours * 180)
        everything_at(theater, movie, minutes=hours * 180)
    assert queries_of(browser, page) == first


def queries_of(browser, page):
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(page).status_code == 200
    return len(queries)


def queries_of_posting(browser, page, form):
    with CaptureQueriesContext(connection) as queries:
        assert browser.post(page, form).status_code == 200
    return len(queries)
