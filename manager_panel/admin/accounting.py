"""What the accountant gets, from above the list of invoices: a theater's month, as CSV."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from payments.accounting_views import MONTH, month_as_file
from theaters.models import Theater


class MonthWidget(UnfoldAdminTextInputWidget):
    input_type = "month"


class MonthForm(forms.Form):
    """A theater of this person's own, and a month."""

    theater = forms.ModelChoiceField(Theater.objects.none(), widget=UnfoldAdminSelectWidget())
    month = forms.RegexField(
        MONTH,
        widget=MonthWidget(attrs={"placeholder": "2026-11"}),
        error_messages={"invalid": "A month, as in 2026-11."},
    )

    def __init__(self, *args, theaters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theater"].queryset = theaters
        self.fields["theater"].empty_label = None


class ForTheAccountant:
    """Gives the list of invoices a form above it that answers with a file."""

    list_before_template = "manager_panel/month_of_invoices.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.month_view)
        return [path("month.csv", view, name="payments_invoice_month"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        # Its books are closed when a month is over.
        last = timezone.now().replace(day=1) - timedelta(days=1)
        form = MonthForm(theaters=self._theaters(request), initial={"month": f"{last:%Y-%m}"})
        return super().changelist_view(request, {**(extra_context or {}), "month_form": form})

    def month_view(self, request):
        """The file; or back to the list, with the reason why there is none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = MonthForm(request.GET, theaters=self._theaters(request))
        if form.is_valid():
            return month_as_file(form.cleaned_data["theater"], form.cleaned_data["month"])
        for field, errors in form.errors.items():
            messages.error(request, f"{form[field].label}: {' '.join(errors)}")
        return HttpResponseRedirect(reverse("admin:payments_invoice_changelist"))

    def _theaters(self, request):
        return Theater.objects.managed_by(request.user).order_by("name")
