"""People: who may sign in, and as what."""

import secrets

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException

from history.remembering import Remembered, RememberedQuerySet, Remembers


class PasswordHasChanged(APIException):
    """Somebody changed the password at the same moment. Nothing was changed by this request."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "password_has_changed"
    default_detail = "The password was changed a moment ago. Please sign in again."


class LastAdmin(APIException):
    """Somebody must be left who can let others in."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "last_admin"
    default_detail = "You are the only admin. Make somebody else one before you leave."


class UserManager(BaseUserManager.from_queryset(RememberedQuerySet)):
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

    def called(self, username: str):
        """Those with this username, in whatever case: one, or none."""
        return self.alias(lower=Lower("username")).filter(lower=Lower(Value(username)))

    def with_email(self, email: str):
        """Those with this e-mail address, in whatever case: one, or none."""
        return self.alias(lower=Lower("email")).filter(lower=Lower(Value(email))).exclude(email="")

    def known_as(self, login: str):
        """The user with this username or this e-mail address, or None. A username has no @."""
        return (self.with_email(login) if "@" in login else self.called(login)).first()

    def get_by_natural_key(self, username):
        """What Django's own commands find people by."""
        return self.called(username).get()


class Role(models.TextChoices):
    CUSTOMER = "customer"
    MANAGER = "manager"
    ADMIN = "admin"


class User(Remembered, AbstractBaseUser, PermissionsMixin):
    """
    A person with an account. The role decides: a customer books, a manager also runs the theaters
    that name them, an admin runs everything.
    """

    # Of people only what the house gave them: who they are can be forgotten, and a log cannot.
    remembers = Remembers(
        but_not=["date_joined", "last_login", "left_at", "email_confirmed_at"],
        untold=["username", "password", "email", "full_name", "phone"],
    )
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
    email = models.EmailField(
        blank=True,
        validators=[
            # They would be legal in quotes; mail programs and lists of addresses disagree on those.
            RegexValidator(r'^[^"<>,]*\Z', "Quotes, commas and angle brackets will not do.")
        ],
    )
    email_confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    full_name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.CUSTOMER)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Both follow the role; PermissionsMixin would make a column of the second.
    is_superuser = property(lambda self: self.role == Role.ADMIN)
    is_staff = property(lambda self: self.role in (Role.MANAGER, Role.ADMIN))

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        ordering = ["username"]
        indexes = [
            models.Index(
                fields=["left_at"], condition=Q(left_at__isnull=False), name="people_who_left"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="one_account_per_username_in_any_case",
                violation_error_message="A user with that username already exists.",
            ),
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

    def title_to_remember(self):
        """Staff by name, since they act for the house; customers by number."""
        return self.username if self.is_staff else f"customer {self.pk}"

    @property
    def email_confirmed(self) -> bool:
        """Whether this person has shown that they read what we write to `email`."""
        return self.email_confirmed_at is not None

    def get_full_name(self):
        """The full name, or the username of those who did not give one."""
        if self.left_at:
            return "Someone who left"
        return self.full_name.strip() or self.username

    def get_short_name(self):
        """What to call this person in a greeting."""
        name = self.get_full_name()
        return name if self.left_at else name.split()[0]

    def change_password(self, password: str):
        """
        Give this person another password, which ends all their sessions. It was checked against
        the validators before. Raises PasswordHasChanged if it is not what it was when loaded.
        """
        before = self.password
        self.set_password(password)
        now = User.objects.filter(pk=self.pk, is_active=True, password=before)
        if not now.update(password=self.password):
            raise PasswordHasChanged

    def change_profile(self, **changes):
        """Change what people say of themselves. Another e-mail address is not confirmed yet."""
        if changes.get("email", self.email).lower() != self.email.lower():
            changes["email_confirmed_at"] = None
        User.objects.filter(pk=self.pk).update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)

    def doubt_email(self):
        """Nobody has shown yet that they read `email`."""
        User.objects.filter(pk=self.pk).update(email_confirmed_at=None)

    def confirm_email(self):
        """This person reads `email`. Changes nothing if it is no longer theirs."""
        User.objects.filter(pk=self.pk, email=self.email).update(
            email_confirmed_at=Coalesce("email_confirmed_at", timezone.now())
        )

    @transaction.atomic
    def leave(self):
        """
        Forget who this was, end all their sessions, and take them off every list of people, such as
        the managers of a theater. The row stays, for what was sold to them is kept. Raises
        LastAdmin if no active admin were left.
        """
        active = User.objects.filter(role=Role.ADMIN, is_active=True).order_by("pk")
        admins = set(active.select_for_update().values_list("pk", flat=True))
        if admins == {self.pk}:
            raise LastAdmin
        self.set_unusable_password()
        forgotten = {
            "username": f"deleted-{secrets.token_hex(8)}",
            "email": "",
            "email_confirmed_at": None,
            "full_name": "",
            "phone": "",
            "role": Role.CUSTOMER,
            "is_active": False,
            "password": self.password,
            "last_login": None,
            "left_at": timezone.now(),
        }
        User.objects.filter(pk=self.pk).update(**forgotten)
        # This app does not know whose lists; the relations in the database lead there.
        for relation in User._meta.related_objects:
            if relation.many_to_many:
                getattr(self, relation.get_accessor_name()).clear()


class TryCount(models.Model):
    """
    How often something was tried in one window of time; only accounts.throttles writes it. `key`
    says what and by whom, so that nobody can read it back.
    """

    key = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"{self.tries} until {self.ends_at:%H:%M:%S}"


class ResetRequest(models.Model):
    """
    Somebody asked for a link to set a new password. Whether anybody has this address is looked up
    by the job that writes the mail: who asks learns it neither from the answer nor from its time.
    """

    email = models.EmailField()
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"asked at {self.asked_at:%H:%M:%S}"
