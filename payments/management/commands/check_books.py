"""`manage.py check_books`: do money, papers and seats tell the same story?"""

import sys
from datetime import datetime, time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from payments.books import PROMISES, Scope, at_one_moment, for_a_human, problems, sums
from theaters.models import Theater

LINES = [
    "paid {paid} - refunded {refunded} = kept {kept}",
    "invoices {invoiced} - credit notes {credited} = {papers}",
    "bought nothing {bought_nothing}; fees {fees}; tax {tax}",
    "on its way back {on_its_way}; disputed {disputed}",
]
# What was kept is more than the papers say by this, and by what bought nothing.
CAME_BACK = "refunds whose money came back {came_back}: owed again, while their credit notes stand"


class Command(BaseCommand):
    help = (
        "Prove for every booking and every theater that what was paid less what went back is what "
        "was kept, that invoices less credit notes are the same, and that nothing is owed that is "
        "not on its way. Changes nothing; may run while tickets are sold. Exit code 1 if not so."
    )

    def add_arguments(self, parser):
        parser.add_argument("--theater", metavar="SLUG", help="Only the books of this theater.")
        parser.add_argument(
            "--since", metavar="2026-01-31", help="Only bookings made from this day (UTC) on."
        )

    def handle(self, *, theater=None, since=None, **options):
        scope = Scope(theater and _theater(theater), since and _day(since))
        broken = 0
        with at_one_moment():
            for (name, currency), found in sums(scope).items():
                self.say_sums(name, currency, found)
            for reason, where in for_a_human(scope):
                self.stdout.write(f"For a human: {reason} {where}")
            for promise, where in problems(scope):
                self.stdout.write(f"{promise} Not so: {where}")
                broken += 1
        if broken:
            sys.exit(1)
        self.stdout.write(f"The books balance: {len(PROMISES)} promises are kept.")

    def say_sums(self, name, currency, sums):
        self.stdout.write(f"{name}, {currency}")
        lines = [*LINES, CAME_BACK] if sums.came_back else LINES
        for line in lines:
            self.stdout.write("  " + line.format(**sums.printed(currency)))


def _theater(slug: str) -> Theater:
    try:
        return Theater.objects.get(slug=slug)
    except Theater.DoesNotExist:
        raise CommandError(f"There is no theater {slug}.") from None


def _day(written: str) -> datetime:
    try:
        day = parse_date(written)
    except ValueError:
        day = None
    if day is None:
        raise CommandError("--since takes a day, as in 2026-01-31.")
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
