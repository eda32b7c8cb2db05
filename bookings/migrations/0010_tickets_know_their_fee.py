from decimal import ROUND_HALF_UP, Decimal

from django.db import migrations, models

# As in theaters.currencies, when this was written.
WITHOUT_DECIMALS = set(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
)
WITH_THREE_DECIMALS = set("BHD IQD JOD KWD LYD OMR TND".split())


def say_it_of_tickets(apps, schema_editor):
    """
    The fee of a booking, with the tax that was added to it, was the same for each ticket; a ticket
    that came by an exchange took that of the old one over.
    """
    alias = schema_editor.connection.alias
    bookings = apps.get_model("bookings", "Booking").objects.using(alias)
    with_fee = bookings.filter(lines__kind="fee", tickets__isnull=False).distinct()
    for booking in with_fee.order_by("pk").iterator(2000):
        lines = list(booking.lines.all())
        added = any(line.kind == "tax" for line in lines)
        fees = [line for line in lines if line.kind == "fee"]
        fee = sum(line.amount + (line.tax if added else 0) for line in fees)
        seats = sum(line.kind == "seat" for line in lines)
        write_down(booking, parts_of(fee, seats, booking.currency))


def write_down(booking, parts):
    """The tickets of `booking` in the order in which they were made: the first are those sold."""
    fees = {}
    swapped = dict(
        booking.tickets.filter(came_by__isnull=False).values_list("pk", "came_by__old_ticket")
    )
    left = iter(parts)
    for ticket in booking.tickets.order_by("pk"):
        fee = fees[swapped[ticket.pk]] if ticket.pk in swapped else next(left, Decimal(0))
        fees[ticket.pk] = ticket.fee = min(fee, ticket.paid)
        ticket.save(update_fields=["fee"])


def parts_of(amount, count, currency):
    decimals = 0 if currency in WITHOUT_DECIMALS else 3 if currency in WITH_THREE_DECIMALS else 2
    unit, given = Decimal(1).scaleb(-decimals), Decimal(0)
    for number in range(1, count + 1):
        upto = (amount * number / count).quantize(unit, ROUND_HALF_UP)
        yield upto - given
        given = upto


class Migration(migrations.Migration):
    dependencies = [("bookings", "0009_letters_to_customers")]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="fee",
            field=models.DecimalField(decimal_places=3, default=0, max_digits=12),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fee__gte", 0), ("fee__lte", models.F("paid") + Decimal("0.0005"))
                ),
                name="the_fee_is_a_part_of_what_was_paid",
            ),
        ),
        migrations.RunPython(say_it_of_tickets, migrations.RunPython.noop),
    ]
