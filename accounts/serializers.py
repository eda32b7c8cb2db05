"""What the API says and hears about people."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from .models import User
from .tokens import tokens_for

PERSON = {
    "id": 7,
    "username": "ada",
    "email": "ada@example.com",
    "full_name": "Ada Byron",
    "phone": "+49 30 1234567",
    "role": "customer",
}
TOKENS = {"access": "eyJhbGciOiJIUzI1NiIs…", "refresh": "eyJhbGciOiJIUzI1NiIs…"}


@extend_schema_serializer(examples=[OpenApiExample("A customer", PERSON)])
class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username", "email", "full_name", "phone", "role"]
        read_only_fields = ["id", "username", "email", "role"]


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
class RegisterSerializer(serializers.ModelSerializer):
    """A new customer. The e-mail address is wanted for the tickets, but not demanded."""

    password = serializers.CharField(
        write_only=True, max_length=128, trim_whitespace=False, style={"input_type": "password"}
    )
    access = serializers.CharField(read_only=True)
    refresh = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = [*UserSerializer.Meta.fields, "password", "access", "refresh"]
        read_only_fields = ["id", "role"]

    def validate_email(self, email):
        if email and User.objects.filter(email__iexact=email).exists():
            raise serializers.ValidationError(
                "A user with that e-mail address already exists.", code="unique"
            )
        return email

    def validate(self, attrs):
        person = User(**{name: attrs[name] for name in attrs if name != "password"})
        try:
            validate_password(attrs["password"], person)
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs

    def create(self, validated_data):
        try:
            return User.objects.create_user(**validated_data)
        except IntegrityError as error:
            raise serializers.ValidationError(
                {"username": ["This username or e-mail address was just taken."]}, code="unique"
            ) from error

    def to_representation(self, user):
        return UserSerializer(user).data | tokens_for(user)


@extend_schema_serializer(
    examples=[OpenApiExample("By username", {"username": "ada", "password": "popcorn-for-two"})]
)
class LoginSerializer(serializers.Serializer):
    username = serializers.CharField(
        max_length=254, help_text="The username or the e-mail address."
    )
    password = serializers.CharField(
        max_length=128, trim_whitespace=False, style={"input_type": "password"}
    )


@extend_schema_serializer(examples=[OpenApiExample("A session", TOKENS)])
class TokensSerializer(serializers.Serializer):
    """`access` goes into `Authorization: Bearer …`; `refresh` gets the next pair, once."""

    access = serializers.CharField()
    refresh = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("A session", {"refresh": TOKENS["refresh"]})])
class RefreshSerializer(serializers.Serializer):
    refresh = serializers.CharField(max_length=2000)
