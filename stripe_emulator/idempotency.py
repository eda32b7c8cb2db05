"""Idempotency keys: the same request twice does its work once.

https://docs.stripe.com/api/idempotent_requests
"""

import hashlib
import json
import threading
from dataclasses import dataclass

from stripe_emulator.clock import now
from stripe_emulator.errors import InvalidParameter, KeyInUse, KeyUsedDifferently

SECONDS_KEPT = 24 * 3600
LONGEST_KEY = 255


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    request_id: str


@dataclass
class Entry:
    path: str
    fingerprint: str
    begun_at: float
    answer: Answer | None = None


class Ledger:
    """Which key was used for what, and what was answered, for a day."""

    def __init__(self):
        self._entries = {}
        self._lock = threading.Lock()

    def begin(self, key, path, asked):
        """None: do the work, then `finish` or `forget` it. Else the Answer that was given before.

        `asked` is the fingerprint of the parameters.

        Raises KeyInUse while the first request is at work, and KeyUsedDifferently when that was
        another request.
        """
        if len(key) > LONGEST_KEY:
            raise InvalidParameter(
                f"Idempotency keys can have up to {LONGEST_KEY} characters, but you passed in a "
                f"key that is {len(key)} characters."
            )
        fresh = Entry(path, asked, now())
        with self._lock:
            self._prune()
            entry = self._entries.setdefault(key, fresh)
        if entry is fresh:
            return None
        _check_same(entry, fresh, key)
        if entry.answer is None:
            raise KeyInUse(key)
        return entry.answer

    def finish(self, key, answer):
        self._entries[key].answer = answer

    def forget(self, key):
        with self._lock:
            del self._entries[key]

    def _prune(self):
        oldest = now() - SECONDS_KEPT
        while self._entries:
            key, entry = next(iter(self._entries.items()))
            if entry.begun_at >= oldest or entry.answer is None:
                return
            del self._entries[key]


def fingerprint(params):
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()


def _check_same(entry, fresh, key):
    if entry.path != fresh.path:
        raise KeyUsedDifferently(
            "Keys for idempotent requests can only be used for the same endpoint they were first "
            f"used for ('{fresh.path}' vs '{entry.path}'). Try using a key other than '{key}' if "
            "you meant to execute a different request."
        )
    if entry.fingerprint != fresh.fingerprint:
        raise KeyUsedDifferently(
            "Keys for idempotent requests can only be used with the same parameters they were "
            f"first used with. Try using a key other than '{key}' if you meant to execute a "
            "different request."
        )


ledger = Ledger()
