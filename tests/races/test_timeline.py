"""Parts of a booking that are given back at the same moment are told one by one."""

from decimal import Decimal

from bookings.models import Booking


def test_each_part_has_an_entry_of_its_own(at_once, paid, client_of, alice, showtime, seats):
    me = client_of(alice)
    booking = paid(me, showtime, seats[:6])
    path = f"/api/bookings/{booking['reference']}/"

    def give_back(code):
        client = client_of(alice)
        return client.post(f"{path}cancel/", {"tickets": [code]}).status_code

    codes = [ticket["code"] for ticket in booking["tickets"]]
    jobs = [lambda code=code: give_back(code) for code in codes]
    assert at_once(jobs) == [200] * 6
    told = [each for each in me.get(f"{path}timeline/").json() if each["event"] == "cancelled"]
    assert sorted(each["tickets"] for each in told) == sorted([code] for code in codes)
    due = sum(Decimal(each["amount"]) for each in told)
    assert due == Booking.objects.get().amount_due_back == Decimal("66.00")
