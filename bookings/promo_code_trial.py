"""What a promo code would give: one that nobody has saved yet, or for who books another day."""

from dataclasses import dataclass
from datetime import datetime

from showtimes.models import Showtime

from .models import PromoCode, PromoCodeRefused
from .models.promo_code import HoldsFor


@dataclass(frozen=True)
class PromoCodeTrial:
    """
    `code`, which need not be saved, as it would be for what it `holds_for`; `uses` bookings have it
    by now, `theirs` of them those of the customer.
    """

    code: PromoCode
    holds_for: HoldsFor
    uses: int = 0
    theirs: int = 0

    def check(self, showtime: Showtime, *, tickets: int, at: datetime):
        """
        Raises PromoCodeRefused as a quote does, for so many tickets of `showtime` (which need not
        be saved) and who books `at` that moment. No query.
        """
        self.code.check_conditions(showtime, tickets=tickets, at=at)
        self.holds_for.check(showtime)
        self.code.check_limits(uses=self.uses, theirs=self.theirs)

    def why_not(self, showtime: Showtime, *, tickets: int, at: datetime) -> str:
        """What customers read when it is refused so; nothing, if it holds."""
        try:
            self.check(showtime, tickets=tickets, at=at)
        except PromoCodeRefused as refusal:
            return refusal.words
        return ""


def uses_of(code: PromoCode) -> int:
    """How many bookings have `code` by now; none has one that is not saved. At most one query."""
    return code.bookings.using_it_now().count() if code.pk else 0


def trial_of(code: PromoCode) -> PromoCodeTrial:
    """`code` as it is saved, for somebody who never used it. Three queries."""
    return PromoCodeTrial(code, code.holds_for(), uses_of(code))
