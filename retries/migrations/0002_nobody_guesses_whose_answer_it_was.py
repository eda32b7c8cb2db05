from django.db import migrations, models


def forget_answers(apps, schema_editor):
    """What makes two requests the same is written in another way from now on."""
    answers = apps.get_model("retries", "KeptAnswer").objects
    answers.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("retries", "0001_initial")]

    operations = [
        migrations.RunPython(forget_answers, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="keptanswer",
            name="caller",
            field=models.CharField(
                blank=True, help_text="An account's id; else a guest.", max_length=40
            ),
        ),
        migrations.AlterField(
            model_name="keptanswer",
            name="fingerprint",
            field=models.CharField(help_text="HMAC of method, path and body.", max_length=64),
        ),
    ]
