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

    def begin(self, key, path, asked, account=None):
        """None: do the work, then `finish` or `forget` it. Else the Answer that was given before.

        `asked` is the fingerprint of the parameters. Each connected account has its own keys.

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
            self._prune(account, key)
            entry = self._entries.setdefault((account, key), fresh)
        if entry is fresh:
            return None
        _check_same(entry, fresh, key)
        if entry.answer is None:
            raise KeyInUse(key)
        return entry.answer

    def finish(self, key, answer, account=None):
        self._entries[account, key].answer = answer

    def forget(self, key, account=None):
        with self._lock:
            del self._entries[account, key]

    def _prune(self, account, key):
        """Forget this key if it is old, and all old ones that come first.

        A clock that was moved back leaves some that are not in the order of their time.
        """
        if (account, key) in self._entries and self._is_over(self._entries[account, key]):
            del self._entries[account, key]
        while self._entries:
            first, entry = next(iter(self._entries.items()))
            if not self._is_over(entry):
                return
            del self._entries[first]

    def _is_over(self, entry):
        return entry.begun_at < now() - SECONDS_KEPT and entry.answer is not None


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
