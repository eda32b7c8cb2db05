"""Everything the emulator remembers, in memory, behind one lock."""

import secrets
import string
import threading
from contextlib import contextmanager

from stripe_emulator.errors import NoSuchObject

# Stripe's ids are Base62 after their prefix.
ALPHABET = string.ascii_letters + string.digits
# Not an account: sees the objects of all of them, as the emulator's own pages do.
EVERYONE = object()


def random_id(prefix, length=23):
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


class Shelf:
    """Objects of one kind by id, in the order they were made; each account sees its own."""

    def __init__(self, noun, store):
        self.noun = noun
        self._store = store
        self._objects = {}

    def put(self, obj):
        self._objects[obj["id"]] = obj
        if self._store.account not in (None, EVERYONE):
            self._store.owners[obj["id"]] = self._store.account
        return obj

    def find(self, object_id):
        obj = self._objects.get(object_id)
        return obj if obj is not None and self._store.shows(object_id) else None

    def get(self, object_id, *, param, status=404):
        """The object itself. Raises NoSuchObject, naming `param`, with HTTP `status`."""
        obj = self.find(object_id)
        if obj is None:
            raise NoSuchObject(self.noun, object_id, param=param, status=status)
        return obj

    def newest_first(self):
        return [obj for key, obj in reversed(self._objects.items()) if self._store.shows(key)]


class Store:
    """The objects of the platform and its connected accounts.

    Whoever reads or changes them holds `lock`. `account` is whose objects are seen and made just
    now: None for the platform's own, the id of a connected account, or EVERYONE.
    """

    def __init__(self):
        self.lock = threading.RLock()
        self.account = EVERYONE
        self.owners = {}
        self.payment_intents = Shelf("payment_intent", self)
        self.payment_methods = Shelf("PaymentMethod", self)
        self.charges = Shelf("charge", self)
        self.refunds = Shelf("refund", self)
        self.disputes = Shelf("dispute", self)
        self.transfers = Shelf("transfer", self)
        self.reversals = Shelf("transfer_reversal", self)
        self.application_fees = Shelf("application_fee", self)
        self.fee_refunds = Shelf("fee_refund", self)
        self.balance_transactions = Shelf("balance_transaction", self)
        self.events = Shelf("event", self)
        # What Stripe knows but does not show, by the id of the object it belongs to.
        self.instruments = {}
        self.challenges = {}
        self.deliveries = {}
        # Connected accounts, by id.
        self.accounts = {}

    @contextmanager
    def acting_as(self, account):
        """Hold the lock, seeing and making the objects of `account`."""
        with self.lock:
            before, self.account = self.account, account
            try:
                yield
            finally:
                self.account = before

    def acting_for(self, object_id):
        """Hold the lock, acting as the account that the object belongs to."""
        return self.acting_as(self.owners.get(object_id))

    def shows(self, object_id):
        return self.account is EVERYONE or self.owners.get(object_id) == self.account

    def find(self, object_id):
        """Any object that an `expand` may name, or None."""
        shelves = (
            self.payment_intents,
            self.payment_methods,
            self.charges,
            self.refunds,
            self.disputes,
            self.transfers,
            self.reversals,
            self.application_fees,
            self.balance_transactions,
        )
        return next(filter(None, (shelf.find(object_id) for shelf in shelves)), None)


store = Store()
