"""One review a person and film, verified when they were there; films are rated by them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from movies.models import Movie
from reviews.models import Review
from showtimes.models import Showtime


def review(client, movie, **body):
    return client.post(f"/api/movies/{movie.pk}/reviews/", {"rating": 4, "text": "Good."} | body)


def listed(client, movie, query=""):
    return client.get(f"/api/movies/{movie.pk}/reviews/?{query}").json()["results"]


def rating_of(movie):
    film = APIClient().get(f"/api/movies/{movie.pk}/").json()
    [in_list] = APIClient().get("/api/movies/").json()["results"]
    assert (in_list["rating"], in_list["rating_count"]) == (film["rating"], film["rating_count"])
    return film["rating"], film["rating_count"], list(film["ratings"].values())


def code_of(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


@pytest.fixture
def bobs(client_of, bob):
    return client_of(bob)


@pytest.fixture
def root(client_of, admin):
    return client_of(admin)


def test_it_is_verified_after_the_show(me, bobs, movie, showtime, seats, paid):
    paid(me, showtime, seats[:1])
    review(bobs, movie)
    assert review(me, movie).json()["verified"] is False
    past = timezone.now() - timedelta(hours=3)
    Showtime.objects.update(starts_at=past, ends_at=past + timedelta(hours=2))
    reviews = listed(APIClient(), movie)
    assert [(one["author"], one["verified"]) for one in reviews] == [
        ("Alice", True),
        ("Bob", False),
    ]
    assert [one["author"] for one in listed(APIClient(), movie, "verified=true")] == ["Alice"]
    assert [one["author"] for one in listed(APIClient(), movie, "verified=false")] == ["Bob"]


def test_one_a_person(me, movie):
    assert review(me, movie).status_code == 201
    assert code_of(review(me, movie)) == (409, "already_reviewed")


def test_it_says_who_but_not_how_to_reach_them(me, movie):
    answer = review(me, movie)
    assert answer.json()["author"] == "Alice"
    assert b"@" not in answer.content + APIClient().get(f"/api/movies/{movie.pk}/reviews/").content


@pytest.mark.parametrize("rating", [0, 6, None, "good", 4.5, 10**30, [], True])
def test_one_to_five(me, movie, rating):
    answer = review(me, movie, rating=rating)
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "rating")
    mine = review(me, movie).json()
    answer = me.patch(f"/api/reviews/{mine['id']}/", {"rating": rating})
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "rating")


@pytest.mark.parametrize("text", ["x" * 5001, "a\x00b", "a\x1bb", "a\x85b", None, {}])
def test_a_text_is_plain_and_not_a_book(me, movie, text):
    answer = review(me, movie, text=text)
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "text")


def test_a_text_is_kept_without_its_margins(me, movie):
    assert review(me, movie, text="  Good.\n\n\tVery.  ").json()["text"] == "Good.\n\n\tVery."


def test_stars_alone_are_a_review(me, movie):
    answer = me.post(f"/api/movies/{movie.pk}/reviews/", {"rating": 3})
    assert (answer.status_code, answer.json()["text"]) == (201, "")


def test_only_who_is_signed_in(movie):
    assert review(APIClient(), movie).status_code == 401
    assert APIClient().get("/api/movies/999999/reviews/").status_code == 404


def test_nobody_has_seen_what_is_not_out(me, movie, showtime):
    Movie.objects.update(release_date=timezone.now().date() + timedelta(days=7))
    assert code_of(review(me, movie)) == (409, "not_released")
    past = timezone.now() - timedelta(hours=3)
    Showtime.objects.update(starts_at=past, ends_at=past + timedelta(hours=2))
    assert review(me, movie).status_code == 201


def test_the_film_is_rated_as_its_reviews_say(me, bobs, movie):
    assert rating_of(movie) == (None, 0, [0, 0, 0, 0, 0])
    mine = review(me, movie, rating=5).json()
    review(bobs, movie, rating=2)
    assert rating_of(movie) == ("3.50", 2, [0, 1, 0, 0, 1])
    me.patch(f"/api/reviews/{mine['id']}/", {"rating": 4})
    assert rating_of(movie) == ("3.00", 2, [0, 1, 0, 1, 0])
    assert me.delete(f"/api/reviews/{mine['id']}/").status_code == 204
    assert rating_of(movie) == ("2.00", 1, [0, 1, 0, 0, 0])


def test_the_author_changes_it_and_nobody_else(me, bobs, root, movie):
    mine = review(me, movie).json()
    path = f"/api/reviews/{mine['id']}/"
    changed = me.patch(path, {"text": "Better."}).json()
    assert (changed["text"], changed["rating"]) == ("Better.", 4)
    assert changed["updated_at"] > changed["created_at"]
    assert APIClient().get(path).json() == changed
    for client, status in ((APIClient(), 401), (bobs, 403), (root, 403)):
        assert client.patch(path, {"rating": 1}).status_code == status
        assert client.delete(path).status_code == status
        assert client.get(path).json() == changed
    assert me.put(path, {"rating": 1}).status_code == 405
    assert me.patch("/api/reviews/999999/", {"rating": 1}).status_code == 404


def test_a_hidden_review_is_seen_by_its_author_and_counts_no_more(me, bobs, root, movie):
    mine = review(me, movie, rating=1).json()
    review(bobs, movie, rating=5)
    path = f"/api/reviews/{mine['id']}/"
    answer = root.post(f"{path}hide/", {"reason": "Tells the end."})
    assert (answer.status_code, answer.json()["hidden"]) == (200, True)
    assert rating_of(movie) == ("5.00", 1, [0, 0, 0, 0, 1])
    for client in (APIClient(), bobs):
        assert [one["author"] for one in listed(client, movie)] == ["Bob"]
        assert client.get(path).status_code == 404
    assert bobs.patch(path, {"rating": 1}).status_code == 404
    seen = me.get(path).json()
    assert (seen["hidden"], seen["hidden_reason"]) == (True, "Tells the end.")
    assert [one["hidden"] for one in listed(me, movie)] == [False, True]
    assert me.patch(path, {"rating": 2}).json()["hidden"] is True
    assert rating_of(movie)[:2] == ("5.00", 1)
    assert root.post(f"{path}unhide/").json()["hidden"] is False
    assert rating_of(movie)[:2] == ("3.50", 2)


def test_only_admins_hide(me, client_of, manager, movie):
    path = f"/api/reviews/{review(me, movie).json()['id']}/"
    for client, status in ((APIClient(), 401), (me, 403), (client_of(manager), 403)):
        assert client.post(f"{path}hide/", {}).status_code == status
        assert client.post(f"{path}unhide/").status_code == status
    assert len(listed(APIClient(), movie)) == 1


def test_they_come_in_the_order_that_was_asked_for(movie):
    now = timezone.now()
    for rating, days in ((3, 3), (5, 2), (1, 1), (5, 0)):
        user = User.objects.create_user(f"user{days}")
        Review.objects.write(movie=movie, user=user, rating=rating)
        Review.objects.filter(user=user).update(created_at=now - timedelta(days=days))

    def ratings(query):
        return [(one["rating"], one["author"]) for one in listed(APIClient(), movie, query)]

    newest = [(5, "user0"), (1, "user1"), (5, "user2"), (3, "user3")]
    assert ratings("") == ratings("ordering=newest") == newest
    assert ratings("ordering=highest") == [newest[0], newest[2], newest[3], newest[1]]
    assert ratings("ordering=lowest") == [newest[1], newest[3], newest[0], newest[2]]
    answer = APIClient().get(f"/api/movies/{movie.pk}/reviews/?ordering=best")
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "ordering")


def test_mine(me, bobs, movie):
    review(me, movie)
    review(bobs, movie)
    assert [one["author"] for one in listed(me, movie, "mine=true")] == ["Alice"]
    assert [one["author"] for one in listed(me, movie, "mine=false")] == ["Bob"]
    path = f"/api/movies/{movie.pk}/reviews/?mine=true"
    assert APIClient().get(path).status_code == 401


def test_what_somebody_thought_stays_when_their_account_goes(me, alice, movie):
    mine = review(me, movie, rating=5).json()
    User.objects.filter(pk=alice.pk).delete()
    shown = APIClient().get(f"/api/reviews/{mine['id']}/").json()
    assert (shown["author"], shown["verified"], shown["text"]) == (None, False, "Good.")
    assert rating_of(movie)[:2] == ("5.00", 1)


def test_a_list_costs_the_same_for_one_review_as_for_many(movie, django_assert_num_queries):
    for number in (1, 30):
        for index in range(number):
            user = User.objects.create_user(f"user{number}-{index}")
            Review.objects.write(movie=movie, user=user, rating=3)
        with django_assert_num_queries(3):
            assert len(listed(APIClient(), movie, "page_size=100")) >= number
