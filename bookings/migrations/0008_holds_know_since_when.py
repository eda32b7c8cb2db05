import django.utils.timezone
from django.db import migrations, models


def since_they_were_made(apps, schema_editor):
    bookings = apps.get_model("bookings", "Booking").objects.filter(status="pending")
    bookings.update(held_since=models.F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0007_lines_keep_their_tax_rate")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="held_since",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                help_text="Also by the holds that this one took the place of.",
            ),
        ),
        migrations.RunPython(since_they_were_made, migrations.RunPython.noop),
    ]
