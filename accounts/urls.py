"""Routes of people, under /api/."""

from django.urls import path

from . import views

urlpatterns = [
    path("auth/register/", views.RegisterView.as_view()),
    path("auth/login/", views.LoginView.as_view()),
    path("auth/refresh/", views.RefreshView.as_view()),
    path("auth/logout/", views.LogoutView.as_view()),
    path("auth/me/", views.MeView.as_view()),
    path("auth/me/export/", views.ExportView.as_view()),
    path("auth/password/change/", views.PasswordChangeView.as_view()),
    path("auth/password/reset/", views.PasswordResetView.as_view()),
    path("auth/password/reset/confirm/", views.NewPasswordView.as_view()),
    path("auth/email/confirm/", views.ConfirmationView.as_view()),
    path("auth/email/confirm/resend/", views.ResendView.as_view()),
]
