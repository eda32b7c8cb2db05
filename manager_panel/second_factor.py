"""
The second factor at the door of the admin: who works here types a code after the password, and
where that is asked of everybody, sets it up first and sees nothing else until then.
"""

from base64 import b32encode

import django_otp
import qrcode
from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from qrcode.image.svg import SvgPathImage
from rest_framework.exceptions import APIException
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.second_factor import (
    begin,
    check_code,
    confirm,
    device_of,
    is_asked_of,
    new_recovery_codes,
    recovery_codes_left,
)
from accounts.throttles import TooManyTries

# The routes of the admin, and those of its doors.
INSIDE = "admin/"
OUTSIDE = ("admin/login/", "admin/logout/", "admin/second-factor/")
# In one line and in groups of four, as people read it from a screen.
GROUP = 4
FEW = 3
YOUR_CODES = "Your recovery codes"


class AsksForTheCode:
    """Lets nobody into the admin who has shown a password and no code, where one is asked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        route = request.resolver_match.route
        if not route.startswith(INSIDE) or route.startswith(OUTSIDE):
            return None
        user = request.user
        if not getattr(user, "is_staff", False) or user.is_verified() or not is_asked_of(user):
            return None
        where = request.get_full_path() if request.method == "GET" else reverse("admin:index")
        door = reverse("second-factor", query={"next": where})
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Redirect": door})
        return HttpResponseRedirect(door)


class CodeForm(forms.Form):
    """Asks for a code and says why it is refused. `check` is what knows whether it is right."""

    code = forms.CharField(
        max_length=20,
        widget=UnfoldAdminTextInputWidget(
            {
                "autocomplete": "one-time-code",
                "autocapitalize": "off",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )

    def __init__(self, *args, check, **kwargs):
        self.check = check
        super().__init__(*args, **kwargs)

    def clean_code(self):
        code = self.cleaned_data["code"]
        try:
            self.answer = self.check(code)
        except TooManyTries as refusal:
            raise forms.ValidationError(
                f"Too many tries. Please try again in {refusal.wait} seconds.", code="throttled"
            ) from refusal
        except APIException as refusal:
            raise forms.ValidationError(str(refusal.detail), code="wrong") from refusal
        return code


@method_decorator([never_cache, sensitive_post_parameters("code")], name="dispatch")
class OfStaff(View):
    """A page for whoever has shown the password of somebody who works here."""

    http_method_names = ["get", "post"]

    def dispatch(self, request, *args, **kwargs):
        if not getattr(request.user, "is_staff", False):
            return redirect(reverse("admin:login", query={"next": request.path}))
        return super().dispatch(request, *args, **kwargs)

    def shown(self, template, **context):
        frame = admin.site.each_context(self.request)
        context = {"title": "Second factor", **frame, **context}
        return TemplateResponse(self.request, f"manager_panel/{template}.html", context)

    def form(self, check):
        return CodeForm(self.request.POST or None, check=check)

    def let_in(self, device):
        """From here on this session is one of somebody who has shown a code."""
        django_otp.login(self.request, device)
        self.request.session.cycle_key()


class AskView(OfStaff):
    """Asks for a code; whoever has given one can look after their second factor here."""

    def get(self, request):
        return self._answer(request)

    def post(self, request):
        return self._answer(request)

    def _answer(self, request):
        if request.user.is_verified():
            left = recovery_codes_left(request.user)
            return self.shown("second_factor", codes_left=left, few=left <= FEW)
        if device_of(request.user) is None:
            where = {"next": request.GET["next"]} if "next" in request.GET else {}
            return redirect(reverse("second-factor-set-up", query=where))
        form = self.form(lambda code: check_code(request, request.user, code))
        if request.method == "POST" and form.is_valid():
            self.let_in(form.answer)
            return redirect(_next(request))
        return self.shown("second_factor_code", form=form, title="Enter your code")


class SetUpView(OfStaff):
    """
    Shows a key to scan or to type, and hears a code that proves that it arrived. Whoever has a
    second factor shows it before they set up another one.
    """

    def dispatch(self, request, *args, **kwargs):
        user = request.user
        if getattr(user, "is_staff", False) and not user.is_verified() and device_of(user):
            return redirect("second-factor")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self._shown(self.form(None))

    def post(self, request):
        device = begin(request.session, request.user)
        form = self.form(lambda code: confirm(request, request.user, device, code))
        if not form.is_valid():
            return self._shown(form)
        device, codes = form.answer
        self.let_in(device)
        return self.shown("recovery_codes", title=YOUR_CODES, codes=codes, next=_next(request))

    def _shown(self, form):
        device = begin(self.request.session, self.request.user)
        return self.shown(
            "second_factor_set_up",
            title="Set up your second factor",
            form=form,
            picture=_picture_of(device.config_url),
            key=_in_groups(_key_of(device)),
            link=device.config_url,
            again=self.request.user.is_verified(),
        )


class RecoveryCodesView(OfStaff):
    """Other recovery codes, shown once."""

    def get(self, request):
        return redirect("second-factor")

    def post(self, request):
        if not request.user.is_verified():
            return redirect("second-factor")
        codes = new_recovery_codes(request.user)
        messages.success(request, "The recovery codes that you had are worth nothing any more.")
        return self.shown(
            "recovery_codes", title=YOUR_CODES, codes=codes, next=reverse("second-factor")
        )


def _next(request) -> str:
    """Where they wanted to go, if that is in here."""
    where = request.GET.get("next", "")
    inside = where.startswith(reverse("admin:index"))
    safe = url_has_allowed_host_and_scheme(where, {request.get_host()}, request.is_secure())
    return where if inside and safe else reverse("admin:index")


def _picture_of(text: str) -> str:
    """`text` as a QR code, an SVG to put into a page."""
    picture = qrcode.make(text, image_factory=SvgPathImage, box_size=8, border=4)
    return mark_safe(picture.to_string(encoding="unicode"))


def _key_of(device) -> str:
    """The key as people type it into an app: in base 32."""
    return b32encode(device.bin_key).decode().rstrip("=")


def _in_groups(key: str) -> str:
    return " ".join(key[at : at + GROUP] for at in range(0, len(key), GROUP))
