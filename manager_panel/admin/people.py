"""Who may sign in, and as what. Only admins see and change people."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from unfold.decorators import action, display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.models import Role, User
from accounts.second_factor import device_of, take_away

from .columns import label_column, local
from .dialogs import DialogForm, Dialogs
from .filters import Choice
from .pages import Page
from .roles import EDIT

# What admins may not take from, or give to, themselves: somebody must be left to undo it.
NOT_ONES_OWN = ["role", "is_active"]


@admin.register(User)
class UserAdmin(Dialogs, Page, DjangoUserAdmin):
    admins_may = EDIT
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = [
        "username",
        "full_name",
        "email",
        "role_label",
        "may_sign_in",
        "was_here",
        "joined",
    ]
    list_filter = [("role", Choice), "is_active"]
    search_fields = ["username", "email", "full_name", "phone"]
    ordering = ["username"]
    filter_horizontal = []
    actions_detail = ["take_second_factor_away"]
    readonly_fields = [
        *("email_confirmed_at", "last_login", "date_joined", "left_at", "second_factor"),
    ]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["full_name", ("email", "email_confirmed_at"), "phone"]}),
        ("Access", {"fields": ["role", "is_active", "second_factor"]}),
        ("Since", {"fields": ["date_joined", "last_login", "left_at"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "full_name", "role", "password1", "password2"]})
    ]
    role_label = label_column("role")

    @display(description="active", ordering="is_active", boolean=True)
    def may_sign_in(self, user):
        return user.is_active

    @display(description="last here", ordering="last_login")
    def was_here(self, user):
        return local(user.last_login, timezone.get_current_timezone()) or None

    @display(description="since", ordering="date_joined")
    def joined(self, user):
        return local(user.date_joined, timezone.get_current_timezone())

    @display(description="second factor")
    def second_factor(self, user):
        """Whether a code is asked of this person, and since when they have it."""
        device = device_of(user)
        return f"since {device.created_at:%d %b %Y}" if device else None

    def get_actions_detail(self, request, object_id):
        """The button to take a second factor away, where there is one; not one's own."""
        user = self.find(request, object_id)
        if user is None or user == request.user or not device_of(user):
            return []
        return super().get_actions_detail(request, object_id)

    @action(
        description="Take the second factor away",
        permissions=["change"],
        dialog={
            "title": "Take the second factor away",
            "description": "Of somebody who has lost their phone and their recovery codes. Make "
            "sure that it is them who ask: whoever knows the password sets up a new one.",
            "form_class": DialogForm,
            "form_submit_text": "Take it away",
        },
    )
    def take_second_factor_away(self, request, form, object_id):
        user = self.own(request, object_id)
        if user == request.user:
            raise PermissionDenied
        return self.done(request, user, take_away, user, said="It is gone. They set up a new one.")

    def get_readonly_fields(self, request, obj=None):
        mine = NOT_ONES_OWN if obj == request.user else []
        return [*super().get_readonly_fields(request, obj), *mine]

    def has_delete_permission(self, request, obj=None):
        """Staff are made inactive instead: what they did in the admin stays on record."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and getattr(obj, "role", Role.CUSTOMER) == Role.CUSTOMER

    def save_model(self, request, obj, form, change):
        """Saved first, so that the form's own checks and the database's have their say."""
        before = form.initial.get("email", obj.email)
        super().save_model(request, obj, form, change)
        if change and before.lower() != obj.email.lower():
            obj.doubt_email()

    def get_search_results(self, request, queryset, search_term):
        """Where a theater's managers are chosen, those who can be one."""
        if request.GET.get("field_name") == "managers":
            queryset = queryset.filter(role=Role.MANAGER)
        return super().get_search_results(request, queryset, search_term)
