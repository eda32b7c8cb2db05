"""Signing in to the admin: the API's rules for wrong passwords hold at this door, too."""

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from accounts.models import User
from accounts.throttles import TooManyTries, failures_counted, sign_in_limits


class SignInForm(AuthenticationForm):
    """Counts wrong passwords, and hears nobody for a while after too many."""

    def clean(self):
        login = self.cleaned_data.get("username", "")
        limits = sign_in_limits(self.request, login, User.objects.known_as(login))
        try:
            with failures_counted(*limits):
                return super().clean()
        except TooManyTries as refusal:
            raise ValidationError(
                f"Too many tries. Please try again in {refusal.wait} seconds.", code="throttled"
            ) from refusal
