"""How a request shows that it may see a booking."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from .models import Booking

HEADER = "Access-Key"
PARAMETERS = [
    OpenApiParameter(
        HEADER,
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        description="The booking's `access_key`, for guests.",
    ),
    OpenApiParameter(
        "access_key",
        OpenApiTypes.STR,
        description="The same, where a header cannot be sent: links and pictures.",
    ),
]


def access_key_of(request) -> str:
    """The key that a guest shows for their booking, or an empty string."""
    return request.headers.get(HEADER) or request.query_params.get("access_key", "")


def visible_bookings(request):
    """The bookings that the sender of `request` may see."""
    return Booking.objects.for_user(request.user, access_key=access_key_of(request))
