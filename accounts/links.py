"""
The secret of the links in our mails: one string that names a person and works once, for as long as
PASSWORD_RESET_TIMEOUT says.
"""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int, int_to_base36

from .models import User


class ConfirmationTokens(PasswordResetTokenGenerator):
    """Dead once the address is confirmed, or is another one; alive however often one signs in."""

    key_salt = "accounts.links.ConfirmationTokens"

    def _make_hash_value(self, user, timestamp):
        return f"{user.pk} {user.email} {user.email_confirmed_at} {timestamp}"


class Links:
    """Tokens of one kind, and whose they are."""

    def __init__(self, generator: PasswordResetTokenGenerator):
        self.generator = generator

    def token_for(self, user) -> str:
        """The token that the mail to `user` carries."""
        return f"{int_to_base36(user.pk)}-{self.generator.make_token(user)}"

    def user_of(self, token: str) -> User | None:
        """Whose living token this is; None for one that is wrong, expired or was used."""
        who, _, secret = token.partition("-")
        try:
            user = User.objects.filter(pk=base36_to_int(who), is_active=True).first()
        except ValueError:
            return None
        return user if self.generator.check_token(user, secret) else None


password_links = Links(PasswordResetTokenGenerator())
email_links = Links(ConfirmationTokens())
