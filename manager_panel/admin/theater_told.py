"""What the profile of a theater tells and nobody types: examples, and what the chain has set."""

from unfold.decorators import display

from ..rooms.theater_profile import example, percent
from .columns import money, shown_in_sizes
from .theater_fields import THEATER_SIZES
from .theater_people import managers_of


class ToldOfTheater:
    """Columns and blocks for the page of a theater."""

    image_shown = shown_in_sizes("image", THEATER_SIZES)

    @display(description="on the map")
    def place_example(self, theater):
        return example("place", theater)

    @display(description="who comes in")
    def doors_example(self, theater):
        return example("doors", theater)

    @display(description="what comes back")
    def cancelling_example(self, theater):
        return example("cancelling", theater)

    @display(description="what a ticket costs")
    def ticket_example(self, theater):
        return example("ticket", theater)

    @display(description="booking fee per ticket")
    def fee_in_words(self, theater):
        return money(theater.booking_fee, theater.currency) if theater.booking_fee else "No fee"

    @display(description="tax")
    def tax_in_words(self, theater):
        if not theater.tax_rate:
            return "No tax"
        how = "included in the prices" if theater.prices_include_tax else "added at the end"
        return f"{percent(theater.tax_rate)}, {how}"

    @display(description="tax number")
    def tax_number(self, theater):
        return theater.tax_id or "Not given"

    @display(description="who is paid")
    def paid_to(self, theater):
        if not theater.stripe_account:
            return "The chain, for all that is bought online."
        share, each = theater.application_fee_percent, theater.application_fee_per_ticket
        kept = [percent(share)] if share else []
        kept += [f"{money(each, theater.currency)} of each ticket"] if each else []
        less = f"The chain keeps {' and '.join(kept)}." if kept else "The chain keeps nothing."
        refusal = theater.stripe_refusal and f" Stripe refused it: {theater.stripe_refusal}"
        return f"{theater.stripe_account}, for what is bought online. {less}{refusal}"

    @display(description="Stripe takes the account", ordering="stripe_refusal")
    def payable(self, theater):
        if not theater.stripe_account:
            return "No account: the chain is paid"
        return theater.stripe_refusal or "As far as we know"

    @display(description="who manages it")
    def people(self, theater):
        return managers_of(theater) if theater.pk else "Known once it is saved."
