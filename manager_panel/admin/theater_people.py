"""Who works at a theater, on its profile: its managers name the box office and the door."""

import math

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from unfold.decorators import display
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.models import Role, User
from accounts.throttles import Limit, TooManyTries, failures_counted
from theaters.staff import StaffMember

from .columns import NO_BREAK
from .forms import SaysWhy
from .parts import Part

OFF = "Switched off: cannot sign in"
TOO_MANY = "Too many names that belong to nobody."
HINT = "E-mail address or user name"
TABLE = (
    '<div class="overflow-x-auto"><table><thead><tr class="text-left"><th class="pr-4">Manager</th>'
    '<th class="pr-4">E-mail</th><th>Account</th></tr></thead><tbody>{}</tbody></table></div>'
)
ROW = '<tr><td class="pr-4">{}</td><td class="pr-4">{}</td><td>{}</td></tr>'


def state_of(user: User) -> str:
    """Whether this person can sign in at all."""
    if user.left_at:
        return "Has left"
    return "Active" if user.is_active else OFF


def managers_of(theater) -> str:
    """A table of those who manage `theater`, and what their accounts are worth."""
    rows = [
        (one.get_full_name(), one.email, _state_of_manager(one)) for one in theater.managers.all()
    ]
    if not rows:
        return "Nobody but the admins."
    return format_html(TABLE, format_html_join("", ROW, rows))


def _state_of_manager(user: User) -> str:
    if user.role == Role.CUSTOMER and not user.left_at:
        return "No manager any more"
    return state_of(user)


def account_called(login: str) -> User:
    """
    Whose e-mail address or user name `login` is, in full: nobody looks through people's accounts.
    Raises ValidationError, with what to do.
    """
    user = User.objects.known_as(login)
    if user is None:
        raise ValidationError(
            f"Nobody has an account as {login}. Check how it is written; whoever has none signs up "
            "in the app or on the web first."
        )
    if not user.is_active:
        raise ValidationError(f"The account {login} is switched off. Ask an admin.")
    return user


class StaffForm(SaysWhy):
    """Names somebody by their account; those who are named already are only taken off the list."""

    named_by: User

    account = forms.CharField(
        max_length=254, widget=UnfoldAdminTextInputWidget({"placeholder": HINT, "aria-label": HINT})
    )

    def clean(self):
        cleaned = super().clean()
        if login := cleaned.get("account"):
            self._name(login, cleaned.get("duty"))
        return cleaned

    def _name(self, login, duty):
        try:
            # Who asks for many finds out who has an account.
            with failures_counted(Limit("naming_account", str(self.named_by.pk))):
                user = self.instance.user = account_called(login)
        except TooManyTries as refusal:
            minutes = math.ceil(refusal.wait / 60)
            self.add_error("account", f"{TOO_MANY} Please wait {minutes} minutes.")
            return
        except ValidationError as error:
            self.add_error("account", error)
            return
        if StaffMember.objects.filter(theater=self.instance.theater_id, user=user, duty=duty):
            self.add_error("account", f"{user.get_full_name()} has this duty here already.")


class StaffForms(PaginationInlineFormSet):
    def clean(self):
        super().clean()
        new = [
            (form.instance.user_id, form.instance.duty)
            for form in self.extra_forms
            if form.instance.user_id and form not in self.deleted_forms
        ]
        if len(set(new)) < len(new):
            raise ValidationError("Somebody is named twice for the same duty.")


class StaffPart(Part):
    model = StaffMember
    form = StaffForm
    formset = StaffForms
    admins_may = managers_may = frozenset({"view", "add", "delete"})
    verbose_name = "person"
    verbose_name_plural = "box office and door"
    template_before = "manager_panel/people_of_a_theater.html"
    tab = show_change_link = False
    fields = ["account", "email", "duty", "named_on", "state"]
    readonly_fields = ["email", "named_on", "state"]

    def may(self, request, verb):
        """It has no page of its own: those who may change the theater may name its people."""
        return super(Part, self).may(request, verb)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.named_by = request.user
        return formset

    @display(description="account")
    def account(self, member):
        """By name, and what they sign in with."""
        name, login = member.user.get_full_name(), member.user.username
        return name if name == login else f"{name} ({login})"

    @display(description="e-mail")
    def email(self, member):
        return member.user.email if member.pk else NO_BREAK

    @display(description="since")
    def named_on(self, member):
        if not member.pk:
            return NO_BREAK
        return f"{timezone.localtime(member.since):%d %b %Y}".replace(" ", NO_BREAK)

    @display(description="state")
    def state(self, member):
        return state_of(member.user) if member.pk else NO_BREAK

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        field.widget.attrs["aria-label"] = "Duty"
        return field
