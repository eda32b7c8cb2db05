"""How the profile of a theater is laid out, and what its fields are called and mean."""

FEES, INVOICES, PAYOUTS = "Fees and tax", "Invoices", "Paid out separately"
PEOPLE = "People"
# Worked out, never typed.
TOLD = [
    *("image_shown", "place_example", "doors_example", "cancelling_example", "ticket_example"),
    *("fee_in_words", "tax_in_words", "tax_number", "paid_to", "payable", "people"),
]
# As the storefront shows them: the list of cinemas, and the head of the cinema's own page.
THEATER_SIZES = {
    "small": ("In the list of cinemas", 160, 90),
    "large": ("On its own page", 400, 225),
}
THE_PROFILE = [
    (
        None,
        {
            "fields": ["name", "slug", "image", "image_shown", "amenities"],
            "description": "What customers see of this cinema in the app and on the web.",
        },
    ),
    (
        "Where it is",
        {
            "fields": [
                "address",
                ("postal_code", "city", "country"),
                ("latitude", "longitude"),
                "place_example",
                "timezone",
            ]
        },
    ),
    (
        "How to reach it",
        {
            "fields": [("phone", "email")],
            "description": (
                "On the cinema's page, and in letters to customers; their answers go to the e-mail "
                "address."
            ),
        },
    ),
    (
        "Giving tickets back",
        {
            "fields": [
                ("cancellation_cutoff_minutes", "cancellation_refund_percent"),
                "cancellation_returns_fee",
                "cancelling_example",
            ],
            "description": (
                "What customers may do by themselves. When you cancel a showtime, they always get "
                "everything back."
            ),
        },
    ),
    ("Choosing seats", {"fields": ["refuses_lonely_seats"]}),
    (
        "At the door",
        {
            "fields": [("admission_opens_minutes", "admission_closes_minutes"), "doors_example"],
            "description": (
                "For all showtimes to come. Customers read it in the app, on tickets and in mails; "
                "tickets that are printed already say what held then."
            ),
        },
    ),
    (
        FEES,
        {
            "fields": [
                ("currency", "booking_fee"),
                ("tax_rate", "prices_include_tax"),
                "ticket_example",
            ],
            "description": "Set by the chain. Prices of seats belong to their categories.",
        },
    ),
    (
        INVOICES,
        {
            "fields": [("legal_name", "tax_id"), "invoice_prefix"],
            "description": "Set by the chain. What is printed on invoices as the seller.",
        },
    ),
    (
        PAYOUTS,
        {
            "fields": [
                ("stripe_account", "payable"),
                ("application_fee_percent", "application_fee_per_ticket"),
            ],
            "description": (
                "Set by the chain. Leave the account empty if the chain is paid for this theater."
            ),
        },
    ),
    (
        PEOPLE,
        {
            "fields": ["managers", "people"],
            "description": (
                "Managers see and change everything of this theater and nothing of any other. "
                "Somebody who is not offered needs the role of a manager first, under Users. "
                "The box office and the door are below."
            ),
        },
    ),
]
SET_BY_THE_CHAIN = "Set by the chain; an admin changes it."
# What the chain has set, as managers read it.
FOR_MANAGERS = {
    FEES: {
        "fields": ["currency", ("fee_in_words", "tax_in_words"), "ticket_example"],
        "description": f"{SET_BY_THE_CHAIN} Prices of seats belong to their categories.",
    },
    INVOICES: {
        "fields": [("legal_name", "tax_number"), "invoice_prefix"],
        "description": f"{SET_BY_THE_CHAIN} What is printed on invoices as the seller.",
    },
    PAYOUTS: {"fields": ["paid_to"], "description": SET_BY_THE_CHAIN},
    PEOPLE: {
        "fields": ["people"],
        "description": (
            "Managers see and change everything of this theater and nothing of any other; an admin "
            "names them. You name those of the box office and the door, below."
        ),
    },
}
LABELS = {
    "slug": "Address on the web",
    "timezone": "Time zone",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "cancellation_cutoff_minutes": "Until how many minutes before the start",
    "cancellation_refund_percent": "Percent of what was paid that comes back",
    "cancellation_returns_fee": "The booking fee comes back, too",
    "refuses_lonely_seats": "Leave no seat alone",
    "admission_opens_minutes": "Doors open: minutes before the start",
    "admission_closes_minutes": "Doors close: minutes after the start",
    "booking_fee": "Booking fee per ticket",
    "tax_rate": "Tax in percent",
    "prices_include_tax": "Prices include the tax",
    "legal_name": "Legal name",
    "tax_id": "Tax number",
    "invoice_prefix": "Invoice numbers begin with",
    "application_fee_percent": "Percent that the chain keeps",
    "application_fee_per_ticket": "What the chain keeps of each ticket",
}
HELP = {
    "slug": "The last part of its address, as in odeon-berlin. Old links break if it changes.",
    "image": (
        "The house, wider than high: 16:9, best 1600 × 900 pixels or more. JPEG, PNG, WebP, AVIF "
        "or GIF, up to 10 MiB. Smaller sizes are made of it."
    ),
    "amenities": "What guests ask about before they come: parking, a bar, step-free access.",
    "address": "Street and number, as a taxi driver needs it.",
    "latitude": "North of the equator, as in 52.5003.",
    "longitude": "East of Greenwich, as in 13.4325.",
    "timezone": "All times of this theater are by this clock, as in Europe/Berlin.",
    "phone": "With the country's code, as in +49 30 1234567.",
    "cancellation_cutoff_minutes": "60 is an hour, 1440 a day, 0 until the showtime starts.",
    "cancellation_refund_percent": "100 for everything, 0 for nothing.",
    "cancellation_returns_fee": "In the same part as the rest.",
    "refuses_lonely_seats": (
        "Customers may not leave a single empty seat between taken ones; they are offered seats "
        "that leave none."
    ),
    "admission_opens_minutes": "30 is half an hour, 1440 a day at most, 0 when it starts.",
    "admission_closes_minutes": "Empty: people come in as long as the showtime lasts.",
    "currency": "Three letters, as in EUR. Fixed once something was sold.",
    "booking_fee": "In the theater's currency; 0 for none.",
    "tax_rate": "As in 7 or 19.",
    "prices_include_tax": "As in Europe. Switched off, tax is added at the end, as in America.",
    "tax_id": "As it must be printed on invoices.",
    "invoice_prefix": "LUX in LUX-2026-000001. Fixed once an invoice was issued.",
    "managers": "They sign in here, and see this theater.",
}
