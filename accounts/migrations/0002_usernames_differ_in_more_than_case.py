"""ADA beside ada becomes ADA-2: the older account keeps its name."""

from itertools import count

from django.db import migrations


def rename_later_ones(apps, schema_editor):
    users = apps.get_model("accounts", "User").objects
    taken = set()
    for user in users.order_by("pk").only("username").iterator():
        if user.username.lower() in taken:
            user.username = free_name(user.username, users)
            users.filter(pk=user.pk).update(username=user.username)
        taken.add(user.username.lower())


def free_name(username, users):
    names = (f"{username[:140]}-{n}" for n in count(2))
    return next(name for name in names if not users.filter(username__iexact=name).exists())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(rename_later_ones, migrations.RunPython.noop)]
