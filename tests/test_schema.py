"""The API describes itself: every operation with a summary, an example and its errors."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from accounts.views import LoginView

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(public=True)


@pytest.fixture(scope="module")
def operations(schema):
    return {
        f"{method.upper()} {path}": operation
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_it_is_valid_and_made_without_a_warning(tmp_path):
    file = str(tmp_path / "schema.yml")
    call_command("spectacular", validate=True, fail_on_warn=True, file=file)


def test_the_customers_way_is_all_there(operations):
    assert {
        "POST /api/auth/register/",
        "POST /api/auth/login/",
        "GET /api/movies/",
        "GET /api/movies/{id}/",
        "GET /api/movies/{id}/showtimes/",
        "GET /api/theaters/",
        "GET /api/theaters/{id}/showtimes/",
        "GET /api/slides/",
        "GET /api/showtimes/",
        "GET /api/seats/",
        "GET /api/showtimes/{id}/best-seats/",
        "POST /api/showtimes/{id}/best-seats/",
        "POST /api/bookings/quote/",
        "POST /api/bookings/",
        "POST /api/payments/",
        "POST /api/payments/webhook/",
        "GET /api/bookings/{reference}/",
        "GET /api/tickets/{code}/qr.png",
        "GET /api/bookings/{reference}/tickets.pdf",
        "GET /api/invoices/{number}.pdf",
        "POST /api/bookings/{reference}/cancel/",
    } <= set(operations)


def test_every_operation_has_a_summary_and_a_description(operations):
    bare = [
        name
        for name, one in operations.items()
        if not (one.get("summary") and one.get("description"))
    ]
    assert not bare


def test_every_json_body_that_is_sent_or_answered_has_an_example(operations):
    bare = []
    for name, one in operations.items():
        bodies = [("request", one.get("requestBody", {})), *one["responses"].items()]
        for what, body in bodies:
            content = body.get("content", {}).get("application/json", {})
            if content and not content.get("examples"):
                bare.append((name, what))
    assert not bare


def test_every_operation_that_sends_something_says_what(operations):
    silent = {
        name
        for name, one in operations.items()
        if name.split()[0] in ("POST", "PUT", "PATCH") and "requestBody" not in one
    }
    assert silent == {"POST /api/auth/email/confirm/resend/", "POST /api/reviews/{id}/unhide/"}


def test_every_parameter_and_every_answer_is_described(operations):
    bare = []
    for name, one in operations.items():
        parameters = [(each["name"], each) for each in one.get("parameters", [])]
        for what, each in [*parameters, *one["responses"].items()]:
            if not each.get("description"):
                bare.append((name, what))
    assert not bare


def test_every_operation_has_a_name_that_stays(operations):
    names = [one["operationId"] for one in operations.values()]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalpha() and name.islower() for name in names)
    assert {
        "movies_list",
        "movies_retrieve",
        "auth_login",
        "bookings_quote",
        "bookings_create",
        "bookings_cancel",
        "payments_create",
        "payments_webhook",
    } <= set(names)


def test_every_tag_is_an_app_and_is_described(schema, operations):
    described = {tag["name"] for tag in schema["tags"] if tag["description"]}
    assert {tag for one in operations.values() for tag in one["tags"]} == described


def test_no_choice_has_a_name_that_was_made_up(schema):
    made_up = [
        name for name in schema["components"]["schemas"] if re.search("[0-9a-f]{3}Enum", name)
    ]
    assert not made_up


def test_what_may_be_kept_says_so(operations):
    for name in ("GET /api/movies/", "GET /api/showtimes/{id}/availability/", "GET /api/slides/"):
        one = operations[name]
        assert "If-None-Match" in [each["name"] for each in one["parameters"]], name
        assert {"ETag", "Cache-Control"} <= set(one["responses"]["200"]["headers"]), name
        assert "content" not in one["responses"]["304"], name
    assert "304" not in operations["GET /api/bookings/"]["responses"]


def test_whoever_must_wait_is_told_how_long(operations):
    waits = [
        (name, status, answer.get("headers", {}))
        for name, one in operations.items()
        for status, answer in one["responses"].items()
        if status in ("429", "503")
    ]
    assert waits
    assert all("Retry-After" in headers for _, _, headers in waits)


class OnceADay(SimpleRateThrottle):
    rate = "1/day"

    def get_cache_key(self, request, view):
        return None


def test_a_view_with_a_throttle_says_429(monkeypatch):
    monkeypatch.setattr(LoginView, "throttle_classes", [OnceADay])
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    answers = paths["/api/auth/login/"]["post"]["responses"]
    assert answers["429"]["headers"]["Retry-After"]
    assert answers["429"]["content"]["application/json"]["examples"]
    assert "429" not in paths["/api/slides/"]["get"]["responses"]


def test_an_access_key_opens_what_it_opens(operations, schema):
    assert schema["components"]["securitySchemes"]["accessKey"]["name"] == "Access-Key"
    for name in ("GET /api/payments/", "GET /api/invoices/", "GET /api/bookings/{reference}/"):
        assert operations[name]["security"] == [{"jwtAuth": []}, {"accessKey": []}], name
    assert operations["GET /api/bookings/"]["security"] == [{"jwtAuth": []}]
    assert operations["POST /api/bookings/"]["security"] == [{"jwtAuth": []}, {}]


def test_every_operation_says_what_can_go_wrong(operations):
    bare = [
        name for name, one in operations.items() if not any(c >= "400" for c in one["responses"])
    ]
    assert not bare


def test_named_errors_have_an_example_for_each_code(operations):
    conflict = operations["POST /api/bookings/"]["responses"]["409"]
    examples = conflict["content"]["application/json"]["examples"]
    codes = {one["value"]["errors"][0]["code"] for one in examples.values()}
    assert codes == {
        "seats_taken",
        "seats_removed",
        "sales_closed",
        "companion_seat",
        "leaves_a_lonely_seat",
        "too_many_holds",
        "amount_not_payable",
        "booking_closed",
    }


def test_the_guide_says_what_every_code_means(operations):
    guide = (Path(__file__).parent.parent / "docs/api-guide.md").read_text()
    answers = [answer for one in operations.values() for answer in one["responses"].items()]
    examples = [
        example["value"]["errors"][0]["code"]
        for status, answer in answers
        if status >= "400"
        for example in answer["content"]["application/json"]["examples"].values()
    ]
    assert {code for code in examples if f"`{code}`" not in guide} == set()


@pytest.mark.parametrize(
    "name",
    [
        "POST /api/auth/login/",
        "POST /api/auth/register/",
        "POST /api/auth/password/reset/",
        "POST /api/auth/password/change/",
        "POST /api/auth/email/confirm/resend/",
        "PATCH /api/auth/me/",
        "DELETE /api/auth/me/",
        "POST /api/bookings/",
    ],
)
def test_what_is_counted_says_that_it_may_be_too_often(operations, name):
    assert "429" in operations[name]["responses"]


def test_what_nobody_counts_does_not(operations):
    for name in ("GET /api/bookings/", "POST /api/bookings/quote/", "GET /api/movies/"):
        assert "429" not in operations[name]["responses"]


def test_deleting_an_account_has_a_body_and_nothing_else_that_is_deleted(operations):
    with_body = [
        name
        for name in operations
        if name.startswith("DELETE") and "requestBody" in operations[name]
    ]
    assert with_body == ["DELETE /api/auth/me/"]


def test_swagger_is_served_by_us_and_authorizes_with_a_bearer_token(client, schema):
    page = client.get("/api/docs/")
    assert page.status_code == 200
    for word in ("//cdn", "https://", "http://", "unpkg"):
        assert word not in page.content.decode()
    assert (
        client.get("/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css").status_code
        == 200
    )
    assert schema["components"]["securitySchemes"]["jwtAuth"]["scheme"] == "bearer"


@pytest.mark.django_db
def test_the_example_of_a_film_has_the_fields_of_a_film(movie, operations):
    examples = operations["GET /api/movies/{id}/"]["responses"]["200"]["content"]
    [example] = examples["application/json"]["examples"].values()
    assert set(APIClient().get(f"/api/movies/{movie.pk}/").json()) == set(example["value"])
