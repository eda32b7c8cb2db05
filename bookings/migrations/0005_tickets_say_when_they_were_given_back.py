from django.db import migrations, models


def say_it_of_cancelled_bookings(apps, schema_editor):
    """
    When a part of a booking was cancelled nobody wrote down. When all of it was, we know: what was
    due back stands at its first ticket.
    """
    tickets = apps.get_model("bookings", "Ticket").objects.using(schema_editor.connection.alias)
    void = tickets.filter(status="void", booking__status="cancelled").select_related("booking")
    last = None
    for ticket in void.order_by("booking_id", "pk").iterator(2000):
        first = ticket.booking_id != last
        last = ticket.booking_id
        tickets.filter(pk=ticket.pk).update(
            voided_at=ticket.booking.cancelled_at,
            due_back=ticket.booking.amount_due_back if first else 0,
        )


class Migration(migrations.Migration):
    dependencies = [("bookings", "0004_guests_bookings_are_claimed")]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="due_back",
            field=models.DecimalField(
                blank=True,
                decimal_places=3,
                help_text="What the customer gets back for it; empty unless it was cancelled.",
                max_digits=12,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="voided_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(say_it_of_cancelled_bookings, migrations.RunPython.noop),
    ]
