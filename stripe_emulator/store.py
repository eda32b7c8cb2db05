"""Everything the emulator remembers, in memory, behind one lock."""

import secrets
import string
import threading

from stripe_emulator.errors import NoSuchObject

# Stripe's ids are Base62 after their prefix.
ALPHABET = string.ascii_letters + string.digits


def random_id(prefix, length=23):
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


class Shelf:
    """Objects of one kind by id, in the order they were made."""

    def __init__(self, noun):
        self.noun = noun
        self._objects = {}

    def put(self, obj):
        self._objects[obj["id"]] = obj
        return obj

    def find(self, object_id):
        return self._objects.get(object_id)

    def get(self, object_id, *, param, status=404):
        """The object itself. Raises NoSuchObject, naming `param`, with HTTP `status`."""
        obj = self._objects.get(object_id)
        if obj is None:
            raise NoSuchObject(self.noun, object_id, param=param, status=status)
        return obj

    def newest_first(self):
        return list(reversed(self._objects.values()))


class Store:
    """One account's objects. Whoever reads or changes them holds `lock`."""

    def __init__(self):
        self.lock = threading.RLock()
        self.payment_intents = Shelf("payment_intent")
        self.payment_methods = Shelf("PaymentMethod")
        self.charges = Shelf("charge")
        self.refunds = Shelf("refund")
        self.balance_transactions = Shelf("balance_transaction")
        self.events = Shelf("event")
        # What Stripe knows but does not show, by the id of the object it belongs to.
        self.cards = {}
        self.challenges = {}
        self.deliveries = {}

    def find(self, object_id):
        """Any object that an `expand` may name, or None."""
        shelves = (
            self.payment_intents,
            self.payment_methods,
            self.charges,
            self.refunds,
            self.balance_transactions,
        )
        return next(filter(None, (shelf.find(object_id) for shelf in shelves)), None)


store = Store()
