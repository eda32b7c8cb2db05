"""What we hold about a person, by whoever holds it: settings.PERSONAL_DATA."""

from django.conf import settings
from django.utils.module_loading import import_string

from .tokens import sessions_of


def everything_about(user) -> dict:
    """All that we hold about `user`, by the names of the functions that say it."""
    return {path.rpartition(".")[2]: import_string(path)(user) for path in settings.PERSONAL_DATA}


def profile(user) -> dict:
    """What they told us, and what became of it."""
    return {
        "id": user.pk,
        "username": user.username,
        "email": user.email,
        "email_confirmed_at": user.email_confirmed_at,
        "full_name": user.full_name,
        "phone": user.phone,
        "role": user.role,
        "date_joined": user.date_joined,
        "last_login": user.last_login,
    }


def sessions(user) -> list[dict]:
    """Where they are signed in: when it began or was renewed last, and when it ends by itself."""
    return [
        {"issued_at": session.created_at, "expires_at": session.expires_at}
        for session in sessions_of(user)
    ]
