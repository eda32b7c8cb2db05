"""Stripe's test cards and what happens to whoever pays with them.

Numbers, names and decline codes: https://docs.stripe.com/testing
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Decline:
    code: str
    decline_code: str
    message: str


@dataclass(frozen=True)
class Card:
    """`challenged`: the bank wants 3-D Secure first. `decline`: then it says no, and why.

    `disputed`: the reason for which its holder disputes every charge. `refunds`: whether they
    arrive at once, "later", or "fail" after they seemed to have arrived.
    """

    number: str
    brand: str = "visa"
    challenged: bool = False
    decline: Decline | None = None
    disputed: str | None = None
    refunds: str = "at once"
    kind: str = "card"

    @property
    def last4(self):
        return self.number[-4:]


GENERIC_DECLINE = Decline("card_declined", "generic_decline", "Your card was declined.")
INSUFFICIENT_FUNDS = Decline(
    "card_declined", "insufficient_funds", "Your card has insufficient funds."
)
LOST_CARD = Decline("card_declined", "lost_card", "Your card was declined.")
STOLEN_CARD = Decline("card_declined", "stolen_card", "Your card was declined.")
EXPIRED_CARD = Decline("expired_card", "expired_card", "Your card has expired.")
INCORRECT_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
PROCESSING_ERROR = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
AUTHENTICATION_REQUIRED = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
NOT_A_TEST_CARD = Decline(
    "card_declined",
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card. For a list "
    "of valid test cards, visit: https://stripe.com/docs/testing.",
)

_VISA = Card("4242424242424242")
_DECLINED = Card("4000000000000002", decline=GENERIC_DECLINE)
_NO_FUNDS = Card("4000000000009995", decline=INSUFFICIENT_FUNDS)
_LOST = Card("4000000000009987", decline=LOST_CARD)
_STOLEN = Card("4000000000009979", decline=STOLEN_CARD)
_EXPIRED = Card("4000000000000069", decline=EXPIRED_CARD)
_WRONG_CVC = Card("4000000000000127", decline=INCORRECT_CVC)
_BROKEN = Card("4000000000000119", decline=PROCESSING_ERROR)
_ON_SETUP = Card("4000002500003155", challenged=True)
_ALWAYS = Card("4000002760003184", challenged=True)
_THREE_D_SECURE_2 = Card("4000000000003220", challenged=True)
_THEN_DECLINED = Card("4000008400001629", challenged=True, decline=GENERIC_DECLINE)
_THEN_NO_FUNDS = Card("4000008260003178", challenged=True, decline=INSUFFICIENT_FUNDS)
# A bank that asks before it takes the money back: https://docs.stripe.com/disputes/inquiries
INQUIRY = "inquiry"

BY_PAYMENT_METHOD = {
    "pm_card_visa": _VISA,
    "pm_card_visa_debit": Card("4000056655665556"),
    "pm_card_mastercard": Card("5555555555554444", "mastercard"),
    "pm_card_amex": Card("378282246310005", "amex"),
    "pm_card_discover": Card("6011111111111117", "discover"),
    "pm_card_jcb": Card("3566002020360505", "jcb"),
    "pm_card_chargeDeclined": _DECLINED,
    "pm_card_visa_chargeDeclined": _DECLINED,
    "pm_card_chargeDeclinedInsufficientFunds": _NO_FUNDS,
    "pm_card_visa_chargeDeclinedInsufficientFunds": _NO_FUNDS,
    "pm_card_visa_chargeDeclinedLostCard": _LOST,
    "pm_card_visa_chargeDeclinedStolenCard": _STOLEN,
    "pm_card_chargeDeclinedExpiredCard": _EXPIRED,
    "pm_card_chargeDeclinedIncorrectCvc": _WRONG_CVC,
    "pm_card_chargeDeclinedProcessingError": _BROKEN,
    "pm_card_authenticationRequiredOnSetup": _ON_SETUP,
    "pm_card_authenticationRequired": _ALWAYS,
    "pm_card_threeDSecure2Required": _THREE_D_SECURE_2,
    "pm_card_threeDSecureRequired": _THREE_D_SECURE_2,
    "pm_card_threeDSecureRequiredChargeDeclined": _THEN_DECLINED,
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": _THEN_NO_FUNDS,
    "pm_card_refundFail": Card("4000000000005126", refunds="fail"),
    "pm_card_pendingRefund": Card("4000000000007726", refunds="later"),
    "pm_card_createDispute": Card("4000000000000259", disputed="fraudulent"),
    "pm_card_createDisputeProductNotReceived": Card(
        "4000000000002685", disputed="product_not_received"
    ),
    "pm_card_createDisputeInquiry": Card("4000000000001976", disputed=INQUIRY),
}
BY_NUMBER = {card.number: card for card in BY_PAYMENT_METHOD.values()}


def passes_luhn(number):
    """The check digit of ISO/IEC 7812-1 Annex B is right."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
