"""manage.py load_demo: a small cinema chain to look at and to click through."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from bookings.popularity import count_popularity
from demo.catalogue import load_films, load_theaters
from demo.opinions import load_opinions
from demo.people import LOGINS, PASSWORD, load_people, load_staff
from demo.pictures import draw_all
from demo.prices import load_price_rules
from demo.sales import load_sales
from demo.theaters import HOUSES
from demo.timetable import top_up
from history.doers import told_in_one
from theaters.models import Theater


class Command(BaseCommand):
    """
    Loads the demo once; later calls only add showtimes, so that there are ten days of them. Says
    how to sign in on stdout, and what takes time on stderr.
    """

    help = "Load three theaters, twelve films and ten days of showtimes. Safe to run again."

    def handle(self, *args, **options):
        if settings.IN_PRODUCTION:
            raise CommandError("Not in production: everybody knows the demo's passwords.")
        # What is there from the beginning, nobody changed.
        with told_in_one():
            if is_loaded():
                top_up()
            else:
                self._load()
        for username, _, _, what in LOGINS:
            self.stdout.write(f"{username:8} {PASSWORD:18} {what}")

    def _load(self):
        today = timezone.now().date()
        self.stderr.write("Drawing the posters of the demo ...")
        drawn = draw_all(today)
        self.stderr.write("Selling the first tickets ...")
        load(today, drawn)


def is_loaded() -> bool:
    """Whether any theater of the demo is there."""
    return Theater.objects.filter(slug__in=[house.place["slug"] for house in HOUSES]).exists()


@transaction.atomic
def load(today, drawn):
    """All of the demo or nothing."""
    load_people()
    load_films(today, drawn)
    load_theaters(drawn)
    load_staff()
    load_price_rules()
    top_up()
    take_stock()
    load_sales()
    count_popularity()
    load_opinions()


def take_stock():
    """PostgreSQL plans by what it knew before this transaction, which was nothing: tell it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
