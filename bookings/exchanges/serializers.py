"""What the API says and hears about exchanges."""

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from bookings.models import BookingLine, Exchange, Swap
from bookings.serializers import TICKET, TicketSeatSerializer
from showtimes.price_rules import TicketType
from theaters.fields import AmountField, IdField, ShortListField, TheaterTimeField
from theaters.models import Seat

WISH = {"swaps": [{"ticket": TICKET["code"], "seat": 503}]}
SWAP = {
    "ticket": TICKET["code"],
    "type": "adult",
    "old_seat": TICKET["seat"],
    "old_price": "11.00",
    "new_seat": {"id": 503, "row": "B", "number": 1, "category": "Gold", "kind": "standard"},
    "new_price": "15.50",
    "new_ticket": None,
}
COST = {
    "currency": "EUR",
    "swaps": [SWAP],
    "lines": [
        {"kind": "seat", "description": "Seat B1, Gold, instead of A1", "amount": "4.50"},
    ],
    "tax": "0.72",
    "difference": "4.50",
}
EXCHANGE = {
    "id": "0d6b7c1e-5b3f-4c55-8a53-6f6f3f1d2a10",
    "status": "pending",
    "held_until": "2026-11-21T19:42:11+01:00",
    **COST,
    "created_at": "2026-11-21T19:32:11+01:00",
    "done_at": None,
}
DONE = EXCHANGE | {
    "status": "done",
    "held_until": None,
    "swaps": [SWAP | {"new_ticket": "Q3ZJMX4D2L7N5WVYRH6TKAEUGP", "new_price": "9.00"}],
    "lines": [{"kind": "seat", "description": "Seat B1, Bench, instead of A1", "amount": "-2.00"}],
    "tax": "-0.32",
    "difference": "-2.00",
    "done_at": "2026-11-21T19:32:11+01:00",
}


class WishSerializer(serializers.Serializer):
    """A ticket to give, and the seat to have instead."""

    ticket = serializers.CharField(max_length=26, help_text="Its code.")
    seat = IdField(help_text="The id of a seat of the same screen.")


@extend_schema_serializer(examples=[OpenApiExample("One ticket", WISH)])
class ExchangeRequestSerializer(serializers.Serializer):
    """Each ticket stays for whom it was: an adult, a child. Prices are never sent."""

    swaps = ShortListField(
        child=WishSerializer(), allow_empty=False, max_length=settings.MAX_SEATS_PER_BOOKING
    )

    def validate_swaps(self, swaps):
        for name in ("ticket", "seat"):
            if len({swap[name] for swap in swaps}) != len(swaps):
                raise serializers.ValidationError(f"A {name} is named twice.", code="repeated")
        tickets, seats = self._tickets(swaps), self._seats(swaps)
        return {tickets[swap["ticket"]]: seats[swap["seat"]] for swap in swaps}

    def _tickets(self, swaps) -> dict[str, int]:
        wanted = [swap["ticket"] for swap in swaps]
        tickets = self.context["booking"].tickets.filter(code__in=wanted)
        found = dict(tickets.values_list("code", "pk"))
        if len(found) != len(wanted):
            raise serializers.ValidationError(
                "Not a ticket of this booking.", code="does_not_exist"
            )
        return found

    def _seats(self, swaps) -> dict[int, Seat]:
        wanted = [swap["seat"] for swap in swaps]
        screen = self.context["booking"].showtime.screen_id
        found = Seat.objects.filter(screen=screen, active=True, pk__in=wanted)
        found = {seat.pk: seat for seat in found.select_related("category")}
        if strangers := [str(pk) for pk in wanted if pk not in found]:
            raise serializers.ValidationError(
                f"Not seats of this showtime's screen: {', '.join(strangers)}.",
                code="not_of_this_screen",
            )
        return found


class SwapSerializer(serializers.ModelSerializer):
    """A ticket, the seat that it was for, and the one that it is exchanged for."""

    ticket = serializers.CharField(source="old_ticket.code")
    type = serializers.ChoiceField(choices=TicketType.choices, source="old_ticket.type")
    old_seat = TicketSeatSerializer(source="old_ticket.seat")
    old_price = AmountField(source="old_ticket.price")
    new_seat = TicketSeatSerializer(source="seat")
    new_price = AmountField(source="price")
    new_ticket = serializers.SlugRelatedField("code", read_only=True, allow_null=True)

    class Meta:
        model = Swap
        fields = list(SWAP)


class ChangeSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=BookingLine.Kind.choices)
    description = serializers.CharField()
    amount = serializers.CharField(help_text="More to pay, or less where it is negative.")


class DifferenceSerializer(serializers.ModelSerializer):
    """
    What changes, line by line; the amounts of the lines add up to `difference` exactly. Positive:
    that is to be paid; negative: that goes back. `tax` is the tax in it.
    """

    currency = serializers.CharField(read_only=True)
    swaps = SwapSerializer(many=True, read_only=True)
    lines = ChangeSerializer(many=True, read_only=True)
    tax = AmountField()
    difference = AmountField()


@extend_schema_serializer(examples=[OpenApiExample("To a better seat", COST)])
class ExchangeQuoteSerializer(DifferenceSerializer):
    class Meta:
        model = Exchange
        fields = list(COST)


@extend_schema_serializer(
    examples=[OpenApiExample("Waiting to be paid", EXCHANGE), OpenApiExample("Done", DONE)]
)
class ExchangeSerializer(DifferenceSerializer):
    """
    An exchange. `pending`: the new seats are held until `held_until`, the old tickets are good.
    `done`: each swap has its `new_ticket`, and the old ones are void. `expired`: the time to pay
    ran out; `cancelled`: it was let go. The old tickets are good in either case.
    """

    status = serializers.ChoiceField(choices=Exchange.Status.choices, source="status_now")
    held_until = TheaterTimeField(allow_null=True)
    created_at = TheaterTimeField()
    done_at = TheaterTimeField(allow_null=True)

    class Meta:
        model = Exchange
        fields = list(EXCHANGE)
