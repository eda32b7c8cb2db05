"""Bookings that are looked up at the page of a showtime, and what is done with one."""

from django.db.models import Case, QuerySet, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from bookings.cancelling import CancellationSerializer, CancelSerializer
from bookings.choices import check_what_is_kept
from bookings.models import Booking

from ...admin.columns import local, money
from .data import ShowtimeData
from .one_booking import booking_in_full, when_and_where

MOST_FOUND = 20


class Find(ShowtimeData):
    """
    Bookings that `q` means: those of this showtime first, then all that one may see. With `here`
    only the former, which are found at once, however many bookings there are.
    """

    def get(self, request, **kwargs):
        found = self.bookings.called(request.query_params.get("q", ""))
        if "here" in request.query_params:
            found = found.filter(showtime=self.row)
        here = Case(When(showtime=self.row, then=Value(0)), default=Value(1))
        found = found.annotate(elsewhere=here).order_by("elsewhere", "-showtime__starts_at", "pk")
        rows = list(found[: MOST_FOUND + 1])
        return Response(
            {"found": [_listed(one) for one in rows[:MOST_FOUND]], "more": len(rows) > MOST_FOUND}
        )


def _listed(booking: Booking) -> dict:
    page = reverse("admin:showtime_page", args=[booking.showtime_id])
    return {
        "reference": booking.reference,
        "name": booking.contact_name or booking.contact_email,
        "contact": booking.contact_phone or booking.contact_email,
        "status": booking.status_now,
        "tickets": booking.ticket_count or 0,
        "total": money(booking.total, booking.currency),
        "where": when_and_where(booking.showtime) if booking.elsewhere else "",
        "page": f"{page}?booking={booking.reference}" if booking.elsewhere else "",
    }


class BookingData(ShowtimeData):
    """About one booking of the showtime."""

    def initial(self, request, *args, reference, **kwargs):
        super().initial(request, *args, **kwargs)
        self.booking = self._found(self.bookings, reference)

    def _found(self, bookings: QuerySet, reference: str) -> Booking:
        if not reference.isalnum():
            raise Http404
        return get_object_or_404(bookings, showtime=self.row, reference=reference.upper())

    def shown(self) -> Response:
        """The booking, and how the showtime stands, after what was done."""
        booking = self._found(self.bookings, self.booking.reference)
        return Response({"booking": booking_in_full(booking), "now": self.stands()})


class OneBooking(BookingData):
    """All that there is to know of it."""

    def get(self, request, **kwargs):
        return Response(booking_in_full(self.booking))


class OfferBack(BookingData):
    """What would come back for tickets: by the theater's rule, and in full. Changes nothing."""

    def post(self, request, **kwargs):
        tickets = _tickets(self.booking, request.data)
        ways = {name: getattr(self.booking, offer) for name, (offer, _) in WAYS.items()}
        return Response({name: _offered(offer, tickets) for name, offer in ways.items()})


# By their names for the script: what is asked before, and what is done.
WAYS = {
    "by_the_rule": ("cancellation", "cancel"),
    "in_full": ("cancellation_in_full", "cancel_in_full"),
}


def _offered(offer, tickets) -> dict:
    try:
        offered = offer(tickets)
    except APIException as refusal:
        return {"refused": str(refusal.detail)}
    reasons = {kept.detail: "" for one in offered.tickets for kept in one.kept_for}
    return {
        "amount": CancellationSerializer(offered).data["back"],
        "back": money(offered.back, offered.currency),
        "kept": money(offered.kept, offered.currency) if offered.kept else "",
        "why": " ".join(reasons),
        "until": local(offered.until, offered.theater.zone),
    }


def _tickets(booking: Booking, data):
    asked = CancelSerializer(data=data, context={"booking": booking})
    asked.is_valid(raise_exception=True)
    tickets = asked.validated_data.get("tickets")
    if tickets:
        check_what_is_kept(booking, tickets)
    return tickets


class OtherAmount(APIException):
    """By now something else would come back than what was said before."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "other_amount"
    default_detail = "Another amount would come back now. Look at it again."


class HowSerializer(CancelSerializer):
    how = serializers.ChoiceField(choices=list(WAYS))
    back = serializers.DecimalField(
        max_digits=12, decimal_places=3, help_text="What was said to come back."
    )


class CancelTickets(BookingData):
    """Takes tickets back, for the amount that was said before."""

    def post(self, request, **kwargs):
        asked = HowSerializer(data=request.data, context={"booking": self.booking})
        asked.is_valid(raise_exception=True)
        offer, do = WAYS[asked.validated_data["how"]]
        tickets = asked.validated_data.get("tickets")
        if tickets:
            check_what_is_kept(self.booking, tickets)
        if getattr(self.booking, offer)(tickets).back != asked.validated_data["back"]:
            raise OtherAmount
        getattr(self.booking, do)(tickets)
        return self.shown()


class LetGo(BookingData):
    """Frees the seats of a booking that is not paid, as DELETE of `bookings/{reference}/` does."""

    def post(self, request, **kwargs):
        self.booking.let_go()
        return self.shown()


class SendAgain(BookingData):
    """Mails the tickets once more."""

    def post(self, request, **kwargs):
        self.booking.send_tickets_again()
        return self.shown()
