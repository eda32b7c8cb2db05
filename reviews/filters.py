"""How the reviews of a film are narrowed."""

import django_filters
from rest_framework.exceptions import NotAuthenticated

from .models import Review

ORDERS = {"newest": ["-created_at"], "highest": ["-rating"], "lowest": ["rating"]}


class ReviewFilter(django_filters.FilterSet):
    """Several filters narrow together."""

    verified = django_filters.BooleanFilter(
        label="true: only by people who had a ticket. false: only by others."
    )
    mine = django_filters.BooleanFilter(
        method="by_me", label="true: only that of whoever is signed in."
    )
    ordering = django_filters.ChoiceFilter(
        choices=[(name, name) for name in ORDERS],
        method="ordered",
        label="newest (when left out), highest or lowest; what is equal, the newest first.",
    )

    class Meta:
        model = Review
        fields = []

    def by_me(self, reviews, name, wanted):
        if not self.request.user.is_authenticated:
            raise NotAuthenticated
        mine = {"user": self.request.user}
        return reviews.filter(**mine) if wanted else reviews.exclude(**mine)

    def ordered(self, reviews, name, order):
        return reviews.order_by(*ORDERS[order], "-created_at", "-pk")
