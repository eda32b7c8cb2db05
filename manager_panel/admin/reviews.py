"""What people thought of a film. Admins may take a review away, and nobody may rewrite one."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from reviews.models import Review

from .pages import Page, ToLookAt
from .roles import NOTHING


@admin.register(Review)
class ReviewAdmin(ToLookAt, Page):
    admins_may = frozenset({"view", "delete"})
    managers_may = NOTHING
    list_display = ["movie", "stars", "user", "beginning", "created_at"]
    list_select_related = ["movie", "user"]
    list_filter = [("movie", AutocompleteSelectFilter), "rating"]
    search_fields = ["movie__title", "user__username", "text"]
    fields = ["movie", "user", "rating", "text", "created_at", "updated_at"]
    date_hierarchy = "created_at"

    @display(description="rating", ordering="rating")
    def stars(self, review):
        return "★" * review.rating

    @display(description="text")
    def beginning(self, review):
        return review.text[:80]
