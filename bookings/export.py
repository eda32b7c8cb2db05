"""What we hold about a person's bookings, for their own eyes."""

from django.db.models import Prefetch

from .exchanges.serializers import ExchangeSerializer
from .models import Booking, Exchange
from .serializers import HeldBookingSerializer, TicketSerializer


class TicketRecord(TicketSerializer):
    """A ticket without the address of its picture."""

    qr = None

    class Meta(TicketSerializer.Meta):
        fields = [name for name in TicketSerializer.Meta.fields if name != "qr"]


class BookingRecord(HeldBookingSerializer):
    tickets = TicketRecord(many=True)
    alternative = None
    exchanges = ExchangeSerializer(many=True)

    class Meta(HeldBookingSerializer.Meta):
        fields = [
            *(name for name in HeldBookingSerializer.Meta.fields if name != "alternative"),
            "exchanges",
        ]


def bookings(user) -> list[dict]:
    """All bookings of `user`, with lines, tickets, exchanges and access keys."""
    mine = Booking.objects.owned_by(user).with_details()
    mine = mine.prefetch_related(Prefetch("exchanges", Exchange.objects.with_details()))
    return BookingRecord(mine, many=True).data
