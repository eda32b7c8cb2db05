"""What makes no sense, sent to every form and every room of the admin: never an error of ours."""

import json

import pytest
from django.db import transaction
from django.test import Client

from .test_admin import MODELS, address, everything_at, form_of, of_the_chain, row_of
from .test_admin_foreign_ids import ATTEMPTS, DAY, filled, world
from .test_who_may_in_the_admin import TABLE, rows_of

__all__ = ["world"]
WORDS = ["\x00", "9" * 400, "1e999", "9999-12-31"]
VALUES = [None, True, -1, 0, 10**30, 1e308, float("nan"), "\x00", "\ud800", "x" * 5000, "NaN", ""]
VALUES += [[], {}, [[[[]]]], [None], [True, {}], {"a": {}}, "9999-12-31", "0001-01-01T00:00"]
VALUES += ["2030-01-01T20:00+99:99", "9999-12-31T23:59:59Z", ["9" * 30], [2**63]]
BODIES = [b"", b"null", b"[]", b"1", b"{", b"\xff\xfe", b'{"a":1,"a":2}', b"[" * 50_000]


@pytest.fixture
def browser_of(users):
    def make(person):
        browser = Client(raise_request_exception=False)
        browser.force_login(users[person])
        return browser

    return make


def status_of(browser, where, body, **options) -> int:
    """Of which nothing stays."""
    with transaction.atomic():
        status = browser.post(where, body, **options).status_code
        transaction.set_rollback(True)
    return status


def test_no_form_answers_nonsense_with_an_error_of_ours(browser_of, theater, movie):
    browser, found = browser_of("admin"), []
    everything = everything_at(theater, movie)
    vars(everything).update(vars(of_the_chain()))
    # What admins may do with a row of each model.
    may = {row[0]: row[12:14] for row in rows_of(TABLE)}
    for model in MODELS:
        pages = [address(model, "add"), address(model, "change", row_of(everything, model).pk)]
        for page, word in zip(pages, may[model._meta.label_lower], strict=True):
            if word != "may":
                continue
            form = form_of(browser, page)
            typed = [name for name in form if "csrf" not in name and "_FORMS" not in name]
            counted = [name for name in form if "_FORMS" in name]
            attempts = [form | dict.fromkeys(typed, word) for word in WORDS]
            for nonsense in [*attempts, form | dict.fromkeys(counted, "9" * 30)]:
                if status_of(browser, page, nonsense) >= 500:
                    found.append((page, nonsense))
    assert found == []


def rooms():
    """The rooms that hear JSON, with what each of them hears."""
    return {where: body for where, body, _ in ATTEMPTS if "{theirs" not in where}


@pytest.mark.parametrize("where", rooms())
def test_no_room_answers_nonsense_with_an_error_of_ours(browser_of, world, where):
    browser, found, body = browser_of("elsewhere"), [], rooms()[where]
    page, options = filled(where, world), {"content_type": "application/json"}
    nonsense = [json.dumps(filled(body, world) | {name: v}) for name in body for v in VALUES]
    for one in [*nonsense, *map(json.dumps, VALUES), *BODIES]:
        if status_of(browser, page, one, query_params=DAY, **options) >= 500:
            found.append(one[:200])
    assert found == []
