"""Neither invoices nor the ledger are emptied as a whole, which asks no row."""

from django.db import migrations

from history.unchanging import NeverEmptied


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0014_long_lists_are_in_order_of_time"),
    ]

    operations = [
        NeverEmptied(
            "payments_invoice",
            name="an_invoice_never_changes",
            reason="An invoice never changes: a credit note corrects it.",
        ),
        NeverEmptied(
            "payments_ledgerentry",
            name="the_ledger_never_changes",
            reason="The ledger never changes: another entry puts right what was wrong.",
        ),
    ]
