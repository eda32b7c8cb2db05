"""The sidebar of the admin: what this person may see, in the order of a cinema's day."""

from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils.text import capfirst

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
        "manager_panel.report": "lab_profile",
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
# By the name of an address, the name of the one that the sidebar leads to.
ROOMS = {
    "planning_boards": "planning_boards",
    "planning_board": "planning_boards",
    "prices_of_mine": "prices_of_mine",
    "prices": "prices_of_mine",
    "statement": "showtimes_showtime_changelist",
}


def sidebar(request) -> list[dict]:
    """Groups of links, for `UNFOLD["SIDEBAR"]["navigation"]`."""
    links = {title: _links(models, request) for title, models in GROUPS.items()}
    start = {"title": "Dashboard", "icon": "dashboard", "link": reverse("admin:index")}
    refunds = admin.site.get_model_admin(apps.get_model("payments.refund"))
    if refunds.has_view_permission(request):
        links["Money"].insert(0, _waiting_refunds())
    showtimes = admin.site.get_model_admin(apps.get_model("showtimes.showtime"))
    if showtimes.has_view_permission(request):
        links["Programme"].insert(0, _planning_board())
    theaters = admin.site.get_model_admin(apps.get_model("theaters.theater"))
    if theaters.has_change_permission(request):
        links["Sales"].append(_prices())
    _mark_the_room(request, [item for items in links.values() for item in items])
    groups = [{"title": title, "separator": True, "items": i} for title, i in links.items() if i]
    return [{"items": [start]}, *groups]


def _mark_the_room(request, items: list[dict]):
    """Of a room, whose address is below that of a model, the link is the active one."""
    name = getattr(request.resolver_match, "url_name", None)
    if name == "payments_refund_changelist":
        needs_attention = request.GET.get("attention") == "yes"
        link = _waiting_refunds()["link"] if needs_attention else reverse(f"admin:{name}")
    elif name in ROOMS:
        link = reverse(f"admin:{ROOMS[name]}")
    else:
        return
    for item in items:
        item["active"] = item["link"] == link


def of_ones_account(request) -> list[dict]:
    """What the menu below one's name has more than Django's own, for `UNFOLD["ACCOUNT"]`."""
    return [{"title": "Second factor", "link": reverse("second-factor")}]


def _waiting_refunds() -> dict:
    """The way to the refunds that nothing but a human brings on."""
    link = reverse("admin:payments_refund_changelist", query={"attention": "yes"})
    return {"title": "Waiting refunds", "icon": "priority_high", "link": link}


def _planning_board() -> dict:
    link = reverse("admin:planning_boards")
    return {"title": "Planning board", "icon": "view_timeline", "link": link}


def _prices() -> dict:
    """The way to what a seat costs when."""
    link = reverse("admin:prices_of_mine")
    return {"title": "What seats cost", "icon": "price_check", "link": link}


def _links(models, request) -> list[dict]:
    pages = {name: admin.site.get_model_admin(apps.get_model(name)) for name in models}
    return [
        {
            "title": capfirst(page.opts.verbose_name_plural),
            "icon": models[name],
            "link": reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist"),
        }
        for name, page in pages.items()
        if page.has_view_permission(request)
    ]
