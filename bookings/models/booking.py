"""A booking: from seats that are held to seats that are sold, or let go again."""

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from history.remembering import Remembers, tell
from showtimes.contention import tried_twice
from showtimes.models import Showtime, TakenSeat
from showtimes.statements import ONE_UUID, Statement
from theaters.currencies import written
from theaters.models import Seat, Theater

from .booking_queryset import BookingQuerySet
from .cancellation import Cancellation, by_the_rule, in_full
from .letter import Letter
from .line import BookingLine
from .promo_code import PromoCode, PromoCodeRefused
from .refusals import (
    AlreadyOnItsWay,
    BookingClosed,
    HoldExpired,
    NobodyToWriteTo,
    TooLateToCancel,
)
from .ticket import Ticket, TicketsNotValid

# Letters and figures that nobody mistakes for one another, also on the telephone.
REFERENCE_ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"


SUM_WITHOUT_TAX = F("subtotal") - F("discount") + F("fees")
ASKED_IN_ALL = F("total") + F("amount_added")
HALF_A_THOUSANDTH = Decimal("0.0005")


def _is_nearly(field: str, amount) -> Q:
    """Equal to half a thousandth: SQLite keeps decimals as floats, whose sums are not exact."""
    lowest, highest = amount - HALF_A_THOUSANDTH, amount + HALF_A_THOUSANDTH
    return Q(**{f"{field}__gt": lowest, f"{field}__lt": highest})


def _is_at_most(field: str, amount) -> Q:
    """The same, one way."""
    return Q(**{f"{field}__lt": amount + HALF_A_THOUSANDTH})


