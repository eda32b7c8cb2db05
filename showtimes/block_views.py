"""The seats that managers block: why, and until when, is nobody else's business."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from retries.once import once

from .block_serializers import BlockRequestSerializer, BlockSerializer
from .contention import Busy
from .models import SalesClosed, SeatBlock, SeatsRemoved, SeatsTaken, Showtime, with_seats_now
from .permissions import ManagesTheaters

MAY_BE_LOST = [SeatsTaken, SeatsRemoved, SalesClosed, Busy]


class BlockView(generics.GenericAPIView):
    """Of the theaters that one manages."""

    permission_classes = [IsAuthenticated, ManagesTheaters]
    serializer_class = BlockRequestSerializer
    queryset = SeatBlock.objects.select_related("showtime__screen__theater", "created_by")

    def get_queryset(self):
        return super().get_queryset().managed_by(self.request.user)

    def shown(self, block, code=status.HTTP_200_OK):
        [block] = with_seats_now(self.get_queryset().filter(pk=block.pk))
        return Response(BlockSerializer(block).data, code)


class BlocksOfAShowtimeView(BlockView):
    """
    The seats of a showtime that are blocked, in the order in which they were, by those who manage
    its theater. Customers see such a seat as taken.
    """

    raises = {"post": MAY_BE_LOST}

    @property
    def showtime(self) -> Showtime:
        mine = Showtime.objects.managed_by(self.request.user).select_related("screen__theater")
        return get_object_or_404(mine, pk=self.kwargs["pk"])

    @extend_schema(
        operation_id="showtimes_blocks_list",
        summary="List the blocks of a showtime",
        responses=BlockSerializer(many=True),
    )
    def get(self, request, pk):
        blocks = self.get_queryset().filter(showtime=self.showtime)
        page = with_seats_now(self.paginate_queryset(blocks))
        return self.get_paginated_response(BlockSerializer(page, many=True).data)

    @extend_schema(
        operation_id="showtimes_blocks_create",
        summary="Block seats of a showtime",
        responses={201: BlockSerializer},
    )
    @once
    def post(self, request, pk):
        """
        Keep seats back from sale, with a reason: all of them or none. Those that are sold, held or
        blocked already are named. `freed_minutes_before` the start they are free again, by
        themselves; without it they stay blocked.
        """
        context = self.get_serializer_context() | {"showtime": self.showtime}
        asked = BlockRequestSerializer(data=request.data, context=context)
        asked.is_valid(raise_exception=True)
        return self.shown(asked.save(), status.HTTP_201_CREATED)


class OneBlockView(BlockView):
    """Seats that were blocked together. Which of them still are, each says."""

    raises = {"patch": MAY_BE_LOST, "delete": [Busy]}

    @extend_schema(summary="Show a block", responses=BlockSerializer)
    def get(self, request, pk):
        return self.shown(self.get_object())

    @extend_schema(summary="Change a block", responses=BlockSerializer)
    def patch(self, request, pk):
        """
        Change what is sent. `seats` are replaced as a whole: those left out are free at once,
        others are taken. Another time blocks all its seats anew, also such as were freed; if one
        was sold meanwhile, nothing is changed.
        """
        block = self.get_object()
        asked = self.get_serializer(block, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        return self.shown(asked.save())

    @extend_schema(summary="Free the seats of a block", responses={204: None})
    def delete(self, request, pk):
        """Free all its seats at once, and forget it."""
        self.get_object().lift()
        return Response(status=status.HTTP_204_NO_CONTENT)
