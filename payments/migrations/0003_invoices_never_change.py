"""An invoice never changes, whoever asks: the model, a query in the shell, or another program."""

from django.db import migrations, models

TRIGGER = "an_invoice_never_changes"
REASON = "An invoice never changes: a credit note corrects it."

# SQLite has no TRUNCATE: Django empties its tables by DELETE, for tests and for `flush`, so there
# only changes are refused.
CREATE = {
    "postgresql": f"""
        CREATE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{REASON}'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{TRIGGER}';
        END $$;
        CREATE TRIGGER {TRIGGER} BEFORE UPDATE OR DELETE ON payments_invoice
            FOR EACH ROW EXECUTE FUNCTION {TRIGGER}();
        """,
    "sqlite": f"""
        CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON payments_invoice
        BEGIN SELECT RAISE(ABORT, '{REASON}'); END
        """,
}
DROP = {
    "postgresql": f"""
        DROP TRIGGER {TRIGGER} ON payments_invoice;
        DROP FUNCTION {TRIGGER}();
        """,
    "sqlite": f"DROP TRIGGER {TRIGGER}",
}


def create_trigger(apps, schema_editor):
    schema_editor.execute(CREATE[schema_editor.connection.vendor], params=None)


def drop_trigger(apps, schema_editor):
    schema_editor.execute(DROP[schema_editor.connection.vendor], params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_payments_of_exchanges"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["theater", "issued_at", "id"], name="invoices_of_a_month"),
        ),
        migrations.RunPython(create_trigger, drop_trigger),
    ]
