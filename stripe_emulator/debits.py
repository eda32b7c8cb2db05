"""Test bank accounts that are debited: the money comes days later, or fails to.

Numbers and names: https://docs.stripe.com/testing#sepa-direct-debit and #ach-direct-debit
"""

from dataclasses import dataclass

from stripe_emulator.cards import Decline

SOON = 1.5
THREE_MINUTES = 180


@dataclass(frozen=True)
class Debit:
    """`settles_after` seconds the bank says yes, or no for the reason of `decline`; None: never.

    `can_be_called_back`: a PaymentIntent that is processing may still be cancelled.
    `disputed`: the reason for which its holder takes the money back after that.
    """

    kind: str
    number: str
    settles_after: float | None = SOON
    decline: Decline | None = None
    disputed: str | None = None
    can_be_called_back: bool = False
    challenged: bool = False
    refunds: str = "later"

    @property
    def last4(self):
        return self.number[-4:]


# What each kind may be paid in.
CURRENCIES = {"sepa_debit": "eur", "us_bank_account": "usd"}
ROUTING_NUMBER = "110000000"

FAILED = Decline(
    "payment_method_provider_decline",
    "generic_decline",
    "The payment failed: the customer's bank did not carry it out.",
)
NO_FUNDS = Decline(
    "insufficient_funds",
    "insufficient_funds",
    "The customer's account has insufficient funds to cover this payment.",
)
CLOSED = Decline("account_closed", "account_closed", "The customer's bank account has been closed.")
NO_ACCOUNT = Decline("no_account", "no_account", "The bank account could not be located.")

CALLED_BACK = Decline("canceled", "canceled", "The debit was canceled before it was carried out.")


def _sepa(number, **how):
    return Debit("sepa_debit", number, **how)


def _ach(number, **how):
    return Debit("us_bank_account", number, can_be_called_back=True, **how)


BY_PAYMENT_METHOD = {
    "pm_success_at": _sepa("AT611904300234573201"),
    "pm_successDelayed_at": _sepa("AT321904300235473204", settles_after=THREE_MINUTES),
    "pm_failed_at": _sepa("AT861904300235473202", decline=FAILED),
    "pm_failedDelayed_at": _sepa(
        "AT051904300235473205", settles_after=THREE_MINUTES, decline=FAILED
    ),
    "pm_disputed_at": _sepa("AT591904300235473203", disputed="debit_not_authorized"),
    "pm_success_de": _sepa("DE89370400440532013000"),
    "pm_successDelayed_de": _sepa("DE08370400440532013003", settles_after=THREE_MINUTES),
    "pm_failed_de": _sepa("DE62370400440532013001", decline=FAILED),
    "pm_failedDelayed_de": _sepa(
        "DE78370400440532013004", settles_after=THREE_MINUTES, decline=FAILED
    ),
    "pm_disputed_de": _sepa("DE35370400440532013002", disputed="debit_not_authorized"),
    "pm_usBankAccount_success": _ach("000123456789"),
    "pm_usBankAccount_accountClosed": _ach("000111111113", decline=CLOSED),
    "pm_usBankAccount_noAccount": _ach("000111111116", decline=NO_ACCOUNT),
    "pm_usBankAccount_insufficientFunds": _ach("000222222227", decline=NO_FUNDS),
    "pm_usBankAccount_processing": _ach("000000000009", settles_after=None),
    "pm_usBankAccount_dispute": _ach("000000004321", disputed="debit_not_authorized"),
}
BY_NUMBER = {debit.number: debit for debit in BY_PAYMENT_METHOD.values()}


def kinds_for(currency):
    """The kinds of bank debit that may pay an amount in `currency`."""
    return [kind for kind, theirs in CURRENCIES.items() if theirs == currency]
