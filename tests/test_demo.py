"""The demo: what `manage.py load_demo` promises to somebody who starts Marquee for a look."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from PIL import Image

from accounts.models import Role, User
from bookings.models import Booking, PromoCode, Ticket
from demo.people import PASSWORD
from manager_panel.figures.rolling import roll_up
from movies.models import Credit, Genre, Movie, Slide
from payments.books import for_a_human, problems, sums
from payments.models import Invoice, Payment
from reviews.models import Review
from showtimes.models import Price, Showtime, TakenSeat
from theaters.models import Screen, Seat, Theater

from .recount import assert_all_is_counted

# Each test runs in a savepoint of the transaction that the fixture `demo` holds.
pytestmark = pytest.mark.django_db
MODELS = [
    User, Movie, Genre, Credit, Slide, Theater, Screen, Seat, Showtime, Price, TakenSeat, Booking,
    Ticket, Payment, Invoice, PromoCode, Review,
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    """The demo, loaded once for this file and taken back at its end. What it printed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


def load() -> str:
    said = StringIO()
    call_command("load_demo", stdout=said, stderr=StringIO())
    return said.getvalue()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MODELS}


def cinema_days(theater, showtimes) -> set:
    starts = (showtime.starts_at.astimezone(theater.zone) for showtime in showtimes)
    return {(start - timedelta(hours=3)).date() for start in starts}


def test_its_figures_are_a_plain_recount_rolled_up_or_not():
    assert_all_is_counted()
    assert roll_up() > 0
    assert_all_is_counted()


def test_loading_it_again_changes_nothing(demo):
    before = counts()
    assert load() == demo
    assert counts() == before


def test_it_refuses_in_production(settings):
    settings.IN_PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        load()


def test_it_says_how_to_sign_in(demo):
    people = {name: User.objects.get(username=name) for name in ("ada", "max", "admin")}
    assert [user.role for user in people.values()] == [Role.CUSTOMER, Role.MANAGER, Role.ADMIN]
    for name, user in people.items():
        assert f"{name} " in demo
        assert user.check_password(PASSWORD)
        validate_password(PASSWORD, user)
    assert PASSWORD in demo


def test_three_theaters_in_two_cities_two_time_zones_and_two_currencies():
    theaters = Theater.objects.all()
    assert len(theaters) == 3
    for field in ("city", "timezone", "currency"):
        assert len({getattr(theater, field) for theater in theaters}) == 2
    for theater in theaters:
        theater.full_clean()
        assert theater.amenities.count() >= 4
    assert {theater.prices_include_tax for theater in theaters} == {True, False}
    assert list(theaters.managed_by(User.objects.get(username="max"))) == [
        theater for theater in theaters if theater.city == "Berlin"
    ]


def test_each_theater_has_people_for_its_box_office_and_its_door():
    for theater in Theater.objects.all():
        assert set(theater.staff_members.values_list("duty", flat=True)) == {"box_office", "door"}


def test_seven_screens_with_plans_of_their_own():
    screens = Screen.objects.annotate(places=Count("seats"))
    assert len(screens) == 7
    assert len({screen.places for screen in screens}) == 7
    assert 290 <= max(screen.places for screen in screens) <= 330
    assert min(screen.places for screen in screens) <= 30
    for screen in screens:
        kinds = Counter(screen.seats.values_list("kind", flat=True))
        assert kinds["wheelchair"] == kinds["companion"] > 0
        assert kinds["couple"] % 2 == 0 < kinds["couple"]


def test_next_to_each_wheelchair_place_sits_a_companion():
    places = set(Seat.objects.filter(kind="companion").values_list("screen", "y", "x"))
    for screen, y, x in Seat.objects.filter(kind="wheelchair").values_list("screen", "y", "x"):
        assert places & {(screen, y, x - 1), (screen, y, x + 1)}


def test_twelve_films_of_many_kinds():
    movies = Movie.objects.all()
    assert len(movies) == 12
    assert {"en", "de", "fr", "ja", "hi"} <= {movie.language for movie in movies}
    assert len({movie.certificate for movie in movies}) >= 4
    assert Genre.objects.count() >= 8
    assert movies.get(language="hi").original_title == "मानसून एक्सप्रेस"
    for movie in movies:
        movie.full_clean()
        assert movie.credits.filter(job="director").count() == 1
        assert movie.credits.filter(job="actor").exclude(character="").count() >= 2


def test_nothing_is_shown_before_its_release():
    assert Movie.objects.coming_soon().count() == 3
    assert Movie.objects.now_showing().count() >= 8
    assert not Showtime.objects.filter(starts_at__date__lt=F("movie__release_date")).exists()


def test_posters_backdrops_slides_and_fronts_are_pictures_of_the_promised_size():
    wanted = [(movie.poster, (800, 1200)) for movie in Movie.objects.all()]
    wanted += [(movie.backdrop, (1600, 900)) for movie in Movie.objects.all()]
    wanted += [(slide.image, (1600, 700)) for slide in Slide.objects.on_show()]
    wanted += [(theater.image, (1600, 900)) for theater in Theater.objects.all()]
    assert len(wanted) == 12 + 12 + 4 + 3
    for file, size in wanted:
        assert default_storage.size(file.name) < 400_000
        with file.open() as opened, Image.open(opened) as picture:
            assert picture.size == size
            assert len(picture.convert("L").getcolors()) > 60


