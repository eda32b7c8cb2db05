"""Promo codes: a manager's are for own theaters; those of the whole chain are the admins'."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from accounts.models import Role
from bookings.models import Booking, PromoCode
from bookings.promo_codes import uses
from theaters.models import Theater

from ..rooms.prices import CodeTried
from ..rooms.promo_codes_csv import PromoCodesCsv, written
from .columns import COLOURS, local, money
from .dialogs import Dialogs
from .filters import OfFilm, OwnRelated
from .forms import SaysWhy
from .pages import OfOwnTheaters
from .promo_code_batches import BatchForm, make_and_say
from .promo_code_fields import HELP, LABELS, THE_CODE, Validity, state_of
from .roles import EDIT

SHOWN = 20


class PromoCodeForm(SaysWhy):
    class Meta:
        labels = LABELS
        help_texts = HELP

    def clean_code(self):
        return self.cleaned_data["code"].strip().upper()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("amount") is not None:
            self._check_currency(cleaned)
        elif cleaned.get("currency"):
            self.add_error("currency", "A currency belongs to an amount; leave it empty.")
        return cleaned

    def _check_currency(self, cleaned):
        """An amount is in the currency of the theaters that it is for."""
        known = {theater.currency for theater in cleaned.get("theaters") or []}
        if not cleaned.get("currency") and len(known) == 1:
            cleaned["currency"] = next(iter(known))
        currency = cleaned.get("currency")
        if not currency or known and known != {currency}:
            options = ", ".join(sorted(known)) or "a currency, such as EUR"
            self.add_error("currency", f"An amount is in the currency of its theaters: {options}.")
        else:
            self.add_money_error("amount", currency)


@admin.register(PromoCode)
class PromoCodeAdmin(Dialogs, OfOwnTheaters):
    admins_may = managers_may = EDIT
    form = PromoCodeForm
    list_display = ["code", "off", "state", "used", "theater_names", "begins", "ends"]
    list_filter = [Validity, ("theaters", OwnRelated), ("movies", OfFilm)]
    search_fields = ["code", "theaters__name"]
    ordering = ["-pk"]
    autocomplete_fields = ["theaters", "movies"]
    fieldsets = THE_CODE
    change_form_outer_after_template = "manager_panel/promo_code_below.html"
    actions = ["as_csv"]
    actions_detail = ["make_more"]
    custom_urls = [
        ("csv/", "promo_codes_csv", PromoCodesCsv.as_view()),
        ("try/", "new_promo_code_tried", CodeTried.as_view()),
        ("<path:object_id>/try/", "promo_code_tried", CodeTried.as_view()),
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request).prefetch_related("theaters")
        used = self._bookings(request).using_it_now().filter(promo_code=OuterRef("pk")).order_by()
        counted = used.values("promo_code").annotate(count=Count("pk")).values("count")
        return rows.annotate(uses_here=Subquery(counted))

    def belonging_to(self, rows, user):
        theirs = PromoCode.objects.filter(theaters__in=Theater.objects.managed_by(user))
        return rows.filter(pk__in=theirs.order_by().values("pk"))

    def theaters_of(self, row):
        return row.theaters.all()

    def get_changeform_initial_data(self, request):
        """Who runs one theater need not choose it."""
        own = Theater.objects.managed_by(request.user).values_list("pk", flat=True)[:2]
        only = {"theaters": list(own)} if request.user.role != Role.ADMIN and len(own) == 1 else {}
        return only | super().get_changeform_initial_data(request)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "theaters" and request.user.role != Role.ADMIN:
            field.required = True
        return field

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and self._is_all_theirs(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and self._is_all_theirs(request.user, obj)

    def _is_all_theirs(self, user, code) -> bool:
        """Whether no theater that `user` does not manage would feel a change of `code`."""
        others = code and code.theaters.exclude(pk__in=Theater.objects.managed_by(user))
        return not (code and others.exists())

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        code = self.find(request, object_id) if object_id else None
        found = {"use": self._use(request, code)} if code else {}
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | found)

    def _bookings(self, request):
        """Those of the theaters of whoever asks."""
        own = Theater.objects.managed_by(request.user)
        bookings = Booking.objects.all()
        if request.user.role == Role.ADMIN:
            return bookings
        return bookings.filter(showtime__screen__theater__in=own)

    def _use(self, request, code) -> dict:
        """What the page of `code` says of its use, at the theaters of whoever asks."""
        bookings = self._bookings(request).filter(promo_code=code).using_it_now()
        shown = bookings.select_related("showtime__movie", "showtime__screen__theater", "user")
        shown = list(shown.order_by("-created_at")[: SHOWN + 1])
        return {
            "count": code.uses_here or 0,
            "sums": [
                {
                    "discount": money(one.discount, one.currency),
                    "brought": money(one.brought, one.currency),
                }
                for one in uses(bookings)
            ],
            "bookings": [_in_short(one) for one in shown[:SHOWN]],
            "more": len(shown) > SHOWN,
            "theaters": Theater.objects.managed_by(request.user).filter(promo_codes=code)[:5],
        }

    @display(description="off")
    def off(self, code):
        return money(code.amount, code.currency) or f"{code.percent.normalize():f} %"

    @display(description="now", label=COLOURS | {"running": "success", "later": "info"})
    def state(self, code):
        return state_of(code, code.uses_here or 0)

    @display(description="used", ordering="uses_here")
    def used(self, code):
        limit = f" of {code.max_uses}" if code.max_uses is not None else ""
        return f"{code.uses_here or 0}{limit}"

    @display(description="theaters")
    def theater_names(self, code):
        return ", ".join(theater.name for theater in code.theaters.all()) or "all"

    @display(description="from", ordering="valid_from")
    def begins(self, code):
        return local(code.valid_from, self.common_zone(code.theaters.all())) or None

    @display(description="until", ordering="valid_until")
    def ends(self, code):
        return local(code.valid_until, self.common_zone(code.theaters.all())) or None

    @action(
        description="Make more like this",
        permissions=["add"],
        icon="content_copy",
        dialog={
            "title": "Make more like this",
            "description": "New random codes that give the same, for the same films and theaters.",
            "form_class": BatchForm,
            "form_submit_text": "Make them",
        },
    )
    def make_more(self, request, form, object_id):
        code = self.own(request, object_id)
        if not self.has_change_permission(request, code):
            raise PermissionDenied
        names = ("window", "count", "prefix", "max_uses")
        make_and_say(request, code, {name: form.cleaned_data[name] for name in names})
        page = reverse("admin:bookings_promocode_changelist")
        return HttpResponse(headers={"HX-Redirect": page})

    @admin.action(description="Download as CSV", permissions=["view"])
    def as_csv(self, request, codes):
        return written(codes, zone=self.zone(request))


def _in_short(booking) -> dict:
    showtime = booking.showtime
    starts = local(showtime.starts_at, showtime.theater.zone)
    return {
        "pk": booking.pk,
        "reference": booking.reference,
        "customer": booking.contact_name or booking.contact_email or booking.user or "a guest",
        "showtime": f"{showtime.movie.title}, {starts}",
        "discount": money(booking.discount, booking.currency),
        "total": money(booking.total, booking.currency) if booking.confirmed_at else "not paid yet",
    }
