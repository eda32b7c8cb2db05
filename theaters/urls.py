"""Routes of places, under /api/."""

from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter(use_regex_path=False)
router.register("theaters", views.TheaterViewSet)
urlpatterns = router.urls
