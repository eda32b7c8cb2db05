"""What the API says and hears about people."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from . import emails
from .links import Links, email_links, password_links
from .models import User
from .profiles import change_profile
from .throttles import Limit, failures_counted
from .tokens import tokens_for

PERSON = {
    "id": 7,
    "username": "ada",
    "email": "ada@example.com",
    "email_confirmed": False,
    "full_name": "Ada Byron",
    "phone": "+49 30 1234567",
    "role": "customer",
}
TOKENS = {"access": "eyJhbGciOiJIUzI1NiIs…", "refresh": "eyJhbGciOiJIUzI1NiIs…"}
NEW_PASSWORD = "popcorn-for-three"
LINK = "7-d3k1x2-5f2b0c9e1a4d7b3c6e8f0a2b4c6d8e0f"
TAKEN = {
    "username": "A user with that username already exists.",
    "email": "A user with that e-mail address already exists.",
}


class PasswordField(serializers.CharField):
    """A password: never said, never trimmed."""

    def __init__(self, **kwargs):
        style = {"input_type": "password"}
        super().__init__(
            write_only=True, max_length=128, trim_whitespace=False, style=style, **kwargs
        )


def check_password_rules(password: str, user: User) -> str:
    """`password`, if Django's validators would let `user` have it. Raises ValidationError."""
    try:
        validate_password(password, user)
    except DjangoValidationError as error:
        raise serializers.ValidationError(get_error_detail(error)) from error
    return password


def check_own_password(password: str, user: User) -> str:
    """
    `password`, if it is that of `user`, who is signed in. Wrong ones are counted. Raises
    ValidationError, TooManyTries.
    """
    with failures_counted(Limit("password_account", str(user.pk))):
        if not user.check_password(password):
            raise serializers.ValidationError("This is not your password.", code="wrong_password")
    return password


def check_is_free(field: str, value: str, others):
    """`value`, if nobody among `others` has it. Raises ValidationError."""
    if others.exists():
        raise serializers.ValidationError(TAKEN[field], code="unique")
    return value


@extend_schema_serializer(examples=[OpenApiExample("A customer", PERSON)])
class UserSerializer(serializers.ModelSerializer):
    """A person. Another `email` is not confirmed until its owner has followed the link in it."""

    class Meta:
        model = User
        fields = list(PERSON)
        read_only_fields = ["id", "username", "email_confirmed", "role"]

    def validate_email(self, email):
        email = User.objects.normalize_email(email)
        others = User.objects.with_email(email).exclude(pk=self.instance and self.instance.pk)
        return check_is_free("email", email, others)

    def update(self, user, validated_data):
        try:
            change_profile(user, **validated_data)
        except IntegrityError as error:
            raise serializers.ValidationError({"email": [TAKEN["email"]]}, "unique") from error
        return user


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A new customer",
            {
                "username": "ada",
                "email": "ada@example.com",
                "password": "popcorn-for-two",
                "full_name": "Ada Byron",
            },
            request_only=True,
        ),
        OpenApiExample("Signed in at once", PERSON | TOKENS, response_only=True),
    ]
)
class RegisterSerializer(UserSerializer):
    """A new customer. The e-mail address is wanted for the tickets, but not demanded."""

    password = PasswordField()
    access = serializers.CharField(read_only=True)
    refresh = serializers.CharField(read_only=True)

    class Meta(UserSerializer.Meta):
        fields = [*UserSerializer.Meta.fields, "password", "access", "refresh"]
        read_only_fields = ["id", "email_confirmed", "role"]

    def validate_username(self, username):
        return check_is_free("username", username, User.objects.called(username))

    def validate(self, attrs):
        person = User(**{name: attrs[name] for name in attrs if name != "password"})
        try:
            check_password_rules(attrs["password"], person)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"password": error.detail}) from error
        return attrs

    def create(self, validated_data):
        try:
            with transaction.atomic():
                user = User.objects.create_user(**validated_data)
                if user.email:
                    emails.confirm_address(user)
        except IntegrityError as error:
            raise serializers.ValidationError(
                {"username": ["This username or e-mail address was just taken."]}, code="unique"
            ) from error
        return user

    def to_representation(self, user):
        return UserSerializer(user).data | tokens_for(user)


@extend_schema_serializer(
    examples=[OpenApiExample("By username", {"username": "ada", "password": "popcorn-for-two"})]
)
class LoginSerializer(serializers.Serializer):
    username = serializers.CharField(
        max_length=254, help_text="The username or the e-mail address."
    )
    password = PasswordField()
    code = serializers.CharField(
        max_length=20,
        default="",
        allow_blank=True,
        write_only=True,
        help_text="Of staff who have a second factor: from their app, or a recovery code.",
    )


@extend_schema_serializer(examples=[OpenApiExample("A session", TOKENS)])
class TokensSerializer(serializers.Serializer):
    """`access` goes into `Authorization: Bearer …`; `refresh` gets the next pair, once."""

    access = serializers.CharField()
    refresh = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("A session", {"refresh": TOKENS["refresh"]})])
class RefreshSerializer(serializers.Serializer):
    refresh = serializers.CharField(max_length=2000)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Another one", {"current_password": "popcorn-for-two", "new_password": NEW_PASSWORD}
        )
    ]
)
class PasswordChangeSerializer(serializers.Serializer):
    current_password = PasswordField()
    new_password = PasswordField()

    def validate_current_password(self, password):
        return check_own_password(password, self.context["request"].user)

    def validate_new_password(self, password):
        return check_password_rules(password, self.context["request"].user)


@extend_schema_serializer(examples=[OpenApiExample("Forgotten", {"email": "ada@example.com"})])
class PasswordResetSerializer(serializers.Serializer):
    email = serializers.EmailField(max_length=254)


class LinkSerializer(serializers.Serializer):
    """What the link in a mail ends in; its owner becomes `user` of what is valid."""

    links: Links
    token = serializers.CharField(max_length=200, help_text="The end of the link in our mail.")

    def validate(self, attrs):
        user = self.links.user_of(attrs["token"])
        if user is None:
            message = "This link has expired, or was used already. Ask for another one."
            raise serializers.ValidationError({"token": [message]}, code="link_not_valid")
        return attrs | {"user": user}


@extend_schema_serializer(
    examples=[
        OpenApiExample("A new password", {"token": LINK, "new_password": NEW_PASSWORD}),
    ]
)
class NewPasswordSerializer(LinkSerializer):
    links = password_links
    new_password = PasswordField()

    def validate(self, attrs):
        attrs = super().validate(attrs)
        try:
            check_password_rules(attrs["new_password"], attrs["user"])
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"new_password": error.detail}) from error
        return attrs


@extend_schema_serializer(examples=[OpenApiExample("From the mail", {"token": LINK})])
class ConfirmationSerializer(LinkSerializer):
    links = email_links


@extend_schema_serializer(examples=[OpenApiExample("For good", {"password": "popcorn-for-two"})])
class LeaveSerializer(serializers.Serializer):
    password = PasswordField()

    def validate_password(self, password):
        return check_own_password(password, self.context["request"].user)
