"""`manage.py roll_up`: add figures up by hand, and anew if asked to."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date

from manager_panel.figures.rolling import roll_up, roll_up_again
from theaters.models import Theater


class Command(BaseCommand):
    help = (
        "Add up the figures of days that are over, as run_jobs does; with --since all of them from "
        "that day on, anew. Safe at any time, beside run_jobs too; begun again, it goes on."
    )

    def add_arguments(self, parser):
        parser.add_argument("--since", metavar="2026-01-31", help="From this cinema day on, anew.")
        parser.add_argument("--theater", metavar="SLUG", help="Only of this theater, with --since.")

    def handle(self, *, since=None, theater=None, **options):
        if since:
            theaters = Theater.objects.filter(slug=theater) if theater else Theater.objects.all()
            if not theaters:
                raise CommandError(f"There is no theater {theater}.")
            roll_up_again(_day(since), theaters)
        self.stdout.write(f"{roll_up()} showtimes were added up.")


def _day(written: str):
    try:
        day = parse_date(written)
    except ValueError:
        day = None
    if day is None:
        raise CommandError("--since takes a day, as in 2026-01-31.")
    return day
