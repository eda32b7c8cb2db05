"""
The API keeps its own word: whatever is sent to whichever operation, by whomever, the answer is one
that the schema names, in the shape that it gives, and never a 500.

Schemathesis makes the requests from the schema: some are right, some wrong on purpose, and half of
them carry ids of things that are there. `API_EXAMPLES=500` looks harder than CI does.
"""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.tokens import tokens_for

from .conftest import PASSWORD

# PostgreSQL, which production has, refuses more.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "10" if connection.vendor == "postgresql" else "4"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
ROLES = ["nobody", "owner", "manager", "admin"]
# What of `cinema` stands behind the first word of an address that names one thing.
ONE_OF = {
    "amenities": "amenity",
    "blocks": "block",
    "bookings": "booking",
    "genres": "genre",
    "invoices": "invoice",
    "movies": "movie",
    "payments": "payment",
    "people": "person",
    "price-rules": "price_rule",
    "reviews": "review",
    "screens": "screen",
    "seat-categories": "category",
    "showtimes": "showtime",
    "slides": "slide",
    "theaters": "theater",
    "tickets": "ticket",
}
API = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
API.app = get_wsgi_application()
OPERATIONS = {one.ok().label: one.ok() for one in API.get_all_operations()}


def real(cinema, alice) -> dict:
    """Values that mean something here, for parameters and fields of these names."""
    return {
        "access_key": cinema.access_key,
        "Access-Key": cinema.access_key,
        "booking": cinema.held,
        "category": cinema.category,
        "current_password": PASSWORD,
        "genres": [cinema.genre],
        "movie": cinema.movie,
        "password": PASSWORD,
        "person": cinema.person,
        "refresh": tokens_for(alice)["refresh"],
        "screen": cinema.screen,
        "seats": cinema.free_seats,
        "showtime": cinema.showtime,
        "theater": cinema.theater,
        "tickets": [cinema.ticket],
        "username": alice.username,
    }


@pytest.fixture
def one_connection():
    """The application stays in the transaction of the test, as it does with Django's client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def cases(operation):
    """Requests that the schema allows, and such as it does not."""
    allowed = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not any([*operation.iter_parameters(), *operation.body]):
        return allowed
    return allowed | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def make_real(case, values: dict, cinema):
    """Let `case` name what is there, wherever it names something."""
    first = case.operation.path.split("/")[2]
    for name in case.path_parameters or {}:
        case.path_parameters[name] = getattr(cinema, ONE_OF[first])
    for part in (case.query, case.headers, case.body):
        if isinstance(part, dict) or hasattr(part, "items"):
            for name in set(part) & set(values):
                part[name] = values[name]


@pytest.mark.usefixtures("one_connection", "stripe")
@pytest.mark.parametrize("label", OPERATIONS)
def test_the_api_keeps_its_word(label, cinema, users, alice):
    operation = OPERATIONS[label]
    values = real(cinema, alice)
    headers = {role: headers_of(users.get(role)) for role in ROLES}

    @settings(
        max_examples=EXAMPLES * len(ROLES),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(case=cases(operation), role=st.sampled_from(ROLES), exists=st.booleans())
    def keeps_its_word(case, role, exists):
        if exists:
            make_real(case, values, cinema)
        with transaction.atomic():
            answer = case.call(headers=headers[role])
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)

    keeps_its_word()


def headers_of(user) -> dict:
    # What is called without a network is not decompressed.
    headers = {"Accept-Encoding": "identity"}
    if user:
        headers["Authorization"] = f"Bearer {tokens_for(user)['access']}"
    return headers


def test_every_address_of_one_thing_can_be_made_real():
    first_words = {label.split("/")[2] for label in OPERATIONS if "{" in label}
    assert first_words <= set(ONE_OF), "say in ONE_OF, and in `cinema`, what stands behind these"
