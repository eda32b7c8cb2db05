"""An invoice never changes, whoever asks: the model, a query in the shell, or another program."""

from django.db import migrations, models

from payments.unchanging import NeverChanges


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_payments_of_exchanges"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["theater", "issued_at", "id"], name="invoices_of_a_month"),
        ),
        NeverChanges(
            "payments_invoice",
            name="an_invoice_never_changes",
            reason="An invoice never changes: a credit note corrects it.",
        ),
    ]
