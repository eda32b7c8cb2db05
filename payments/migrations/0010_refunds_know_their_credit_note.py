import django.db.models.deletion
from django.db import migrations, models


def find_the_papers(apps, schema_editor):
    """A credit note is issued right after its refund went through, and has its amount."""
    refunds = apps.get_model("payments", "Refund").objects.using(schema_editor.connection.alias)
    notes = apps.get_model("payments", "Invoice").objects.using(schema_editor.connection.alias)
    for refund in refunds.exclude(payment__honoured_at=None).order_by("created_at", "attempt"):
        note = refund.instead_of and refund.instead_of.credit_note_id
        gone_at = refund.succeeded_at or refund.settled_at
        if gone_at and not note:
            later = notes.filter(kind="credit_note", payment=refund.payment, issued_at__gte=gone_at)
            of_it = (one.pk for one in later.order_by("issued_at") if one.total == -refund.amount)
            note = next(of_it, None)
        refunds.filter(pk=refund.pk).update(credit_note=note)


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0009_payments_that_go_on_to_a_theater"),
    ]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="credit_note",
            field=models.ForeignKey(
                blank=True,
                help_text="Of it, or of an attempt before it whose money came back: the paper stands.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="payments.invoice",
            ),
        ),
        migrations.RunPython(find_the_papers, migrations.RunPython.noop),
    ]
