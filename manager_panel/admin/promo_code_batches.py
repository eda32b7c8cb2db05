"""Many promo codes at once, and once only, however often somebody presses the button."""

import json
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from bookings.models import PromoCode
from bookings.promo_codes import LENGTH, MOST, more_like
from retries.models import KeptAnswer
from retries.once import caller_of

from .dialogs import DialogForm

LONGEST_PREFIX = PromoCode._meta.get_field("code").max_length - LENGTH


class BatchForm(DialogForm):
    """How many codes like this one, and what they look like."""

    count = forms.IntegerField(
        label="How many",
        min_value=1,
        max_value=MOST,
        initial=50,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=f"Up to {MOST} at once.",
    )
    prefix = forms.CharField(
        label="They begin with",
        required=False,
        max_length=LONGEST_PREFIX,
        # No spreadsheet takes such a code for a formula.
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9-]*\Z", "Letters, digits and hyphens.")],
        widget=UnfoldAdminTextInputWidget,
        help_text=f"As in PRESS-; {LENGTH} random letters and digits follow, none that look alike.",
    )
    max_uses = forms.IntegerField(
        label="Each can be used",
        min_value=1,
        max_value=2**31 - 1,
        initial=1,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Times in all. Everything else is as with this code.",
    )
    # Each window that is opened has its own.
    window = forms.UUIDField(initial=uuid4, required=False, widget=forms.HiddenInput)

    def clean_prefix(self):
        return self.cleaned_data["prefix"].upper()

    def clean_window(self):
        return self.cleaned_data["window"] or uuid4()


def make_and_say(request: HttpRequest, code: PromoCode, wanted: dict):
    """
    Make the codes that a BatchForm asks for, and say so. A second click in the same window makes
    none and is told of the first ones.
    """
    made = _once(caller_of(request), code, **wanted)
    query = {"first": made["first"], "last": made["last"]}
    words = '{} new codes like {}. <a class="underline" href="{}">Download them as CSV</a>'
    address = reverse("admin:promo_codes_csv", query=query)
    _say(request, format_html(words, made["count"], code, address))


def _once(caller: str, code: PromoCode, *, window, **wanted) -> dict:
    """As with an Idempotency-Key, what was made is kept in the transaction that makes it."""
    said = json.dumps([code.pk, str(window), wanted], sort_keys=True)
    key = salted_hmac("promo codes like this one", said, algorithm="sha256").hexdigest()
    if kept := _kept(caller, key):
        return kept
    try:
        with transaction.atomic():
            codes = more_like(code, **wanted)
            made = {"first": codes[0].pk, "last": codes[-1].pk, "count": len(codes)}
            answer = {"fingerprint": key, "status": 200, "body": json.dumps(made)}
            KeptAnswer.objects.create(caller=caller, key=key, **answer)
    except IntegrityError:
        # Perhaps the other click arrived at the same moment, and was first.
        if kept := _kept(caller, key):
            return kept
        raise
    return made


def _kept(caller: str, key: str) -> dict | None:
    kept = KeptAnswer.objects.filter(caller=caller, key=key).first()
    return json.loads(kept.body) if kept else None


def _say(request: HttpRequest, words: str):
    """Say `words`, unless they wait to be read already."""
    waiting = messages.get_messages(request)
    is_new = all(str(one) != words for one in waiting)
    waiting.used = False
    if is_new:
        messages.success(request, words)
