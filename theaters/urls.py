"""Routes of places, under /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter(use_regex_path=False)
router.register("theaters", views.TheaterViewSet)
router.register("amenities", views.AmenityViewSet)
urlpatterns = [
    *router.urls,
    path("theaters/<int:pk>/screens/", views.ScreensView.as_view()),
    path("theaters/<int:pk>/seat-categories/", views.SeatCategoriesView.as_view()),
    path("screens/<int:pk>/", views.ScreenView.as_view()),
    path("seat-categories/<int:pk>/", views.SeatCategoryView.as_view()),
]
