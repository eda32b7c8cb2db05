"""`manage.py reconcile_stripe`: our books beside Stripe's."""

from datetime import UTC, datetime, time, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from payments import gateway
from payments.reconciling import differences


class Command(BaseCommand):
    help = (
        "Compare our payments, refunds and disputes with Stripe's, and list what differs. Changes "
        "nothing. Exits with 1 if anything differs, and with 2 if Stripe cannot be asked."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--since", type=a_date, help="A day (UTC), as in 2026-01-01. Default: a week ago."
        )

    def handle(self, *, since, **options):
        since = since or timezone.now() - timedelta(days=7)
        count = 0
        try:
            for difference in differences(since):
                count += 1
                self.stdout.write(difference)
        except (gateway.StripeUnreachable, gateway.Refused) as error:
            raise CommandError(f"Stripe could not be asked: {error}", returncode=2) from error
        if count:
            raise CommandError(f"{count} differ.")
        self.stdout.write(f"Nothing differs since {since:%Y-%m-%d}.")


def a_date(text: str) -> datetime:
    """Its first moment. Raises ValueError."""
    day = parse_date(text)
    if day is None:
        raise ValueError(f"{text} is no day.")
    return datetime.combine(day, time.min, UTC)
