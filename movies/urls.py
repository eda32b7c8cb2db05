"""Routes of films, under /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter(use_regex_path=False)
router.register("movies", views.MovieViewSet)
urlpatterns = [*router.urls, path("slides/", views.SlidesView.as_view())]
