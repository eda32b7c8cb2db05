"""Eight managers plan the same screen for the same evening at the same moment: one of them does."""

from collections import Counter

from django.test import Client

from showtimes.models import Showtime

ADD = "/admin/showtimes/showtime/add/"


def plan(person, movie, screen, minute):
    browser = Client()
    browser.force_login(person)
    form = {
        "movie": movie.pk,
        "screen": screen.pk,
        "starts_at_0": "2027-07-10",
        "starts_at_1": f"20:{minute:02}",
        "format": "2d",
        "status": "planned",
        "own_prices-TOTAL_FORMS": 0,
        "own_prices-INITIAL_FORMS": 0,
    }
    return browser.post(ADD, form)


def test_a_screen_is_planned_once_and_the_others_are_told(at_once, manager, movie, screen):
    jobs = [lambda minute=minute: plan(manager, movie, screen, minute) for minute in range(8)]
    answers = at_once(jobs)
    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: 7}
    told = [answer for answer in answers if b"The screen is not free" in answer.content]
    assert len(told) == 7
    assert Showtime.objects.count() == 1
