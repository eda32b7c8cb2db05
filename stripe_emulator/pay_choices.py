"""What a pay page offers to press: each a test card or bank account, and what it makes happen."""

from dataclasses import dataclass

from stripe_emulator import cards, debits


@dataclass(frozen=True)
class Choice:
    method: str
    label: str
    effect: str

    @property
    def number(self):
        instrument = cards.BY_PAYMENT_METHOD.get(self.method)
        instrument = instrument or debits.BY_PAYMENT_METHOD[self.method]
        return grouped(instrument.number)


USUAL = (
    Choice("pm_card_visa", "Pay", "The payment succeeds"),
    Choice("pm_card_visa_chargeDeclined", "Decline", "The bank declines the card"),
    Choice(
        "pm_card_authenticationRequiredOnSetup", "3-D Secure", "The bank asks for approval first"
    ),
)
LATER = {
    "sepa_debit": (
        Choice("pm_success_de", "Pay later", "A bank debit: paid a moment later"),
        Choice("pm_failed_de", "Fail later", "A bank debit: refused a moment later"),
        Choice("pm_successDelayed_de", "Much later", "A bank debit: paid after three minutes"),
    ),
    "us_bank_account": (
        Choice("pm_usBankAccount_success", "Pay later", "A bank debit: paid a moment later"),
        Choice(
            "pm_usBankAccount_insufficientFunds",
            "Fail later",
            "A bank debit: refused a moment later",
        ),
        Choice("pm_usBankAccount_processing", "Never", "A bank debit that nobody answers"),
    ),
}
UNUSUAL = (
    Choice("pm_card_chargeDeclinedInsufficientFunds", "No funds", "Declined: insufficient funds"),
    Choice("pm_card_createDispute", "Dispute", "Paid, and disputed a moment later"),
    Choice("pm_card_refundFail", "Bad refund", "Paid; a refund of it will fail later"),
    Choice("pm_card_pendingRefund", "Slow refund", "Paid; a refund of it is pending first"),
)
NAMES = {
    "sepa_debit": ("SEPA Direct Debit", "IBAN"),
    "us_bank_account": ("US bank account", "Account number"),
}


def known(method):
    """Whether this is the name of a test PaymentMethod that a page may offer."""
    return method in cards.BY_PAYMENT_METHOD or method in debits.BY_PAYMENT_METHOD


def later(currency):
    return [choice for kind in debits.kinds_for(currency) for choice in LATER[kind]]


def bank(currency):
    """The kind of bank account that pays in `currency`, in words, or None."""
    for kind in debits.kinds_for(currency):
        name, number = NAMES[kind]
        return {"kind": kind, "name": name, "number": number, "example": LATER[kind][0].number}
    return None


def grouped(number):
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))
