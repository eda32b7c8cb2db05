"""An exchange of seats: tickets of a booking for others of the same showtime, and what it costs."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from history.remembering import tell
from showtimes.contention import tried_twice
from showtimes.models import Showtime, TakenSeat
from theaters.models import Seat, Theater

from .booking import Booking, BookingClosed, HoldExpired
from .letter import Letter
from .ticket import Ticket


class ExchangeQuerySet(models.QuerySet):
    def pending(self):
        """Those that wait for money, or did when a job last looked."""
        return self.filter(status=Exchange.Status.PENDING)

    def overdue(self):
        """Pending ones whose hold has run out."""
        return self.pending().filter(held_until__lte=timezone.now())

    def of_tickets(self, tickets: Iterable[Ticket]):
        """Those that would take one of `tickets` back."""
        return self.filter(swaps__old_ticket__in=tickets).distinct()

    def call_off(self) -> list[UUID]:
        """
        Cancel those that are pending, and answer their ids, by which they hold seats that are now
        to be let go; must run in a transaction.
        """
        pending = Exchange.objects.pending().filter(pk__in=self.order_by().values("pk"))
        gone = list(pending.select_for_update().values_list("pk", flat=True))
        if gone:
            Exchange.objects.filter(pk__in=gone).update(
                status=Exchange.Status.CANCELLED, cancelled_at=timezone.now()
            )
        return gone

    def with_details(self):
        """Each with all that the API says of it, in four queries however many they are."""
        return self.select_related("booking__showtime__screen__theater").prefetch_related(
            models.Prefetch("swaps", Swap.objects.with_details())
        )


class Exchange(models.Model):
    """
    Tickets of a confirmed booking that are exchanged for other seats of its showtime. A document of
    its own: the lines and the total of the booking stay as they were frozen.

    `difference` is what the customer owes for it, or, where it is negative, is owed; `tax` the tax
    in it; both in the booking's currency. What is not dearer is done at once. A dearer one is
    pending until `held_until`, its new seats held under its own id, while the old ones stay good:
    pending → done (paid), expired or cancelled.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        CANCELLED = "cancelled"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="exchanges")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    difference = models.DecimalField(max_digits=12, decimal_places=3)
    tax = models.DecimalField(max_digits=12, decimal_places=3)
    lines = models.JSONField(
        default=list, help_text="What adds up to the difference: kind, description, amount and tax."
    )
    held_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    expired_at = models.DateTimeField(null=True, blank=True)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["held_until"], condition=Q(status="pending"), name="exchanges_to_expire"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(status="pending"),
                name="one_pending_exchange_per_booking",
            ),
            models.CheckConstraint(
                condition=~Q(status="pending") | Q(held_until__isnull=False),
                name="a_pending_exchange_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(status="done") | Q(difference__gt=0),
                name="only_a_dearer_exchange_waits",
            ),
        ]

    def __str__(self):
        return f"Exchange of {self.booking}"

    @property
    def currency(self) -> str:
        return self.booking.currency

    @property
    def theater(self) -> Theater:
        return self.booking.theater

    @property
    def hold_has_run_out(self) -> bool:
        """Whether the new seats were held until a time that has passed."""
        return self.status == self.Status.PENDING and self.held_until <= timezone.now()

    @property
    def status_now(self) -> str:
        """The status that people see: a hold that ran out is over before any job has looked."""
        return self.Status.EXPIRED if self.hold_has_run_out else self.status

    @property
    def words(self) -> str:
        """What is exchanged for what: A1 → B1, A2 → B2."""
        return ", ".join(
            f"{swap.old_ticket.seat.label} → {swap.seat.label}" for swap in self.swaps.all()
        )

    def check_can_be_paid(self):
        """Raises HoldExpired or BookingClosed unless the new seats are held for it now."""
        if self.status_now == self.Status.EXPIRED:
            raise HoldExpired(
                "The time to pay for the other seats has run out. Your tickets are good as before."
            )
        if self.status != self.Status.PENDING:
            raise BookingClosed(f"This exchange is {self.status}.")

    def hold(self, showtime: Showtime):
        """
        Keep the new seats until `held_until`, those apart that the booking has already; within a
        transaction that has locked what the booking has. Raises SeatsTaken.
        """
        own = set(TakenSeat.objects.held_by(self.booking_id).values_list("seat_id", flat=True))
        seats = [swap.seat for swap in self.swaps.all() if swap.seat_id not in own]
        showtime.take(seats, self.pk, until=self.held_until)

    @transaction.atomic
    def complete(self):
        """
        The difference was paid: swap the seats for good.

        An exchange whose hold ran out gets its seats again if they are still free. Raises
        SeatsTaken if they are not, TicketsNotValid if a ticket was used or given back meanwhile,
        and BookingClosed for an exchange that is done, cancelled or followed by another, and when
        the booking or the showtime is over; nothing is changed then, and the old seats stay good.
        """
        booking = Booking.objects.select_for_update().get(pk=self.booking_id)
        if booking.status != Booking.Status.CONFIRMED:
            raise BookingClosed(f"This booking is {booking.status}.")
        self._become(
            self.Status.DONE,
            coming_from=[self.Status.PENDING, self.Status.EXPIRED],
            done_at=timezone.now(),
        )
        if booking.exchanges.filter(created_at__gt=self.created_at).exists():
            raise BookingClosed("Another exchange of this booking was asked for after this one.")
        showtime = Showtime.objects.in_place(booking.showtime_id)
        if showtime.status == Showtime.Status.CANCELLED or showtime.ends_at <= timezone.now():
            raise BookingClosed("The showtime is cancelled or over.")
        models.prefetch_related_objects(
            [self], models.Prefetch("swaps", Swap.objects.with_details())
        )
        self.lock(showtime)
        TakenSeat.objects.held_by(self.pk).update(holder=booking.pk, held_until=None)
        self.carry_out(showtime, booking)

    def lock(self, showtime: Showtime, others: Iterable[UUID] = ()):
        """
        Lock all seats, new and old, and those that `others` hold, in the order of `take`: two who
        swap into each other's seats do not wait in a circle. Within a transaction.
        """
        seats = [swap.seat_id for swap in self.swaps.all()]
        holders = [self.pk, self.booking_id, *others]
        showtime.taken_seats.filter(Q(seat__in=seats) | Q(holder__in=holders)).lock()

    def carry_out(self, showtime: Showtime, booking: Booking):
        """
        Take the new seats for `booking`, whose row is locked, then let the old ones go; new tickets
        for the old. Within a transaction. Raises SeatsTaken, TicketsNotValid.
        """
        swaps = self.swaps.all()
        old = {swap.old_ticket.seat_id for swap in swaps}
        booking.tickets.void([swap.old_ticket for swap in swaps])
        showtime.take([swap.seat for swap in swaps], booking.pk, until=None)
        left = old - {swap.seat_id for swap in swaps}
        TakenSeat.objects.held_by(booking.pk).filter(seat__in=left).let_go()
        Swap.objects.issue_tickets(swaps, booking)
        added, back = max(self.difference, Decimal(0)), max(-self.difference, Decimal(0))
        Booking.objects.filter(pk=booking.pk).update(
            amount_added=booking.amount_added + added,
            amount_due_back=booking.amount_due_back + back,
        )
        Letter.objects.write(booking, Letter.Kind.EXCHANGED, exchange=self.pk)

    @transaction.atomic
    def expire(self):
        """Give up an exchange whose hold ran out. Raises BookingClosed if it is not pending."""
        self._become(
            self.Status.EXPIRED, coming_from=[self.Status.PENDING], expired_at=timezone.now()
        )
        TakenSeat.objects.held_by(self.pk).let_go()

    @tried_twice
    @transaction.atomic
    def let_go(self):
        """Free the new seats. Raises HoldExpired, BookingClosed if it is not pending, Busy."""
        self.check_can_be_paid()
        self._become(
            self.Status.CANCELLED, coming_from=[self.Status.PENDING], cancelled_at=timezone.now()
        )
        TakenSeat.objects.held_by(self.pk).let_go()
        tell(self.booking, exchange=["waited to be paid", "let go"])

    def _become(self, new, *, coming_from, **changes):
        rows = Exchange.objects.filter(pk=self.pk, status__in=coming_from).update(
            status=new, **changes
        )
        if not rows:
            now = Exchange.objects.values_list("status", flat=True).get(pk=self.pk)
            raise BookingClosed(f"This exchange is {now}.")
        self.status = new
        for name, value in changes.items():
            setattr(self, name, value)


