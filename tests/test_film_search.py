"""A search forgives case and accents, and puts first what was most likely meant."""

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from rest_framework.test import APIClient

from movies.folding import folded
from movies.models import Credit, Movie, Person
from showtimes.models import Showtime


def film(title, **more):
    fields = {"release_date": "2026-01-01", "duration_minutes": 90, "language": "en"}
    return Movie(title=title, **fields | more)


def add(title, **more):
    movie = film(title, **more)
    movie.save()
    return movie


def credit(movie, name, job="actor"):
    person, _ = Person.objects.get_or_create(name=name)
    return Credit.objects.create(movie=movie, person=person, job=job)


@pytest.fixture
def found(db):
    def get(words, **more):
        answer = APIClient().get("/api/movies/", {"search": words} | more)
        assert answer.status_code == 200, answer.json()
        return [one["title"] for one in answer.json()["results"]]

    return get


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Straße der Träume", "STRASSE traume"),
        ("Strasse", "straße"),
        ("GROẞ", "gross"),
        ("Øresund Æon", "oresund aeon"),
        ("Łódź Blues", "lodz"),
        ("İstanbul'da Işık", "istanbulda ISIK"),
        ("Phở và Đà Nẵng", "pho da nang"),
        ("Amélie", "Ame\u0301lie"),
        ("Ame\u0301lie", "AMÉLIE"),
        ("Ёжик в тумане", "ЕЖИК ТУМАНЕ"),
        ("Ο Άνδρας", "ανδρασ"),
        ("ΌΝΕΙΡΟ", "όνειρο"),
        ("الْمَدِينَة", "المدينة"),
        ("ひらがな", "ひらがな"),
        ("Spider-Man", "spider man"),
        ("Spider Man", "SPIDER-MAN"),
        ("The Keeper’s Radio", "keeper's"),
        ("The Keeper's Radio", "keepers"),
        ("100% Wolf_x", "100%"),
        ("ﬁlm noir", "film"),
        ("$9.99", "$9"),
    ],
)
def test_case_accents_and_punctuation_are_forgiven(found, title, words):
    add(title)
    add("Zzz")
    assert found(words) == [title]


def test_what_cannot_be_found_is_not_found(found):
    add("Wolf")
    for words in ("%", "_", "\\", "***", "…", "fox", "wolf fox", "wlf"):
        assert found(words) == []
    assert found("  ") == ["Wolf"]


def test_every_word_is_found_somewhere(found):
    movie = add("Leuchtfeuer", original_title="The Lamp", synopsis="A keeper hears a voice.")
    credit(movie, "Jonna Brandt")
    add("Leuchtfeuer zwei")
    assert found("leuchtfeuer brandt voice lamp") == ["Leuchtfeuer"]
    assert found("leuchtfeuer nobody") == []


def test_the_best_matches_come_first(found):
    add("Nothing here", synopsis="About a river.")
    credit(add("By somebody"), "River Stone")
    add("Abroad", original_title="River")
    add("Upriver")
    add("Across the River")
    add("Riverside")
    add("River of Time")
    add("River")
    assert found("river") == [
        "River",
        "River of Time",
        "Riverside",
        "Across the River",
        "Upriver",
        "Abroad",
        "By somebody",
        "Nothing here",
    ]
    assert found("river", ordering="-title")[:2] == ["Upriver", "Riverside"]
    assert found("river", page_size=3, page=2) == ["Across the River", "Upriver", "Abroad"]


def test_it_is_combined_with_filters(found, showtime, movie):
    add("The Long Night")
    assert found("long", now_showing="true") == [movie.title]
    assert found("long", now_showing="false") == ["The Long Night"]
    assert found("long", duration_max=95) == ["The Long Night"]
    Showtime.objects.all().delete()
    assert found("long", city="Berlin") == []


