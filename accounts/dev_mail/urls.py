"""Routes under /dev/mail/, which answer with DEBUG only."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.mails),
    path("<int:pk>/", views.mail),
    path("<int:pk>/html/", views.html),
    path("<int:pk>/<int:attachment>/", views.paper),
]
