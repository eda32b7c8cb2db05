"""Reviews and films in the admin: hiding, taking away, finding."""

import pytest

from accounts.models import User
from movies.models import Movie, Person
from reviews.models import Review

from .test_admin import address, by_hand

__all__ = ["by_hand"]


@pytest.fixture
def reviews(movie):
    """One of a 5 and one of a 1."""
    return [
        Review.objects.write(movie=movie, user=User.objects.create_user(f"user{n}"), rating=n)
        for n in (5, 1)
    ]


@pytest.fixture
def rated():
    """The film's rating, and of how many reviews."""
    return lambda: Movie.objects.values_list("rating", "rating_count").get()


def tick(browser, action, reviews, **more):
    form = {"action": action, "_selected_action": [review.pk for review in reviews]} | more
    return browser.post(address(Review, "changelist"), form)


def test_an_admin_hides_reviews_and_shows_them_again(by_hand, admin, reviews, rated):
    browser = by_hand(admin)
    assert tick(browser, "hide", reviews[1:]).status_code == 302
    assert rated() == (5, 1)
    assert b"hidden" in browser.get(address(Review, "changelist")).content
    assert tick(browser, "unhide", reviews).status_code == 302
    assert rated() == (3, 2)


def test_what_an_admin_takes_away_counts_no_more(by_hand, admin, reviews, rated):
    browser = by_hand(admin)
    page = address(Review, "delete", reviews[0].pk)
    assert browser.post(page, {"post": "yes"}).status_code == 302
    assert rated() == (1, 1)
    assert tick(browser, "delete_selected", reviews[1:], post="yes").status_code == 302
    assert rated() == (None, 0)


def test_a_manager_does_not_hide_anything(by_hand, manager, reviews, rated):
    assert tick(by_hand(manager), "hide", reviews).status_code == 403
    assert rated() == (3, 2)


def test_the_review_of_an_account_that_is_no_more_is_shown(by_hand, admin, reviews):
    reviews[0].user.delete()
    browser = by_hand(admin)
    assert browser.get(address(Review, "changelist")).status_code == 200
    assert browser.get(address(Review, "change", reviews[0].pk)).status_code == 200


@pytest.mark.parametrize("words", ["ETE", "Été", "x" * 5000, "***", "' OR 1=1"])
def test_films_and_people_are_found_as_the_api_finds_them(by_hand, admin, words):
    Movie.objects.create(title="Été", release_date="2026-01-01", duration_minutes=90, language="fr")
    Person.objects.create(name="Été Zzz")
    browser = by_hand(admin)
    for model in (Movie, Person):
        answer = browser.get(address(model, "changelist"), {"q": words})
        assert answer.status_code == 200
        assert ("Été" in answer.content.decode()) is (words.lower() in ("ete", "été"))
    assert browser.get(address(Movie, "changelist"), {"q": "a\x00"}).status_code == 200
