"""Routes of reviews, under /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter(use_regex_path=False)
router.register("reviews", views.ReviewViewSet)
urlpatterns = [*router.urls, path("movies/<int:pk>/reviews/", views.ReviewsView.as_view())]
