"""Pages of the admin that are about nobody's rows."""

from django.urls import path

from . import second_factor

urlpatterns = [
    path("", second_factor.AskView.as_view(), name="second-factor"),
    path("set-up/", second_factor.SetUpView.as_view(), name="second-factor-set-up"),
    path(
        "recovery-codes/",
        second_factor.RecoveryCodesView.as_view(),
        name="second-factor-recovery-codes",
    ),
]
