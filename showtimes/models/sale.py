"""Whether a showtime is sold now, and if not, why."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from rest_framework import status as http
from rest_framework.exceptions import APIException


class Status(models.TextChoices):
    """What becomes of a showtime."""

    PLANNED = "planned"
    ON_SALE = "on_sale"
    CANCELLED = "cancelled"


CLOSED_SENTENCES = {
    "cancelled": "This showtime is cancelled.",
    "not_yet_on_sale": "This showtime is not on sale yet.",
    "started": "This showtime has already started.",
    "sales_ended": "Online sales for this showtime have ended.",
}


class SalesClosed(APIException):
    """The showtime is not sold now; the detail says why."""

    status_code = http.HTTP_409_CONFLICT
    default_code = "sales_closed"
    default_detail = "This showtime has already started."


def closed_because(
    *,
    status: str,
    starts_at: datetime,
    sales_from: datetime | None,
    sales_until: datetime | None,
) -> str:
    """Why no seat is sold now, as a key of CLOSED_SENTENCES; empty while sales are open."""
    now = timezone.now()
    if status == Status.CANCELLED:
        return "cancelled"
    if status == Status.PLANNED or (sales_from and now < sales_from):
        return "not_yet_on_sale"
    if now >= starts_at:
        return "started"
    return "sales_ended" if sales_until and now >= sales_until else ""
