"""Lists that grow with the years: counted so far, and read to their end."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest

from accounts.models import User
from bookings.models import Booking
from reviews.models import Review
from showtimes.models import Showtime

from .test_my_bookings import copies


@pytest.fixture
def followed():
    """The results of a list, page after page, and each page's count."""

    def follow(client, path):
        results, counts = [], []
        while path:
            answer = client.get(path)
            assert answer.status_code == 200, answer.content
            page = answer.json()
            results += page["results"]
            counts.append(page["count"])
            path = page["next"]
        return results, counts

    return follow


def add_showtimes(showtime, number):
    """As many more on its screen."""
    Showtime.objects.bulk_create(
        Showtime(
            movie=showtime.movie,
            screen_id=showtime.screen_id,
            starts_at=showtime.ends_at + timedelta(hours=3 * n),
            ends_at=showtime.ends_at + timedelta(hours=3 * n + 2),
            language="en",
            status="on_sale",
        )
        for n in range(number)
    )


@pytest.mark.parametrize("order", ["starts_at", "-starts_at"])
def test_a_timetable_is_counted_to_a_thousand_and_read_to_its_end(
    client_of, followed, showtime, order
):
    add_showtimes(showtime, 1_104)
    path = f"/api/showtimes/?from=2000-01-01T00:00:00Z&page_size=100&ordering={order}"
    results, counts = followed(client_of(), path)
    starts = [one["starts_at"] for one in results]
    assert len({one["id"] for one in results}) == len(results) == 1_105
    assert starts == sorted(starts, reverse=order.startswith("-"))
    assert counts == [1_000] * 10 + [105] * 2


def test_a_page_beyond_what_is_counted_is_a_404(client_of, showtime):
    add_showtimes(showtime, 1_010)
    path = "/api/showtimes/?from=2000-01-01T00:00:00Z&page_size=100&page="
    assert client_of().get(f"{path}10").status_code == 200
    assert client_of().get(f"{path}11").status_code == 404


@pytest.mark.parametrize("query", ["page_size=100", "page_size=100&status=pending"])
def test_my_bookings_are_read_to_their_end(me, followed, book, showtime, seats, query):
    book(me, showtime, seats[:1])
    made = Booking.objects.get()
    copies(made, 1_020)
    # Made at one moment: the key says which comes first.
    Booking.objects.update(created_at=made.created_at)
    results, counts = followed(me, f"/api/bookings/?{query}")
    assert len({one["reference"] for one in results}) == len(results) == 1_021
    assert counts == [1_000] * 10 + [21]
    assert me.get("/api/bookings/?page=51").status_code == 404


@pytest.mark.parametrize("order", ["newest", "highest", "lowest"])
def test_reviews_are_read_to_their_end(client_of, followed, movie, order):
    people = User.objects.bulk_create(
        User(username=f"p{n}", email=f"p{n}@example.com") for n in range(1_001)
    )
    Review.objects.bulk_create(
        Review(movie=movie, user=person, rating=1 + n % 5) for n, person in enumerate(people)
    )
    path = f"/api/movies/{movie.pk}/reviews/?page_size=100&ordering={order}"
    results, counts = followed(client_of(), path)
    assert len({one["id"] for one in results}) == 1_001
    assert counts == [1_000] * 10 + [1]


def marks():
    def mark(*words):
        return urlsafe_b64encode(json.dumps(words).encode()).decode()

    return [
        "x",
        "ä",
        "%F0",
        mark("2026-11-21"),
        mark("2026-11-21T10:00:00Z", "x"),
        mark("yesterday", "1"),
        mark("2026-11-21T10:00:00Z", "9" * 30),
        mark("2026-11-21T10:00:00Z", "1\0"),
        mark("9999-12-31T23:59:59-23:00", "1"),
        mark("0001-01-01T00:00:00+23:00", "1"),
        mark(1, None),
        mark({}, []),
        urlsafe_b64encode(b"[" * 100_000).decode(),
    ]


@pytest.mark.parametrize("mark", marks(), ids=range(len(marks())))
@pytest.mark.parametrize("path", ["showtimes/", "bookings/", "payments/", "invoices/"])
def test_a_mark_that_no_next_says_is_the_clients_mistake(me, showtime, path, mark):
    answer = me.get(f"/api/{path}", {"after": mark})
    if answer.status_code != 200:
        assert answer.status_code in (400, 414)
        assert answer.json()["errors"][0]["attr"] in ("after", None)


@pytest.mark.parametrize("path", ["movies/", "theaters/"])
def test_a_catalogue_is_counted_to_its_end(client_of, showtime, path):
    page = client_of().get(f"/api/{path}?after=nonsense").json()
    assert (page["count"], page["next"]) == (1, None)
