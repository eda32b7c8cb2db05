"""How the plan stands, and seats that are kept back and put on sale again."""

from rest_framework import serializers, status
from rest_framework.response import Response

from showtimes.availability import etag_of
from showtimes.block_serializers import BlockRequestSerializer
from theaters.fields import IdField, ShortListField
from theaters.layouts import MOST_SEATS
from theaters.models import Seat

from .data import ShowtimeData


class HowItStands(ShowtimeData):
    """All that changes while people book. 304 for whoever has it already."""

    def get(self, request, **kwargs):
        said = self.stands()
        etag = etag_of(said)
        if request.headers.get("If-None-Match") == etag:
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": etag})
        return Response(said, headers={"ETag": etag})


class BlockSeats(ShowtimeData):
    """Keeps seats back, as POST to `showtimes/{id}/blocks/` does."""

    def post(self, request, **kwargs):
        context = {"showtime": self.row, "request": request}
        asked = BlockRequestSerializer(data=request.data, context=context)
        asked.is_valid(raise_exception=True)
        asked.save()
        return Response(self.stands(), status.HTTP_201_CREATED)


class SeatsSerializer(serializers.Serializer):
    seats = ShortListField(child=IdField(), allow_empty=False, max_length=MOST_SEATS)


class FreeSeats(ShowtimeData):
    """Puts seats on sale again that are blocked; of others nothing becomes."""

    def post(self, request, **kwargs):
        asked = SeatsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data["seats"]
        self.row.blocks.free(Seat.objects.filter(screen=self.row.screen_id, pk__in=wanted))
        return Response(self.stands())
