"""Routes of money, under /api/."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from . import accounting_views, views

router = SimpleRouter()
router.register("payments", views.PaymentViewSet)
router.register("invoices", views.InvoiceViewSet)
urlpatterns = [
    re_path(r"^bookings/(?P<reference>[A-Za-z0-9]{8})/timeline/$", views.TimelineView.as_view()),
    path("payments/webhook/", views.WebhookView.as_view()),
    re_path(r"^invoices/(?P<number>[A-Z0-9-]+)\.pdf$", views.InvoicePDFView.as_view()),
    path("theaters/<int:pk>/invoices.csv", accounting_views.MonthOfInvoicesView.as_view()),
    *router.urls,
]
