"""manage.py take_second_factor_away NAME: for an admin who has lost it, where no other admin is."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.second_factor import take_away


class Command(BaseCommand):
    help = "Take the second factor of somebody away. At the next sign-in they set up a new one."

    def add_arguments(self, parser):
        parser.add_argument("login", help="Their username or e-mail address.")

    def handle(self, *args, login, **options):
        user = User.objects.known_as(login)
        if user is None:
            raise CommandError(f"Nobody is called {login}.")
        gone = take_away(user)
        self.stdout.write(f"{user} had {'one; it is gone' if gone else 'none'}.")
