"""Pages for people. They talk to /api/ like any other client."""

from django.urls import path

from .views import BookingPage, Page


def page(name: str, view=Page):
    return view.as_view(template_name=f"storefront/{name}.html")


urlpatterns = [
    path("", page("home")),
    path("film/<int:id>/", page("film")),
    path("cinema/<int:id>/", page("cinema")),
    path("showing/<int:id>/", page("showtime")),
    path("booking/<slug:reference>/", page("booking", BookingPage)),
    path("booking/<slug:reference>/seats/", page("exchange")),
    path("sign-in/", page("sign_in")),
    path("sign-up/", page("register")),
    path("reset-password/", page("reset_password")),
    path("reset-password/<slug:token>/", page("new_password")),
    path("confirm-email/<slug:token>/", page("confirm_email")),
    path("my-bookings/", page("my_bookings")),
]
