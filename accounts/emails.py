"""
What we write to people about their accounts. No mail repeats a name that was typed in: it may go to
somebody whose address a stranger typed, and would be the stranger's mail.
"""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from .links import email_links, password_links


def confirm_address(user):
    """Ask whoever reads `user.email` to confirm that it is theirs."""
    link = f"{settings.SITE_URL}/confirm-email/{email_links.token_for(user)}/"
    _send(user.email, "Please confirm your e-mail address", "confirm_address", link=link)


def address_was_changed(before: str):
    """Tell the address that somebody had before that it is not used any more."""
    _send(before, "Your e-mail address was changed", "address_was_changed")


def reset_password(user):
    """The link by which `user` can set a new password."""
    link = f"{settings.SITE_URL}/reset-password/{password_links.token_for(user)}/"
    _send(user.email, "Set a new password", "reset_password", link=link)


def password_was_changed(user):
    """Tell `user`, if we can, so that nobody does it behind their back."""
    if user.email:
        link = f"{settings.SITE_URL}/reset-password/"
        _send(user.email, "Your password was changed", "password_was_changed", link=link)


def second_factor_was_changed(user):
    """Tell `user`, if we can, that another phone, or none, gives the codes of this account now."""
    if user.email:
        _send(user.email, "Your second factor was changed", "second_factor_was_changed")


def goodbye(email: str):
    """The last mail to somebody who left."""
    _send(email, "Your account is deleted", "goodbye")


def _send(to: str, subject: str, name: str, **context):
    context |= {"site": settings.SITE_URL, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600}
    text, html = (
        render_to_string(f"accounts/emails/{name}.{kind}", context) for kind in ("txt", "html")
    )
    mail = EmailMultiAlternatives(subject, text, to=[to])
    mail.attach_alternative(html, "text/html")
    mail.send()
