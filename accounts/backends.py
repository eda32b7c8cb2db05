"""How Django, and so the admin as well, recognises a person."""

from django.contrib.auth.backends import ModelBackend

from .models import User


class UsernameOrEmailBackend(ModelBackend):
    """Accepts the username or the e-mail address, and takes as long for nobody as for somebody."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if username is None or password is None:
            return None
        user = User.objects.known_as(username)
        login = user.username if user else username
        return super().authenticate(request, username=login, password=password)
