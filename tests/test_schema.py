"""The API describes itself: every operation with a summary, an example and its errors."""

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

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


def test_every_json_body_has_an_example(operations):
    bare = []
    for name, one in operations.items():
        bodies = [("request", one.get("requestBody", {}))]
        bodies += [(code, body) for code, body in one["responses"].items() if code < "300"]
        for what, body in bodies:
            content = body.get("content", {}).get("application/json", {})
            if content and "examples" not in content and "webhook" not in name:
                bare.append((name, what))
    assert not bare


def test_every_operation_says_what_can_go_wrong(operations):
    bare = [
        name for name, one in operations.items() if not any(c >= "400" for c in one["responses"])
    ]
    assert not bare


def test_named_errors_have_an_example_for_each_code(operations):
    conflict = operations["POST /api/bookings/"]["responses"]["409"]
    examples = conflict["content"]["application/json"]["examples"]
    codes = {one["value"]["errors"][0]["code"] for one in examples.values()}
    assert codes == {"seats_taken", "sales_closed"}


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
