"""People: who may sign in, and as what."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager):
    """Makes users, and finds them by what they sign in with."""

    def create_user(self, username, email="", password=None, **fields):
        """A user with a hashed password; without one, a user who cannot sign in."""
        email = self.normalize_email(email)
        user = self.model(username=self.model.normalize_username(username), email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username, email="", password=None, **fields):
        """An admin; what `manage.py createsuperuser` calls."""
        return self.create_user(username, email, password, **{**fields, "role": Role.ADMIN})

    def known_as(self, login: str):
        """The user with this username or this e-mail address, or None. A username has no @."""
        field = "email__iexact" if "@" in login else "username"
        return self.filter(**{field: login}).first()


class Role(models.TextChoices):
    CUSTOMER = "customer"
    MANAGER = "manager"
    ADMIN = "admin"


class User(AbstractBaseUser, PermissionsMixin):
    """
    A person with an account. The role decides: a customer books, a manager also runs the theaters
    that name them, an admin runs everything.
    """

    username = models.CharField(
        max_length=150,
        unique=True,
        validators=[
            RegexValidator(
                r"^[\w.+-]+\Z", "Letters, digits and . + - _ only: an @ belongs to an e-mail."
            )
        ],
        error_messages={"unique": "A user with that username already exists."},
    )
    email = models.EmailField(blank=True)
    full_name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.CUSTOMER)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    # Both follow the role; PermissionsMixin would make a column of the second.
    is_superuser = property(lambda self: self.role == Role.ADMIN)
    is_staff = property(lambda self: self.role in (Role.MANAGER, Role.ADMIN))

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="one_account_per_email",
                violation_error_message="A user with that e-mail address already exists.",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self):
        return self.username

    def get_full_name(self):
        """The full name, or the username of those who did not give one."""
        return self.full_name or self.username

    def get_short_name(self):
        """What to call this person in a greeting."""
        return self.get_full_name().split()[0]