def new_reference() -> str:
    """Eight characters, unguessable enough to be looked up by, not to be trusted with."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))


def has_run_out(status: str, held_until: datetime | None) -> bool:
    """Whether what has this status was held until a time that has passed."""
    return status == Booking.Status.PENDING and held_until <= timezone.now()


def hold_ends_at(since: datetime) -> datetime:
    """When seats are free again that are held from now on, and were by the same person `since`."""
    longest = since + timedelta(minutes=settings.LONGEST_HOLD_MINUTES)
    return min(timezone.now() + timedelta(minutes=settings.HOLD_MINUTES), longest)


class Booking(models.Model):
    """
    Seats of one showtime for one customer, at prices that were frozen when the seats were held.

    pending (seats held) → confirmed (paid, or nothing to pay) → cancelled; pending → expired or
    cancelled. Money is in `currency`, the theater's. `user` is empty for guests and for the box
    office; `access_key` is what a guest shows instead.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        CONFIRMED = "confirmed"
        CANCELLED = "cancelled"
        EXPIRED = "expired"

    # Of a booking only what staff do is remembered, by `tell`: its own changes are customers'.
    remembers = Remembers(theater="showtime.screen.theater_id")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    access_key = models.CharField(
        max_length=43, unique=True, default=secrets.token_urlsafe, editable=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="bookings",
        null=True,
        blank=True,
    )
    contact_name = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="bookings")
    promo_code = models.ForeignKey(
        PromoCode, on_delete=models.PROTECT, related_name="bookings", null=True, blank=True
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    held_until = models.DateTimeField(null=True, blank=True)
    held_since = models.DateTimeField(
        default=timezone.now, help_text="Also by the holds that this one took the place of."
    )
    extended_at = models.DateTimeField(null=True, blank=True)

    currency = models.CharField(max_length=3)
    subtotal = models.DecimalField(max_digits=12, decimal_places=3)
    discount = models.DecimalField(max_digits=12, decimal_places=3)
    fees = models.DecimalField(max_digits=12, decimal_places=3)
    tax = models.DecimalField(max_digits=12, decimal_places=3)
    total = models.DecimalField(max_digits=12, decimal_places=3)
    amount_due_back = models.DecimalField(
        max_digits=12,
        decimal_places=3,
        default=0,
        help_text="What cancelled or cheaper tickets entitle the customer to, of what was paid.",
    )
    amount_added = models.DecimalField(
        max_digits=12,
        decimal_places=3,
        default=0,
        help_text="What was paid on top of the total, for dearer seats that came in exchange.",
    )

    amount_gone_back = models.DecimalField(
        max_digits=12,
        decimal_places=3,
        default=0,
        help_text="What of it went back or is on its way, or a bank has: also what nobody was due.",
    )

    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    expired_at = models.DateTimeField(null=True, blank=True)
    paid_too_late_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When money came that could not buy it any more, and goes back.",
    )
    disputed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since when a bank has had the money back; empty when none has, or not any more.",
    )

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="bookings_of_a_person"),
            models.Index(fields=["created_at"], name="bookings_by_when_made"),
            models.Index(
                fields=["held_until"], condition=Q(status="pending"), name="bookings_to_expire"
            ),
            models.Index(
                fields=["confirmed_at"],
                condition=Q(confirmed_at__isnull=False),
                name="bookings_by_when_they_sold",
            ),
            models.Index(
                Lower("contact_email"),
                condition=Q(status="pending", user=None),
                name="pending_bookings_of_a_guest",
            ),
            models.Index(
                Lower("contact_email"), condition=Q(user=None), name="bookings_of_a_guest"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="pending") | Q(held_until__isnull=False),
                name="a_pending_booking_has_an_end",
            ),
            models.CheckConstraint(
                condition=_is_nearly("total", SUM_WITHOUT_TAX)
                | _is_nearly("total", SUM_WITHOUT_TAX + F("tax")),
                name="total_is_the_sum_of_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(amount_due_back__gte=0) & _is_at_most("amount_due_back", ASKED_IN_ALL),
                name="no_more_is_due_back_than_was_asked",
            ),
        ]

    def __str__(self):
        return self.reference

    def title_to_remember(self) -> str:
        """What the history of what staff did calls it."""
        return f"Booking {self.reference}"

    @property
    def hold_has_run_out(self) -> bool:
        """Whether the seats were held until a time that has passed."""
        return has_run_out(self.status, self.held_until)

    @property
    def status_now(self) -> str:
        """The status that people see: a hold that ran out is over before any job has looked."""
        return self.Status.EXPIRED if self.hold_has_run_out else self.status

    @property
    def theater(self) -> Theater:
        return self.showtime.theater

    @property
    def is_disputed(self) -> bool:
        """Whether a bank has taken the money back, or is about to: ask at the door."""
        return self.disputed_at is not None

    def check_can_be_paid(self):
        """Raises HoldExpired or BookingClosed unless the seats are held for this booking now."""
        if self.status == self.Status.EXPIRED or self.hold_has_run_out:
            raise HoldExpired
        if self.status != self.Status.PENDING:
            raise BookingClosed(f"This booking is {self.status}.")

    @property
    def issued_tickets(self) -> Iterable[Ticket]:
        """Its tickets. A booking that was never confirmed has none, and is not asked."""
        return self.tickets.all() if self.confirmed_at else []

    # Whoever calls it within a transaction of their own gives up the whole of it when it raises.
    @transaction.atomic(savepoint=False)
    def confirm(self):
        """
        Sell the held seats for good and issue their tickets.

        A booking whose hold ran out gets its seats again if they are still free. Raises SeatsTaken
        if they are not, SalesClosed if the showtime is cancelled or not any more where it was, and
        BookingClosed for a booking that is confirmed or cancelled already, whose showtime is over
        or was moved, or whose promo code was used up after the hold ran out; nothing is changed
        then.
        """
        self._use_promo_code_again()
        is_late = self.status == self.Status.EXPIRED or self.hold_has_run_out
        self._become(
            self.Status.CONFIRMED,
            coming_from=[self.Status.PENDING, self.Status.EXPIRED],
            confirmed_at=timezone.now(),
        )
        lines = self._keep_lines(LINES.models(self.pk))
        seats = [line.seat for line in lines if line.kind == BookingLine.Kind.SEAT]
        showtime = self.showtime.take(seats, self.pk, until=None)
        if showtime.ends_at <= timezone.now():
            raise BookingClosed("The showtime is over.")
        if showtime.moved_at and showtime.moved_at > self.created_at:
            raise BookingClosed("The showtime was moved after the seats were let go.")
        Ticket.objects.issue(self, lines)
        Letter.objects.write(self, Letter.Kind.FOUND_AGAIN if is_late else Letter.Kind.CONFIRMED)

    def _keep_lines(self, lines: list[BookingLine]) -> list[BookingLine]:
        """`lines`, which never change: the invoice, which asks next, need not read them again."""
        for line in lines:
            line.booking = self
        kept = self.lines.all()
        kept._result_cache = lines
        self._prefetched_objects_cache = getattr(self, "_prefetched_objects_cache", {})
        self._prefetched_objects_cache["lines"] = kept
        return lines

    def _use_promo_code_again(self):
        # Its use ended with the hold, and others may have had it since.
        if self.promo_code is None or not self.promo_code.is_limited:
            return
        code = self.promo_code.locked()
        if self.held_until is None or self.held_until > timezone.now():
            return
        try:
            code.check_uses_are_left(user=self.user, email=self.contact_email, apart_from=self)
        except PromoCodeRefused as refusal:
            raise BookingClosed("The promo code was used by others meanwhile.") from refusal

    @transaction.atomic
    def extend(self):
        """
        Give the customer who starts to pay HOLD_MINUTES from now, once, and never more than
        LONGEST_HOLD_MINUTES in all. Does nothing the second time. Raises HoldExpired.
        """
        now = timezone.now()
        until = max(self.held_until, hold_ends_at(self.held_since))
        rows = Booking.objects.held_now().filter(pk=self.pk, extended_at=None)
        if rows.update(extended_at=now, held_until=until):
            self._keep_seats(until)
            self.extended_at, self.held_until = now, until
        elif not Booking.objects.held_now().filter(pk=self.pk).exists():
            raise HoldExpired

    def _keep_seats(self, until):
        # In the instant in which a hold ends, somebody else may be taking its seats over.
        seats = self.lines.filter(kind=BookingLine.Kind.SEAT).count()
        if TakenSeat.objects.held_by(self.pk).extend(until) != seats:
            raise HoldExpired

    def came_too_late(self, at: datetime):
        """
        Money came for it `at` a time when it could not be bought any more, and goes back. Does
        nothing to a booking that other money has bought.
        """
        unbought = Booking.objects.filter(pk=self.pk, confirmed_at=None, paid_too_late_at=None)
        unbought.update(paid_too_late_at=at)

    @transaction.atomic
    def expire(self):
        """Give up a booking whose hold ran out. Raises BookingClosed if it is not pending."""
        self._become(
            self.Status.EXPIRED, coming_from=[self.Status.PENDING], expired_at=timezone.now()
        )
        TakenSeat.objects.held_by(self.pk).let_go()

    @tried_twice
    @transaction.atomic
    def let_go(self):
        """Free the seats of an unpaid booking. Raises BookingClosed if it is not pending, Busy."""
        self._let_go()
        tell(self, hold=["held", "let go"])

    def make_room(self, seats: Iterable[Seat]):
        """
        Let go for another booking of the same customer, which takes `seats` in the same
        transaction. Does nothing if the hold ran out. Raises BookingClosed if it was paid or let
        go meanwhile.
        """
        if self.status_now == self.Status.EXPIRED:
            return
        # The booking before its seats, as whoever confirms it. The seats of both in the order of
        # `take`: two who exchange theirs do not wait in a circle.
        self._give_up()
        self.showtime.lock(seats, holder=self.pk)
        TakenSeat.objects.held_by(self.pk).let_go()

    def _let_go(self):
        self._give_up()
        TakenSeat.objects.held_by(self.pk).let_go()

    def _give_up(self):
        if self.hold_has_run_out:
            raise HoldExpired
        self._become(
            self.Status.CANCELLED, coming_from=[self.Status.PENDING], cancelled_at=timezone.now()
        )

    def cancellation(self, tickets: Iterable[Ticket] | None = None) -> Cancellation:
        """
        What `cancel` would give back now for `tickets`, or for all that are valid. Raises what it
        would, and changes nothing.
        """
        by_the_house = self.showtime.status == Showtime.Status.CANCELLED
        if by_the_house or self.status != self.Status.CONFIRMED:
            return self.cancellation_in_full(tickets)
        self._check_may_still_cancel()
        return by_the_rule(self, self._still_good(tickets))

    def cancellation_in_full(self, tickets: Iterable[Ticket] | None = None) -> Cancellation:
        """The same for `cancel_in_full`."""
        if self.hold_has_run_out:
            raise HoldExpired
        if self.status == self.Status.PENDING:
            return Cancellation(self, [])
        if self.status != self.Status.CONFIRMED:
            raise BookingClosed(f"This booking is {self.status}.")
        return in_full(self, self._still_good(tickets))

    def cancel(self, tickets: Iterable[Ticket] | None = None) -> Cancellation:
        """
        Take back `tickets`, or all that are valid; their seats are free in the same transaction. A
        booking that is not paid is let go whole.

        What the customer is to get back follows from the theater's rule (all of it once the
        showtime is cancelled) and is recorded in `amount_due_back`; the money is given back by
        payments. Raises TooLateToCancel after the theater's cutoff, TicketsNotValid if a ticket is
        void or was used already, BookingClosed, Busy.
        """
        return self._cancel(tickets, Booking.cancellation)

    def cancel_in_full(self, tickets: Iterable[Ticket] | None = None) -> Cancellation:
        """
        The same as a favour of the house, for its managers to grant: all that was paid comes back,
        fee included, and there is no cutoff.
        """
        return self._cancel(tickets, Booking.cancellation_in_full)

    @tried_twice
    @transaction.atomic
    def _cancel(self, tickets, offer) -> Cancellation:
        booking = self._locked()
        given_back = offer(booking, tickets)
        if booking.status == self.Status.PENDING:
            self._let_go()
            tell(booking, hold=["held", "let go"])
            return given_back
        booking._void(given_back)
        back = written(given_back.back, given_back.currency)
        tell(booking, tickets=[given_back.called, f"{back} back"])
        self.refresh_from_db()
        return given_back

    @transaction.atomic
    def send_tickets_again(self):
        """
        Have the tickets that are good mailed to the customer once more. Raises BookingClosed where
        there are none, SalesClosed for a showtime that is cancelled, NobodyToWriteTo without an
        address, and AlreadyOnItsWay.
        """
        booking = self._locked()
        booking.showtime.check_is_not_cancelled()
        if not booking.tickets.valid().exists():
            raise BookingClosed("This booking has no tickets that are good.")
        kinds = [Letter.Kind.CONFIRMED, Letter.Kind.FOUND_AGAIN]
        if booking.letters.waiting().filter(kind__in=kinds).exists():
            raise AlreadyOnItsWay
        if not Letter.objects.write(booking, Letter.Kind.CONFIRMED):
            raise NobodyToWriteTo
        tell(booking, mail=[None, "the tickets again"])

    @transaction.atomic
    def call_off(self):
        """
        The house has cancelled the showtime: void all tickets, used or not, and owe all that was
        paid for them, fee included; let an unpaid booking go. What was kept for tickets that were
        given back before stays kept. Raises BookingClosed for others.
        """
        booking = self._locked()
        if booking.status == self.Status.PENDING:
            booking._become(
                self.Status.CANCELLED,
                coming_from=[self.Status.PENDING],
                cancelled_at=timezone.now(),
            )
            TakenSeat.objects.held_by(self.pk).let_go()
            return
        if booking.status != self.Status.CONFIRMED:
            raise BookingClosed(f"This booking is {booking.status}.")
        given_back = in_full(booking, booking.tickets.valid())
        booking.tickets.call_off()
        called_off = booking.exchanges.call_off()
        booking._take_seats_back([one.ticket for one in given_back.tickets], called_off)
        booking._owe(given_back, Letter.Kind.SHOWTIME_CANCELLED)

    def _still_good(self, tickets: Iterable[Ticket] | None) -> list[Ticket]:
        """`tickets`, or all that are valid. Raises TicketsNotValid if one is void or was used."""
        if tickets is None:
            tickets = self.tickets.valid().select_related("seat__category")
        tickets = list(tickets)
        for ticket in tickets:
            ticket.booking = self
        if any(one.admitted_at or one.status != Ticket.Status.VALID for one in tickets):
            raise TicketsNotValid
        return tickets

    def _locked(self) -> "Booking":
        whole = Booking.objects.select_related("showtime__screen__theater")
        return whole.select_for_update(of=("self",)).get(pk=self.pk)

    def _void(self, given_back: Cancellation):
        tickets = [one.ticket for one in given_back.tickets]
        called_off = self.exchanges.of_tickets(tickets).call_off()
        self.tickets.void(tickets)
        self._take_seats_back(tickets, called_off)
        self._owe(given_back, Letter.Kind.CANCELLED)

    def _take_seats_back(self, tickets: list[Ticket], called_off: list[uuid.UUID]):
        seats = [ticket.seat_id for ticket in tickets]
        # Together, in the order of `take`: also what an exchange of these tickets holds.
        TakenSeat.objects.filter(
            Q(holder=self.pk, seat__in=seats) | Q(holder__in=called_off)
        ).let_go()

    def _owe(self, given_back: Cancellation, letter: str):
        due = self.amount_due_back + given_back.due
        Booking.objects.filter(pk=self.pk).update(amount_due_back=due)
        self.tickets.give_back(given_back.tickets)
        Letter.objects.write(
            self,
            letter,
            tickets=[one.ticket.code for one in given_back.tickets],
            due=given_back.back,
            already=given_back.back_already,
        )
        if not self.tickets.valid().exists():
            self._become(
                self.Status.CANCELLED,
                coming_from=[self.Status.CONFIRMED],
                cancelled_at=timezone.now(),
            )

    def _check_may_still_cancel(self):
        minutes = self.theater.cancellation_cutoff_minutes
        if timezone.now() > self.showtime.starts_at - timedelta(minutes=minutes):
            raise TooLateToCancel(
                f"Tickets are taken back until {minutes} minutes before the start."
            )

    def _become(self, new, *, coming_from, **changes):
        rows = Booking.objects.filter(pk=self.pk, status__in=coming_from).update(
            status=new, **changes
        )
        if not rows:
            now = Booking.objects.values_list("status", flat=True).get(pk=self.pk)
            raise BookingClosed(f"This booking is {now}.")
        self.status = new
        for name, value in changes.items():
            setattr(self, name, value)


def _lines():
    return BookingLine.objects.filter(booking=ONE_UUID).select_related("seat")


LINES = Statement(_lines)