def test_each_screen_shows_four_to_six_films_on_each_of_ten_days():
    for screen in Screen.objects.select_related("theater"):
        theater, today = screen.theater, screen.theater.today()
        for day in (today + timedelta(days=ahead) for ahead in range(10)):
            shows = screen.showtimes.on_cinema_day(day)
            assert 4 <= len(shows) <= 7, (screen, day)
            late = [show for show in shows if show.starts_at.astimezone(theater.zone).hour < 3]
            assert len(shows) - len(late) <= 6


def test_no_two_showtimes_overlap_and_each_leaves_time_for_adverts_and_cleaning():
    shows = Showtime.objects.select_related("movie").order_by("screen", "starts_at")
    for before, after in zip(shows, shows[1:], strict=False):
        assert before.screen_id != after.screen_id or before.ends_at <= after.starts_at
    for show in shows:
        minutes = (show.ends_at - show.starts_at).total_seconds() / 60
        assert 35 <= minutes - show.movie.duration_minutes < 40
        assert minutes % 5 == show.starts_at.minute % 5 == 0


def test_a_late_show_belongs_to_the_cinema_day_before():
    late = [
        show
        for show in Showtime.objects.select_related("screen__theater")
        if show.starts_at.astimezone(show.theater.zone).strftime("%H:%M") == "00:15"
    ]
    assert late
    for show in late:
        day_before = show.starts_at.astimezone(show.theater.zone).date() - timedelta(days=1)
        assert show in Showtime.objects.on_cinema_day(day_before)


def test_the_timetable_is_varied():
    shows = Showtime.objects.all()
    assert {"2d", "3d", "imax", "imax_3d", "dolby"} <= set(shows.values_list("format", flat=True))
    assert shows.filter(subtitles="").exclude(language=F("movie__language")).exists()  # dubbed
    assert shows.filter(subtitles="de", language=F("movie__language")).exists()
    assert shows.filter(sales_from__isnull=False).exists()
    assert shows.filter(sales_until__isnull=False).exists()
    for show in shows.filter(screen__theater__city="Berlin"):
        evening = show.starts_at.astimezone(show.theater.zone).hour >= 17
        assert show.own_prices.exists() or not evening


def test_one_showtime_is_sold_out_and_another_nearly():
    left = {
        show.screen.seats.count() - show.taken_seats.live().count()
        for show in Showtime.objects.upcoming().select_related("screen")
    }
    assert 0 in left
    assert left & {1, 2, 3, 4, 5}


def test_what_was_sold_keeps_every_promise():
    bookings = Booking.objects.annotate(seats_sold=Count("tickets", distinct=True))
    assert bookings.count() > 60
    for booking in bookings.select_related("showtime"):
        assert booking.status == Booking.Status.CONFIRMED
        assert booking.created_at < min(booking.showtime.starts_at, timezone.now())
        assert booking.tickets.aggregate(sum=Sum("paid"))["sum"] == booking.total
        taken = TakenSeat.objects.filter(holder=booking.pk, showtime=booking.showtime)
        bought = booking.lines.filter(kind="seat").count()
        assert taken.live().count() == booking.seats_sold == bought > 0
        assert booking.invoices.get().total == booking.payments.get().amount == booking.total
    assert not Payment.objects.owed_back().exists()
    assert bookings.filter(promo_code__code="POPCORN10", discount__gt=0).exists()


def test_invoices_are_numbered_by_date_without_a_gap():
    for theater in Theater.objects.all():
        for year in {invoice.issued_at.astimezone(theater.zone).year for invoice in
                     theater.invoices.all()}:  # fmt: skip
            start = f"{theater.invoice_prefix}-{year}-"
            invoices = theater.invoices.filter(number__startswith=start).order_by("issued_at")
            assert [invoice.number for invoice in invoices] == [
                f"{start}{count:06d}" for count in range(1, len(invoices) + 1)
            ]


def test_ada_was_in_the_cinema_once_and_will_go_twice():
    ada = User.objects.get(username="ada")
    mine = Booking.objects.owned_by(ada)
    assert mine.started().count() == 1
    assert mine.upcoming().count() == 2
    assert Review.objects.with_verified().get(user=ada).verified


def test_customers_have_said_what_they_think():
    reviews = Review.objects.with_verified()
    assert len({review.user_id for review in reviews}) >= 6
    shown = Q(showtimes__starts_at__lte=timezone.now() + timedelta(days=10))
    for movie in Movie.objects.filter(shown).annotate(opinions=Count("reviews", distinct=True)):
        assert movie.opinions >= 3
    assert {review.verified for review in reviews} == {True, False}


def test_three_days_later_there_are_ten_days_of_showtimes_again():
    known, before = set(Showtime.objects.values_list("pk", flat=True)), counts()
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        load()
        for theater in Theater.objects.all():
            shows = Showtime.objects.filter(screen__theater=theater).listed()
            wanted = {theater.today() + timedelta(days=ahead) for ahead in range(10)}
            assert wanted <= cinema_days(theater, shows)
    assert known < set(Showtime.objects.values_list("pk", flat=True))
    assert counts() | {"Showtime": 0, "Price": 0} == before | {"Showtime": 0, "Price": 0}


def test_what_a_manager_planned_is_left_alone():
    screen = Screen.objects.get(name="Mondsaal")
    tomorrow = screen.theater.today() + timedelta(days=1)
    screen.showtimes.on_cinema_day(tomorrow).filter(taken_seats=None).first().delete()
    before = counts()
    load()
    assert counts() == before


def test_its_books_balance():
    assert list(problems()) == list(for_a_human()) == []
    assert all(found.paid == found.kept == found.papers for found in sums().values())
    assert len(sums()) == Booking.objects.values("showtime__screen__theater").distinct().count()
