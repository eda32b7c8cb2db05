"""Pages that are the same for everybody: what they show, their scripts ask the API for."""

from django.conf import settings
from django.views.generic import TemplateView

STRICT = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "blob:"],
    "connect-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
# What Stripe.js needs: https://docs.stripe.com/security/guide#content-security-policy
WITH_STRIPE = {
    "script-src": ["https://js.stripe.com", "https://*.js.stripe.com"],
    "frame-src": ["https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"],
    "connect-src": ["https://api.stripe.com"],
}


class Page(TemplateView):
    """A page that loads nothing from elsewhere and runs no script but our files."""

    extra_context = {"most_seats": settings.MAX_SEATS_PER_BOOKING}

    def sources(self) -> dict[str, list[str]]:
        """Where the page may load from, by the directives of Content-Security-Policy."""
        return STRICT

    def get_context_data(self, **kwargs):
        return super().get_context_data(in_development=settings.DEBUG, **kwargs)

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        directives = (f"{name} {' '.join(places)}" for name, places in self.sources().items())
        response["Content-Security-Policy"] = "; ".join(directives)
        return response


class BookingPage(Page):
    """The page where a booking is paid: with Stripe.js, unless the emulator has a page for that."""

    def sources(self):
        if settings.STRIPE_PAY_PAGE:
            return STRICT
        more = {name: STRICT.get(name, []) + places for name, places in WITH_STRIPE.items()}
        return STRICT | more
