from django.db import migrations
from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

BY = "payment__booking"
AMOUNT = DecimalField(max_digits=12, decimal_places=3)
OURS = Q(status__in=["won", "warning_closed", "prevented"]) | Q(status__startswith="warning")


def tell_bookings(apps, schema_editor):
    """Refunds, but for those that were tried again, and what is disputed or lost."""
    refunds = apps.get_model("payments", "Refund").objects.filter(followed_by=None)
    disputes = apps.get_model("payments", "Dispute").objects.exclude(OURS)
    told = [rows.exclude(payment__honoured_at=None) for rows in (refunds, disputes)]
    bookings = apps.get_model("bookings", "Booking").objects
    for rows in told:
        mine = rows.filter(**{BY: OuterRef("pk")}).order_by().values(BY)
        gone = Subquery(mine.annotate(sum=Sum("amount")).values("sum"))
        added = Coalesce(gone, Value(0), output_field=AMOUNT)
        their = bookings.filter(pk__in=rows.values(BY))
        their.update(amount_gone_back=F("amount_gone_back") + added)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0015_bookings_know_what_has_gone_back"),
        ("payments", "0012_paid_in_vain_has_many_reasons"),
    ]

    operations = [migrations.RunPython(tell_bookings, migrations.RunPython.noop)]
