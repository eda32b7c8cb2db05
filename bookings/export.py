"""What we hold about a person's bookings, for their own eyes."""

from .models import Booking
from .serializers import HeldBookingSerializer, TicketSerializer


class TicketRecord(TicketSerializer):
    """A ticket without the address of its picture."""

    qr = None

    class Meta(TicketSerializer.Meta):
        fields = [name for name in TicketSerializer.Meta.fields if name != "qr"]


class BookingRecord(HeldBookingSerializer):
    tickets = TicketRecord(many=True)

    class Meta(HeldBookingSerializer.Meta):
        pass


def bookings(user) -> list[dict]:
    """All bookings of `user`, with lines, tickets and access keys."""
    return BookingRecord(Booking.objects.owned_by(user).with_details(), many=True).data
