"""What `manage.py check --deploy` says about signing in."""

from django.conf import settings
from django.core.checks import Warning


def staff_show_a_second_factor(app_configs, **kwargs) -> list[Warning]:
    """Warns of a site on which a password is enough to run theaters."""
    if settings.STAFF_SECOND_FACTOR:
        return []
    return [
        Warning(
            "STAFF_SECOND_FACTOR is off: a password is enough to come into the admin.",
            hint="Leave it out of the environment: in production it is on.",
            id="accounts.W001",
        )
    ]