def test_however_a_film_is_written_it_is_found(found):
    movie = add("Old")
    movie.title = "Été"
    movie.save(update_fields=["title"])
    assert found("ete") == ["Été"]
    movie.title = "Łódź"
    Movie.objects.bulk_update([movie], ["title"])
    assert (found("lodz"), found("ete")) == (["Łódź"], [])
    Movie.objects.filter(pk=movie.pk).update(title="Ærlig")
    assert (found("aerlig"), found("lodz")) == (["Ærlig"], [])
    Movie.objects.bulk_create([film("Ñandú")])
    assert found("nandu") == ["Ñandú"]
    seen_in_a_list = Movie.objects.defer("title_folded", "synopsis").get(title="Ñandú")
    seen_in_a_list.title = "Čarobna"
    seen_in_a_list.save()
    assert found("carobna") == ["Čarobna"]


def test_a_person_who_is_renamed_is_found(found):
    made = credit(add("Leuchtfeuer"), "Jonna Brandt")
    Person.objects.filter(pk=made.person_id).update(name="Jonna Ødegård")
    assert (found("odegard"), found("brandt")) == (["Leuchtfeuer"], [])


def test_films_from_before_there_was_a_search_are_found(found):
    credit(add("Été"), "Zoë Kravitz")
    Movie.objects.update(title_folded="")
    Person.objects.update(name_folded="")
    assert found("ete") == found("zoe") == []
    import_module("movies.migrations.0004_fold_what_is_there").fold(apps, None)
    assert found("ete") == found("zoe") == ["Été"]


def test_long_questions_are_answered(found):
    add("A")
    assert found(" ".join(map(chr, range(0x4E00, 0x4E00 + 100)))) == []
    assert found("a " * 100) == ["A"]


def test_folding_twice_changes_nothing():
    for text in ("İI ıi", "ŉ ǆ ﬁ ½", "ẞß", "Ὀδυσσεύς", "किताब", "가나다", "👻 $9.99"):
        assert folded(folded(text)) == folded(text)
    assert folded("किताब") == "किताब"


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "words", ["ligthouse", "lighhouse", "lighthose", "cathedrale", "catedral", "marzpian"]
)
def test_small_typing_errors_are_forgiven_and_come_last(found, words):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no trigrams")
    add("The Lighthouse")
    add("Salt Cathedral")
    credit(add("Untitled"), "Ada Marzipan")
    add("The Long Way Down")
    assert len(found(words)) == 1
    add(f"A {words} in its own right")
    assert found(words)[0].startswith(f"A {words}")
    assert len(found(words)) == 2


@pytest.mark.postgresql
def test_ten_thousand_films_are_searched_by_their_indexes(found):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite looks at each row")
    credit(add("The Lighthouse"), "Amber Keeper")
    add_many(10_000)
    assert found("lighthouse") == found("lighthouse keeper") == ["The Lighthouse"]
    plan = plan_of(Movie.objects.matching("lighthouse"))
    assert {"films_by_title", "films_by_synopsis", "people_by_name"} <= values_of(plan)
    assert "Seq Scan" not in values_of(plan)


def add_many(number):
    """So many films with an actor each; PostgreSQL has looked at them."""
    words = "amber basalt cedar delta ember fjord granite harbour island jasmine".split()
    names = [f"{words[n % 10]} {words[n // 10 % 10]} {n}" for n in range(number)]
    movies = Movie.objects.bulk_create(
        film(name, synopsis="A voice on the radio. " * 9) for name in names
    )
    people = Person.objects.bulk_create(Person(name=name) for name in reversed(names))
    Credit.objects.bulk_create(
        Credit(movie=movie, person=person, job="actor")
        for movie, person in zip(movies, people, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE movies_movie, movies_person, movies_credit")


def plan_of(movies):
    """PostgreSQL's plan for the list of `movies`."""
    return json.loads(movies.explain(format="json"))


def values_of(plan) -> set:
    """All that a plan says of its nodes."""
    if isinstance(plan, list):
        return set().union(*map(values_of, plan))
    if isinstance(plan, dict):
        return set().union(*map(values_of, plan.values()))
    return {plan}
