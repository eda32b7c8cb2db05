"""Sign up, sign in, stay signed in, sign out; and what we know of you."""

from django.contrib.auth import authenticate
from django.contrib.auth.models import update_last_login
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import generics, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from retries.once import PARAMETER as IDEMPOTENCY_KEY
from retries.once import KeyUsedAgain, is_replay, once

from .export import everything_about
from .models import LastAdmin, PasswordHasChanged, User
from .passwords import ask_for_reset, change_password, reset_password
from .profiles import ask_for_confirmation, leave
from .second_factor import CodeNeeded, NoSecondFactor, WrongCode, check_code, is_asked_of
from .serializers import (
    PERSON,
    ConfirmationSerializer,
    LeaveSerializer,
    LoginSerializer,
    NewPasswordSerializer,
    PasswordChangeSerializer,
    PasswordResetSerializer,
    RefreshSerializer,
    RegisterSerializer,
    TokensSerializer,
    UserSerializer,
)
from .throttles import Throttle, TooManyTries, failures_counted, sign_in_limits
from .tokens import TokenNotValid, end_session, rotate, tokens_for, verified_tokens_for


class Asks(generics.GenericAPIView):
    """A view that hears a body of its `serializer_class`."""

    def heard(self, request) -> dict:
        """The body of `request`, validated."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class OpenDoor(Asks):
    """A view for people who are not signed in yet; a token that they may send is not looked at."""

    permission_classes = [AllowAny]
    authentication_classes = []

    def get_authenticate_header(self, request):
        """Makes a wrong password or a dead token a 401 rather than a 403."""
        return 'Bearer realm="api"'


class RegisterView(OpenDoor):
    """Somebody becomes a customer."""

    serializer_class = RegisterSerializer
    throttle_classes = [Throttle]
    throttle_scope = "register"
    raises = {"post": [PasswordHasChanged, KeyUsedAgain]}

    @extend_schema(
        summary="Register", parameters=[IDEMPOTENCY_KEY], responses={201: RegisterSerializer}
    )
    def post(self, request):
        """
        Make a customer's account and sign in at once: the answer carries both tokens. A link that
        confirms the e-mail address is sent to it. Sent again with its `Idempotency-Key` it signs
        in, as long as the password is still that one.
        """
        answer = self.register(request)
        user = User.objects.get(pk=answer.data["id"])
        if is_replay(answer) and not user.check_password(request.data["password"]):
            raise PasswordHasChanged
        answer.data = self.get_serializer(user).data
        return answer

    @once
    def register(self, request) -> Response:
        """Who was registered. That is all that is kept of the answer: no name, and no token."""
        user = self.get_serializer(data=request.data)
        user.is_valid(raise_exception=True)
        return Response({"id": user.save().pk}, status=status.HTTP_201_CREATED)


class LoginView(OpenDoor):
    """
    Sign in with the username or the e-mail address, in whatever case. After too many wrong
    passwords nobody is heard for a while, right or wrong. Staff who have a second factor send its
    `code` as well; without it, and with the right password, they hear that it is needed.
    """

    serializer_class = LoginSerializer
    raises = {
        "post": [AuthenticationFailed, CodeNeeded, WrongCode, NoSecondFactor, TooManyTries],
    }

    @extend_schema(summary="Log in", responses=TokensSerializer)
    def post(self, request):
        typed = self.heard(request)
        code = typed.pop("code")
        known = User.objects.known_as(typed["username"])
        with failures_counted(*sign_in_limits(request, typed["username"], known)):
            user = authenticate(request, **typed)
            if user is None:
                raise AuthenticationFailed("Username or password is wrong.")
        asked = is_asked_of(user)
        if asked:
            check_code(request, user, code)
        update_last_login(None, user)
        return Response(verified_tokens_for(user) if asked else tokens_for(user))


class RefreshView(OpenDoor):
    """A new pair of tokens for a refresh token, which is dead from then on."""

    serializer_class = RefreshSerializer
    raises = {"post": [TokenNotValid]}

    @extend_schema(summary="Refresh the tokens", responses=TokensSerializer)
    def post(self, request):
        return Response(rotate(self.heard(request)["refresh"]))


class LogoutView(OpenDoor):
    """End the session that a refresh token stands for."""

    serializer_class = RefreshSerializer
    raises = {"post": [TokenNotValid]}

    @extend_schema(summary="Log out", responses={204: None})
    def post(self, request):
        end_session(self.heard(request)["refresh"])
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema_view(
    get=extend_schema(summary="Who am I"), patch=extend_schema(summary="Change my profile")
)
class MeView(Asks, generics.RetrieveUpdateAPIView):
    """
    The profile of whoever is signed in. Another e-mail address has to be confirmed; the old one is
    told.
    """

    serializer_class = UserSerializer
    body_of_delete = LeaveSerializer
    http_method_names = ["get", "patch", "delete", "head", "options"]
    raises = {"patch": [TooManyTries], "delete": [LastAdmin, TooManyTries]}

    def get_object(self):
        return self.request.user

    def get_serializer_class(self):
        return LeaveSerializer if self.request.method == "DELETE" else UserSerializer

    @extend_schema(summary="Delete my account", request=LeaveSerializer, responses={204: None})
    def delete(self, request):
        """
        Forget who I am and end all my sessions. What was booked stays good; invoices are kept
        without the account. It cannot be undone.
        """
        self.heard(request)
        leave(request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ExportView(generics.GenericAPIView):
    """All that we hold about whoever is signed in, as a file."""

    @extend_schema(
        summary="All my data",
        responses=OpenApiTypes.OBJECT,
        examples=[
            OpenApiExample(
                "A customer who has not booked yet",
                {
                    "profile": PERSON,
                    "sessions": [
                        {
                            "issued_at": "2026-11-20T18:02:11Z",
                            "expires_at": "2026-12-20T18:02:11Z",
                        }
                    ],
                    "bookings": [],
                    "payments": [],
                    "invoices": [],
                    "reviews": [],
                },
            )
        ],
    )
    def get(self, request):
        return Response(
            everything_about(request.user),
            headers={
                "Content-Disposition": 'attachment; filename="my-data.json"',
                "Cache-Control": "no-store",
            },
        )


class PasswordChangeView(Asks):
    """
    Change the password. All sessions end, here and elsewhere; the answer is a new one.
    """

    serializer_class = PasswordChangeSerializer
    raises = {"post": [PasswordHasChanged, TooManyTries]}

    @extend_schema(summary="Change my password", responses=TokensSerializer)
    def post(self, request):
        new = self.heard(request)["new_password"]
        return Response(change_password(request.user, new, session=request.auth))


class PasswordResetView(OpenDoor):
    """
    Have a link sent by which a new password can be set. The answer is the same whether anybody has
    this address or not.
    """

    serializer_class = PasswordResetSerializer
    throttle_classes = [Throttle]
    throttle_scope = "reset"

    @extend_schema(summary="Forgot my password", responses={202: None})
    def post(self, request):
        ask_for_reset(self.heard(request)["email"])
        return Response(status=status.HTTP_202_ACCEPTED)


class NewPasswordView(OpenDoor):
    """
    Set a new password with the token from the mail, which works once. All sessions end; the answer
    is a new one.
    """

    serializer_class = NewPasswordSerializer
    raises = {"post": [PasswordHasChanged]}

    @extend_schema(summary="Set a new password", responses=TokensSerializer)
    def post(self, request):
        heard = self.heard(request)
        return Response(reset_password(heard["user"], heard["new_password"]))


class ConfirmationView(OpenDoor):
    """Confirm an e-mail address with the token from the mail, which works once."""

    serializer_class = ConfirmationSerializer

    @extend_schema(summary="Confirm an e-mail address", responses={204: None})
    def post(self, request):
        self.heard(request)["user"].confirm_email()
        return Response(status=status.HTTP_204_NO_CONTENT)


class ResendView(generics.GenericAPIView):
    """
    Send the link that confirms my e-mail address again. Sends nothing if there is no address, or
    it is confirmed already.
    """

    raises = {"post": [TooManyTries]}

    @extend_schema(summary="Send the confirmation again", request=None, responses={202: None})
    def post(self, request):
        if request.user.email and not request.user.email_confirmed:
            ask_for_confirmation(request.user)
        return Response(status=status.HTTP_202_ACCEPTED)
