"""Routes of films, under /api/."""

from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter(use_regex_path=False)
router.register("movies", views.MovieViewSet)
router.register("genres", views.GenreViewSet)
router.register("people", views.PersonViewSet)
router.register("slides", views.SlideViewSet)
urlpatterns = router.urls
