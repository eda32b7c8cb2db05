"""Several workers roll up, order and make reports, while people look: everything is there once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role, User
from manager_panel.figures.rolling import roll_up
from manager_panel.models import Figures, HourFigures, Report
from manager_panel.reports.making import make_reports, order_reports_again

from ..random_sales import Seller, open_chain
from ..recount import assert_all_is_counted, reading

pytestmark = pytest.mark.without_money


@pytest.fixture
def chain(transactional_db):
    theaters = open_chain()
    Seller(4).sell_some_days(theaters, shows=3, ends=timedelta(days=-3))
    return theaters


def shown() -> dict:
    return reading().by("showtime_id", "currency", "kind")


def test_whoever_looks_while_workers_roll_up_sees_everything_once(at_once, chain):
    before = shown()
    *_, one, two = at_once([roll_up, roll_up, roll_up, shown, shown])
    assert one == two == before == shown()
    roll_up()
    assert_all_is_counted()
    rows = Figures.objects.count(), HourFigures.objects.count()
    at_once([roll_up] * 4)
    assert (Figures.objects.count(), HourFigures.objects.count()) == rows


def test_a_report_is_ordered_and_made_once(at_once, chain):
    boss = User.objects.create_user("boss", role=Role.ADMIN)
    last = timezone.now().date() - timedelta(days=3)
    one = Report.objects.create(
        kind="days", first=last, last=last, repeats="weekly", next_last=last, ordered_by=boss,
        status="done",
    )  # fmt: skip
    one.theaters.set(chain)
    assert sum(at_once([order_reports_again] * 4)) == 1
    assert sum(at_once([make_reports] * 4)) == 1
    made = one.followed_by.get()
    days = reading().by("day", "currency", first=made.first, last=made.last)
    assert (made.status, made.rows) == ("done", len(days))
