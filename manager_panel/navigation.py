"""The sidebar of the admin: what this person may see, in the order of a cinema's day."""

from django.apps import apps
from django.contrib import admin
from django.urls import reverse

# Titles, and below each the models (app.model) with an icon of Material Symbols.
GROUPS = {
    "Programme": {
        "showtimes.showtime": "calendar_month",
        "movies.movie": "movie",
        "movies.person": "theater_comedy",
        "movies.genre": "category",
        "movies.slide": "slideshow",
        "reviews.review": "reviews",
    },
    "Sales": {
        "bookings.booking": "receipt_long",
        "bookings.ticket": "confirmation_number",
        "bookings.exchange": "swap_horiz",
        "bookings.scan": "qr_code_scanner",
        "bookings.letter": "mail",
        "bookings.promocode": "sell",
        "showtimes.pricerule": "percent",
        "showtimes.seatblock": "event_busy",
    },
    "Money": {
        "payments.payment": "payments",
        "payments.refund": "undo",
        "payments.invoice": "description",
        "payments.ledgerentry": "menu_book",
        "payments.dispute": "gavel",
        "payments.stray": "question_mark",
        "payments.webhookevent": "webhook",
        "payments.refusedwebhook": "block",
    },
    "House": {
        "theaters.theater": "home_work",
        "theaters.screen": "fit_screen",
        "theaters.seat": "chair",
        "theaters.seatcategory": "stars",
        "theaters.amenity": "local_parking",
        "accounts.user": "group",
        "history.entry": "history",
    },
}


def sidebar(request) -> list[dict]:
    """Groups of links, for `UNFOLD["SIDEBAR"]["navigation"]`."""
    links = {title: _links(models, request) for title, models in GROUPS.items()}
    start = {"title": "Start", "icon": "dashboard", "link": reverse("admin:index")}
    refunds = admin.site.get_model_admin(apps.get_model("payments.refund"))
    if refunds.has_view_permission(request):
        links["Money"].insert(0, _needing_attention())
    showtimes = admin.site.get_model_admin(apps.get_model("showtimes.showtime"))
    if showtimes.has_view_permission(request):
        board = _planning_board()
        if request.path.startswith(board["link"]):
            # Its address is below that of showtimes.
            links["Programme"][0]["active"] = False
        links["Programme"].insert(0, board)
    groups = [{"title": title, "separator": True, "items": i} for title, i in links.items() if i]
    return [{"items": [start]}, *groups]


def of_ones_account(request) -> list[dict]:
    """What the menu below one's name has more than Django's own, for `UNFOLD["ACCOUNT"]`."""
    return [{"title": "Second factor", "link": reverse("second-factor")}]


def _needing_attention() -> dict:
    """The way to what nothing but a human brings on."""
    link = reverse("admin:payments_refund_changelist", query={"attention": "yes"})
    return {"title": "Needs attention", "icon": "priority_high", "link": link}


def _planning_board() -> dict:
    link = reverse("admin:planning_boards")
    return {"title": "Planning board", "icon": "view_timeline", "link": link}


def _links(models, request) -> list[dict]:
    pages = {name: admin.site.get_model_admin(apps.get_model(name)) for name in models}
    return [
        {
            "title": page.opts.verbose_name_plural.capitalize(),
            "icon": models[name],
            "link": reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist"),
        }
        for name, page in pages.items()
        if page.has_view_permission(request)
    ]
