"""Cancelling the whole showtime: what it would take, and doing it."""

from rest_framework import serializers
from rest_framework.response import Response

from bookings.calling_off import AtStake, CancelShowtimeSerializer
from showtimes.planning import cancel

from ...admin.columns import money
from .data import ShowtimeData


class SureSerializer(CancelShowtimeSerializer):
    sure = serializers.BooleanField()

    def validate_sure(self, sure):
        if not sure:
            raise serializers.ValidationError("Tick that you mean it.", code="not_sure")
        return sure


class CancelTheShowtime(ShowtimeData):
    """GET says what it would take; POST does it for good, and jobs give the money back."""

    def get(self, request, **kwargs):
        stake = AtStake.of(self.row)
        return Response(
            {
                "bookings": stake.bookings,
                "tickets": stake.tickets,
                "unpaid": stake.unpaid,
                "amount": money(stake.amount, stake.currency),
            }
        )

    def post(self, request, **kwargs):
        asked = SureSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        cancel(self.row, asked.validated_data["reason"])
        return Response(self.stands())
