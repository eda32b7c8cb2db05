"""`manage.py check_seats`: is every seat sold once, and every booking what it says?"""

import sys

from django.core.management.base import BaseCommand

from bookings.promises import PROMISES, broken_promises


class Command(BaseCommand):
    help = (
        "Look for seats, tickets, bookings and promo codes that break a promise, such as a seat "
        "with two tickets. Changes nothing; may run while seats are sold. Exit code 1 if one does."
    )

    def handle(self, **options):
        broken = broken_promises()
        for promise, where in broken:
            self.stdout.write(f"{promise} Not so: {where}")
        if broken:
            sys.exit(1)
        self.stdout.write(f"{len(PROMISES)} promises are kept.")
