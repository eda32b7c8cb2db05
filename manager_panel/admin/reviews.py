"""What people thought of a film. Admins hide a review or take it away; nobody rewrites one."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.utils import timezone
from unfold.decorators import display

from reviews.models import Review

from .columns import local
from .filters import OfFilm, Whether
from .pages import Page, ToLookAt
from .roles import NOTHING


@admin.register(Review)
class ReviewAdmin(ToLookAt, Page):
    admins_may = frozenset({"view", "delete", "hide"})
    managers_may = NOTHING
    list_display = ["film", "stars", "user", "beginning", "written", "is_hidden"]
    ordering = ["-created_at"]
    # Who ticks all rows has to read how many these are.
    paginator = Paginator
    list_select_related = ["movie", "user"]
    list_filter = [
        ("movie", OfFilm),
        "rating",
        ("hidden_at", Whether),
    ]
    search_fields = ["movie__title", "user__username", "text"]
    fields = [
        *("movie", "user", "rating", "text", "created_at", "updated_at"),
        *("hidden_at", "hidden_reason"),
    ]
    date_hierarchy = "created_at"
    actions = ["hide", "unhide"]

    @display(description="film", ordering="movie__title")
    def film(self, review):
        return review.movie

    @display(description="written", ordering="created_at")
    def written(self, review):
        return local(review.created_at, timezone.get_current_timezone())

    @display(description="rating", ordering="rating")
    def stars(self, review):
        return "★" * review.rating

    @display(description="text")
    def beginning(self, review):
        return review.text[:80]

    @display(description="hidden", ordering="hidden_at", boolean=True)
    def is_hidden(self, review):
        return review.hidden

    def has_hide_permission(self, request):
        return self.may(request, "hide")

    @admin.action(description="Hide", permissions=["hide"])
    def hide(self, request, reviews):
        """Only their authors go on to see them; the ratings of their films change at once."""
        visible = list(reviews.visible())
        for review in visible:
            review.hide()
        messages.success(request, f"Hidden: {len(visible)}.")

    @admin.action(description="Show again", permissions=["hide"])
    def unhide(self, request, reviews):
        """The same the other way round."""
        hidden = list(reviews.exclude(hidden_at=None))
        for review in hidden:
            review.unhide()
        messages.success(request, f"Shown again: {len(hidden)}.")

    def delete_queryset(self, request, reviews):
        """One after another, so that each leaves the rating of its film."""
        for review in reviews:
            review.delete()
