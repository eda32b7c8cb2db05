"""What lists of the admin say: what a search looks at, what to do first, what deleting means."""

SEARCHES = {
    "accounts.user": "Name, e-mail, phone or username",
    "bookings.booking": "Reference, name, e-mail, phone or film",
    "bookings.bookingline": "Reference of a booking, or words of the line",
    "bookings.exchange": "Reference, name or e-mail of a booking",
    "bookings.letter": "Reference or e-mail of a booking, or an error",
    "bookings.promocode": "Code or theater",
    "bookings.scan": "Whole code, reference, gate or who scanned",
    "bookings.swap": "Reference of a booking",
    "bookings.ticket": "Reference, name, e-mail, or a whole ticket code",
    "history.entry": "What was changed, its whole id, or who changed it",
    "manager_panel.report": "Theater, film, or who ordered it",
    "movies.credit": "Person, character or film",
    "movies.genre": "Name of a genre",
    "movies.movie": "Title, people or words of the synopsis",
    "movies.person": "Name, or a part of it",
    "movies.slide": "Title, text or film",
    "payments.dispute": "Reference of a booking, or Stripe's whole id",
    "payments.invoice": "Number of an invoice, reference or e-mail",
    "payments.invoiceseries": "Theater, or what its numbers begin with",
    "payments.ledgerentry": "Reference of a booking, or Stripe's whole id",
    "payments.payment": "Reference, e-mail, or Stripe's whole id",
    "payments.refund": "Reference, name, e-mail, or Stripe's whole id",
    "payments.refusedwebhook": "Why it was refused",
    "payments.stray": "Stripe's id, or why",
    "payments.webhookevent": "Stripe's id, kind of event or error",
    "reviews.review": "Film, username or words of the review",
    "showtimes.price": "Film or category",
    "showtimes.pricerule": "Name of a rule, or theater",
    "showtimes.seatblock": "Note, film or screen",
    "showtimes.showtime": "Film, screen or theater",
    "showtimes.takenseat": "Row, film, screen, or a whole booking id",
    "theaters.amenity": "Name of an amenity",
    "theaters.screen": "Screen, theater or city",
    "theaters.seat": "Row or number, screen or theater",
    "theaters.seatcategory": "Category or theater",
    "theaters.theater": "Name, city, address or legal name",
}
# Above the lists whose names say too little.
WHAT = {
    "bookings.exchange": "Seats that customers changed for others, and the difference they paid.",
    "bookings.letter": "Every mail to a customer: what it is about, and whether it was sent.",
    "bookings.scan": "Every ticket that was scanned at a door, and what the door said.",
    "bookings.ticket": "One for each seat that was sold: what is shown at the door.",
    "history.entry": "Who of us changed what, and when.",
    "payments.dispute": "Customers who asked their bank for the money back. Answer in time.",
    "payments.ledgerentry": "Every movement of money, as the bookkeeping has it.",
    "payments.refund": "Money on its way back to customers.",
    "payments.refusedwebhook": "Messages that were not from Stripe, or could not be read.",
    "payments.stray": "Money that is at Stripe and belongs to no booking that we know.",
    "payments.webhookevent": "What Stripe told us, message by message.",
    "showtimes.seatblock": "Seats that are kept back: for the house, the press, a repair.",
    "showtimes.takenseat": "Which seats are gone, and until when.",
}
# Where there is nothing yet, and nobody searched.
FIRST = {
    "accounts.user": "Add the people who work here; customers register by themselves.",
    "bookings.booking": "They come by themselves as soon as a showtime is on sale.",
    "bookings.promocode": "A code takes something off for those who have it: a newsletter, a club.",
    "bookings.scan": "They come when tickets are scanned at the door.",
    "bookings.exchange": "They come when customers change their seats.",
    "bookings.letter": "They are written when somebody books, pays or cancels.",
    "bookings.ticket": "They come when bookings are paid.",
    "history.entry": "What staff change is told here from now on.",
    "manager_panel.report": "Order the first: what to tell apart, which theaters, which days.",
    "movies.movie": "Add a film first: showtimes, slides and reviews are about films.",
    "movies.slide": "The home page has no slides. Add one for the film that you want to sell.",
    "movies.person": "People come with the cast and crew of a film, or are added here first.",
    "payments.refund": "No money had to go back. Refunds come when bookings are cancelled.",
    "payments.payment": "They come when customers pay online.",
    "payments.invoice": "They are issued when bookings are paid.",
    "payments.ledgerentry": "Every payment and every refund is written here when it happens.",
    "payments.dispute": "No bank has taken money back. Good.",
    "showtimes.pricerule": (
        "Every seat costs what its category costs. A rule makes Monday afternoons cheaper, or 3D "
        "dearer; you see what it changes before you save it."
    ),
    "showtimes.seatblock": "No seats are kept back. Block some for the house, the press, a repair.",
    "showtimes.showtime": "Nothing is planned. With a screen, its seats and a film, add the first.",
    "theaters.screen": "Add a screen, then draw its seats with “Edit the plan”.",
    "theaters.seat": "Seats are drawn: open a screen and choose “Edit the plan”.",
    "theaters.seatcategory": "A category says what its seats cost. Every seat has one.",
    "theaters.theater": "No theater is yours yet. An admin can give you one.",
}
# Where somebody looks for what needs attention, and there is nothing.
NOTHING_WAITS = {
    "payments.refund": (
        "No refund has failed, and nothing is due at the box office. Mails, disputes and payments "
        "that need somebody are named on the dashboard."
    ),
    "bookings.letter": "Every letter went out.",
}
DELETING = {
    "accounts.user": "Their bookings must stay on record: who has any can only be made inactive.",
    "bookings.promocode": (
        "From now on nobody gets anything off with it. A code that was used stays: let it end "
        "today instead."
    ),
    "manager_panel.report": (
        "Its file goes with it. One that is being made is not made, and one that repeats is not "
        "ordered again. Nothing that was sold changes."
    ),
    "movies.movie": "A film with showtimes stays. Delete it only if it was added by mistake.",
    "movies.slide": "The home page shows it no more. Switch it off instead to show it later.",
    "showtimes.pricerule": (
        "New bookings are made without it at once; those that are made keep their price. To use it "
        "again later, switch it off instead."
    ),
    "showtimes.seatblock": "Its seats are on sale again at once.",
    "showtimes.showtime": (
        "It disappears as if it was never planned. One with bookings can't be deleted: cancel it, "
        "and everybody gets a letter and their money back."
    ),
    "theaters.screen": "Its seats go with it. One with showtimes stays.",
    "theaters.seat": "A seat that was ever sold stays: make it inactive instead.",
    "theaters.seatcategory": "One with seats stays: paint them with another category first.",
    "theaters.theater": "One with showtimes, invoices or bookings stays.",
}
