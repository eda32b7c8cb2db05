"""Sign up, sign in, stay signed in, sign out; and what we know of you."""

from django.contrib.auth import authenticate
from django.contrib.auth.models import update_last_login
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from .serializers import (
    LoginSerializer,
    RefreshSerializer,
    RegisterSerializer,
    TokensSerializer,
    UserSerializer,
)
from .tokens import TokenNotValid, end_session, rotate, tokens_for


class OpenDoor(generics.GenericAPIView):
    """A view for people who are not signed in yet; a token that they may send is not looked at."""

    permission_classes = [AllowAny]
    authentication_classes = []

    def get_authenticate_header(self, request):
        """Makes a wrong password or a dead token a 401 rather than a 403."""
        return 'Bearer realm="api"'


class RegisterView(OpenDoor, generics.CreateAPIView):
    """Make a customer's account and sign in at once: the answer carries both tokens."""

    serializer_class = RegisterSerializer

    @extend_schema(summary="Register")
    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs)


class LoginView(OpenDoor):
    """Sign in with the username or the e-mail address."""

    serializer_class = LoginSerializer
    raises = {"post": [AuthenticationFailed]}

    @extend_schema(summary="Log in", responses=TokensSerializer)
    def post(self, request):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = authenticate(request, **serializer.validated_data)
        if user is None:
            raise AuthenticationFailed("Username or password is wrong.")
        update_last_login(None, user)
        return Response(tokens_for(user))


class RefreshView(OpenDoor):
    """A new pair of tokens for a refresh token, which is dead from then on."""

    serializer_class = RefreshSerializer
    raises = {"post": [TokenNotValid]}

    @extend_schema(summary="Refresh the tokens", responses=TokensSerializer)
    def post(self, request):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(rotate(serializer.validated_data["refresh"]))


class LogoutView(OpenDoor):
    """End the session that a refresh token stands for."""

    serializer_class = RefreshSerializer
    raises = {"post": [TokenNotValid]}

    @extend_schema(summary="Log out", responses={204: None})
    def post(self, request):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        end_session(serializer.validated_data["refresh"])
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema_view(
    get=extend_schema(summary="Who am I"), patch=extend_schema(summary="Change my profile")
)
class MeView(generics.RetrieveUpdateAPIView):
    """The profile of whoever is signed in."""

    serializer_class = UserSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self):
        return self.request.user
