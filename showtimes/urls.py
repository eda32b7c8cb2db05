"""Routes of the timetable, under /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from . import block_views, price_rule_views, views
from .layouts.views import LayoutView

router = SimpleRouter(use_regex_path=False)
router.register("showtimes", views.ShowtimeViewSet)
urlpatterns = [
    *router.urls,
    path("showtimes/<int:pk>/blocks/", block_views.BlocksOfAShowtimeView.as_view()),
    path("blocks/<uuid:pk>/", block_views.OneBlockView.as_view()),
    path("screens/<int:pk>/layout/", LayoutView.as_view(), name="layout"),
    path("seats/", views.SeatsView.as_view()),
    path("movies/<int:pk>/showtimes/", views.MovieShowtimesView.as_view()),
    path("theaters/<int:pk>/showtimes/", views.TheaterShowtimesView.as_view()),
    path("theaters/<int:pk>/price-rules/", price_rule_views.PriceRulesView.as_view()),
    path("price-rules/<int:pk>/", price_rule_views.PriceRuleView.as_view()),
]
