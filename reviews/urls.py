"""Routes of reviews, under /api/."""

from django.urls import path

from . import views

urlpatterns = [path("movies/<int:pk>/reviews/", views.ReviewsView.as_view())]