class SwapQuerySet(models.QuerySet):
    def with_details(self):
        """Each with its tickets and seats."""
        return self.select_related("old_ticket__seat__category", "seat__category", "new_ticket")

    def issue_tickets(self, swaps: Iterable["Swap"], booking: Booking):
        """The new tickets, with codes of their own, for the types of people that the old were."""
        tickets = Ticket.objects.bulk_create(
            Ticket(
                booking=booking,
                seat=swap.seat,
                type=swap.old_ticket.type,
                price=swap.price,
                paid=swap.paid,
                fee=min(swap.old_ticket.fee, swap.paid),
            )
            for swap in swaps
        )
        for swap, ticket in zip(swaps, tickets, strict=True):
            swap.new_ticket = ticket
        self.bulk_update(swaps, ["new_ticket"])


class Swap(models.Model):
    """
    One ticket of an exchange, and the seat that it is exchanged for. `price` is that of the new
    seat; `paid` what the new ticket counts for: all tickets of the exchange together count for what
    the old ones did, and the difference.
    """

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="swaps")
    old_ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="swaps")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    price = models.DecimalField(max_digits=12, decimal_places=3)
    paid = models.DecimalField(max_digits=12, decimal_places=3)
    new_ticket = models.OneToOneField(
        Ticket, on_delete=models.PROTECT, related_name="came_by", null=True, blank=True
    )

    objects = SwapQuerySet.as_manager()

    class Meta:
        ordering = ["exchange_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["exchange", "old_ticket"], name="an_exchange_takes_a_ticket_once"
            ),
            models.UniqueConstraint(
                fields=["exchange", "seat"], name="an_exchange_gives_a_seat_once"
            ),
        ]

    def __str__(self):
        return f"{self.old_ticket.seat} for {self.seat}"

    @property
    def currency(self) -> str:
        return self.exchange.currency
