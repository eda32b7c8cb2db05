"""What was sold: one booking by the front door, and its copies, which SQL makes."""

from django.db import connection

from accounts.models import User
from bookings.customer import Contact
from bookings.holds import hold
from bookings.models import Booking, BookingLine, Ticket
from payments.models import Invoice, Payment, WebhookEvent
from payments.webhooks import receive
from showtimes.models import Showtime, TakenSeat
from theaters.models import Screen, Seat

# Of each showtime that was on sale: so many bookings of so many seats.
BOOKINGS, SEATS = 100, 2


def open_payment(showtime: Showtime, seats: list[Seat], customer: User) -> Payment:
    """Hold `seats` for `customer`, who begins to pay."""
    contact = Contact(customer.get_full_name(), customer.email, customer.phone)
    booking = hold(showtime, [seat.pk for seat in seats], user=customer, contact=contact)
    return Payment.objects.create(
        booking=booking,
        amount=booking.total,
        currency=booking.currency,
        stripe_intent=f"pi_{booking.pk.hex}",
    )


def paid_event(payment: Payment) -> dict:
    """What Stripe says when the customer has paid. https://docs.stripe.com/api/events/object"""
    cents = int(payment.amount * 100)
    intent = {
        "id": payment.stripe_intent,
        "object": "payment_intent",
        "status": "succeeded",
        "amount": cents,
        "amount_received": cents,
        "currency": payment.currency.lower(),
        "metadata": {"payment": str(payment.pk), "booking": payment.booking.reference},
    }
    return {
        "id": f"evt_{payment.pk.hex}",
        "object": "event",
        "type": "payment_intent.succeeded",
        "livemode": False,
        "data": {"object": intent},
    }


def sell(showtime: Showtime, customer: User):
    """Sell the first seats of `showtime`, from the hold to the invoice."""
    seats = list(showtime.screen.seats.order_by("pk").select_related("category")[:SEATS])
    receive(paid_event(open_payment(showtime, seats, customer)))


def copy(showtimes: list[Showtime], customers: list[User]):
    """
    Copy the only booking that there is, with all that belongs to it: for `showtimes`, `customers`
    (both as they were saved, in order) and the seats of each screen, in order.
    """
    times = len(showtimes) * BOOKINGS
    nth = f"(seat_id - {TakenSeat.objects.earliest('seat').seat_id})"
    number, uuid = "10000000 + n", "'000000000000000000000000' || (10000000 + n)"
    at = f"{showtimes[0].pk} + n / {BOOKINGS}"
    by = f"{customers[0].pk} + n % {len(customers)}"
    seat = f"{first_seat()} + n % {BOOKINGS} * {SEATS} + {nth}"
    multiply(
        Booking, times, id=uuid, reference=number, access_key=number, user_id=by, showtime_id=at
    )
    multiply(BookingLine, times, booking_id=uuid, seat_id=seat)
    multiply(TakenSeat, times, holder=uuid, showtime_id=at, seat_id=seat)
    multiply(Ticket, times, booking_id=uuid, seat_id=seat, code=f"10000000 + n * {SEATS} + {nth}")
    multiply(Payment, times, id=uuid, booking_id=uuid, stripe_intent="'pi_' || n")
    multiply(WebhookEvent, times, stripe_id="'evt_' || n")
    multiply(Invoice, times, booking_id=uuid, payment_id=uuid, number="'OLD-' || n")


def invoice_for(name: str) -> Invoice:
    """One more copy of an invoice, for a buyer and a film that no other paper has named."""
    invoice = Invoice.objects.select_related("booking").first()
    invoice.pk, number = None, Invoice.objects.latest("pk").pk + 1
    invoice.number, called = f"NEW-{number}", f"{name} {number}"
    invoice.snapshot |= {"buyer": {"name": called, "email": ""}, "movie": f"{called} {name}"}
    invoice.save(force_insert=True)
    return invoice


def first_seat() -> str:
    """In SQL: the first seat of the screen on which the showtime of booking n is."""
    screens = Screen.objects.count()
    seats = Seat.objects.count() // screens
    return f"{Seat.objects.earliest('pk').pk} + n / {BOOKINGS} % {screens} * {seats}"


def multiply(model, times: int, *, first: int = 0, source: str = "TRUE", **columns: str):
    """
    Copy each row of `model`, or of those that `source` names; `columns` say in SQL, with n = first,
    first + 1 …, what differs.
    """
    fields = [field for field in model._meta.concrete_fields if not field.db_returning]
    into = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(
        f"CAST({columns[field.column]} AS {field.db_type(connection)})"
        if field.column in columns
        else f'"{field.column}"'
        for field in fields
    )
    last = first + times
    numbers = f"SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {last}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE numbers(n) AS ({numbers}) INSERT INTO {model._meta.db_table} ({into})"
            f" SELECT {values} FROM {model._meta.db_table}, numbers WHERE {source}"
        )
