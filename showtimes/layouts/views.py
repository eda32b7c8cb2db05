"""The layout of a screen."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from theaters.models import Screen
from theaters.permissions import RunsTheTheaterOrReadOnly

from ..contention import Busy
from .changes import LayoutChanged, SeatsSold
from .serializers import LayoutSerializer


class LayoutView(generics.GenericAPIView):
    """
    Where the seats of a screen are, as text and as seats. What this answers can be sent back, in
    either form, and changes nothing.
    """

    permission_classes = [RunsTheTheaterOrReadOnly]
    serializer_class = LayoutSerializer
    queryset = Screen.objects.select_related("theater")
    raises = {"put": [LayoutChanged, SeatsSold, Busy]}

    @extend_schema(summary="Show the layout of a screen")
    def get(self, request, pk):
        return Response(self._serializer(self.get_object()).data)

    @extend_schema(summary="Change the layout of a screen")
    def put(self, request, pk):
        """
        Replace the layout, by its theater's managers and admins. A seat is its row and number: what
        stays keeps its id, also when it moves on the plan. A layout that would drop a seat which is
        taken for a showtime that is not over, or give it another category or kind, is refused with
        `showtimes`: which they are, and which `seats` are taken there.
        """
        asked = self._serializer(self.get_object(), data=request.data)
        asked.is_valid(raise_exception=True)
        asked.save()
        return Response(asked.data)

    def _serializer(self, screen, **kwargs):
        context = {**self.get_serializer_context(), "screen": screen}
        return self.get_serializer(screen, context=context, **kwargs)
