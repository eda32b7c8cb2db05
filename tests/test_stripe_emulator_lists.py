"""Lists: pages, filters and what they refuse."""

import pytest

from tests.test_stripe_emulator_process import shared_emulator


@pytest.fixture
def emulator():
    return shared_emulator()


@pytest.fixture
def intents(emulator):
    return emulator.stripe.v1.payment_intents


def test_lists_are_newest_first_and_cut_into_pages(emulator, intents):
    customer = "cus_lists"
    made = [emulator.intent(customer=customer).id for _ in range(5)][::-1]
    first = intents.list({"customer": customer, "limit": 2})
    assert ([i.id for i in first.data], first.has_more) == (made[:2], True)
    rest = intents.list({"customer": customer, "limit": 3, "starting_after": made[1]})
    assert ([i.id for i in rest.data], rest.has_more) == (made[2:], False)
    back = intents.list({"customer": customer, "limit": 2, "ending_before": made[3]})
    assert ([i.id for i in back.data], back.has_more) == (made[1:3], True)
    walked = intents.list({"customer": customer, "limit": 2}).auto_paging_iter()
    assert [i.id for i in walked] == made


def test_lists_narrow_by_time_and_expand(emulator, intents):
    intent = emulator.paid(customer="cus_time")
    at = intent.created

    def count(bounds):
        return len(intents.list({"customer": "cus_time", "created": bounds}).data)

    assert count({"gte": at, "lt": at + 1}) == count(at) == 1
    assert count({"gt": at}) == count({"lt": at}) == 0
    page = intents.list({"customer": "cus_time", "expand": ["data.latest_charge"]})
    assert page.data[0].latest_charge.paid


@pytest.mark.parametrize(
    ("params", "status", "param"),
    [
        ({"limit": "0"}, 400, "limit"),
        ({"limit": "101"}, 400, "limit"),
        ({"starting_after": "pi_nobody"}, 404, "starting_after"),
        ({"created[after]": "1"}, 400, "created[after]"),
        ({"status": "succeeded"}, 400, "status"),
    ],
)
def test_a_list_refuses_what_it_does_not_know(emulator, params, status, param):
    answer = emulator.http("GET", "/v1/payment_intents", params)
    assert (answer.status_code, answer.json()["error"]["param"]) == (status, param)
