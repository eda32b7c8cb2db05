"""`manage.py replay_webhooks`: events whose effect failed take effect."""

from django.core.management.base import BaseCommand, CommandError

from payments.models import WebhookEvent
from payments.webhooks import receive


class Command(BaseCommand):
    help = (
        "Let webhook events take effect that could not when they came, the oldest first. Safe at "
        "any time: what took effect does so once. Exits with 1 if one still fails."
    )

    def add_arguments(self, parser):
        parser.add_argument("--event", help="Only the one with this id of Stripe's, evt_….")
        parser.add_argument(
            "--put-aside",
            metavar="EVENT",
            help="Do not try this one any more, which can never take effect; it keeps its error.",
        )

    def handle(self, *, event=None, put_aside=None, **options):
        if put_aside:
            self.put_aside(put_aside)
            return
        failing = 0
        for row in self.wanted(event):
            took_effect = receive(row.payload)
            failing += not took_effect
            word = "took effect" if took_effect else "failed again"
            self.stdout.write(f"{row.stripe_id} {row.type}: {word}")
        if failing:
            raise CommandError(f"{failing} failed; why is in the admin, under webhook events.")

    def put_aside(self, event: str):
        if not WebhookEvent.objects.filter(stripe_id=event).put_aside():
            raise CommandError(f"No event {event} has failed.")
        self.stdout.write(f"{event}: put aside")

    def wanted(self, event: str | None):
        """Those to work through. Raises CommandError for one that never came."""
        if event is None:
            return WebhookEvent.objects.failed().iterator()
        if row := WebhookEvent.objects.filter(stripe_id=event).first():
            return [row]
        raise CommandError(f"No event {event} ever came.")
