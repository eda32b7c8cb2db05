"""
How often somebody may try: fixed windows, counted in the database, exact in all processes.

settings.THROTTLE_RATES says how many, in how many seconds.
"""

import math
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework.exceptions import Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import BaseThrottle

from .models import TryCount


class TooManyTries(Throttled):
    """Too many tries. `Retry-After` says in how many seconds the next one is heard."""


class Limit(NamedTuple):
    """One of THROTTLE_RATES, for one account or address."""

    rate: str
    whose: str

    def now(self) -> "Window":
        """Where a try counts that is made now."""
        most, seconds = settings.THROTTLE_RATES[self.rate]
        end = int(time.time() // seconds + 1) * seconds
        text = f"{self.rate} {self.whose} {end}"
        key = salted_hmac("accounts.throttles", text, algorithm="sha256").hexdigest()
        return Window(key, most, datetime.fromtimestamp(end, UTC))


class Window(NamedTuple):
    """The time in which `most` tries are heard, and what they are counted under."""

    key: str
    most: int
    ends_at: datetime


def take(*limits: Limit) -> list[Window]:
    """
    Count one try for each of `limits`: for all of them or, raising TooManyTries, for none. Answers
    where it was counted.
    """
    windows = [limit.now() for limit in limits]
    counted = _count(windows)
    full = [window for window in windows if window.key not in counted]
    if full:
        give_back([window for window in windows if window.key in counted])
        wait = (max(window.ends_at for window in full) - timezone.now()).total_seconds()
        raise TooManyTries(wait=max(math.ceil(wait), 1))
    return windows


def _count(windows: list[Window]) -> set[str]:
    """
    One more in each window that is not full; answers their keys. One statement, so that none is
    lost and none is too many, however many arrive at once.
    """
    rows = _upsert(
        "SET tries = counted.tries + 1 WHERE counted.tries < "
        f"CASE counted.key {'WHEN %s THEN %s ' * len(windows)} END",
        [(window.key, 1, window.ends_at) for window in windows],
        [value for window in windows for value in (window.key, window.most)],
    )
    return {key for (key,) in rows}


def give_back(windows: list[Window]):
    """Take back one try in each of `windows`."""
    if windows:
        rows = [(window.key, 0, window.ends_at) for window in windows]
        _upsert("SET tries = counted.tries - 1 WHERE counted.tries > 0", rows, [])


def _upsert(change: str, rows: list[tuple], values: list) -> list[tuple]:
    """
    Write `rows`, or where there is one already make the `change`; answers the keys of what was
    written. The rows are locked in the order given, which is the same for all who come.
    """
    adapted = connection.ops.adapt_datetimefield_value
    places = ", ".join(["(%s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO accounts_trycount AS counted (key, tries, ends_at) VALUES {places} "
            f"ON CONFLICT (key) DO UPDATE {change} RETURNING key",
            [value for key, n, end in rows for value in (key, n, adapted(end))] + values,
        )
        return cursor.fetchall()


@contextmanager
def failures_counted(*limits: Limit):
    """
    What happens inside is counted if it raises. It is counted before and given back after, so that
    of many tries at once no more are made than are allowed. Raises TooManyTries.
    """
    windows = take(*limits)
    yield
    give_back(windows)


def forget_old_tries() -> int:
    """Remove the counts of windows that are over, and to which nothing is given back any more."""
    return TryCount.objects.filter(ends_at__lt=timezone.now() - timedelta(minutes=1)).delete()[0]


def address_of(request) -> str:
    """
    Where `request` comes from: the peer, or what the proxies say that NUM_PROXIES trusts. A home
    has 2⁶⁴ addresses of IPv6, which count as one.
    """
    text = BaseThrottle().get_ident(request) or ""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if address.version == 6 and not address.ipv4_mapped:
        return str(ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


class Throttle(BaseThrottle):
    """
    Counts each request that changes something for its address and, of people who are signed in,
    for their account: by the rates that begin with the view's `throttle_scope`.
    """

    def allow_request(self, request, view):
        try:
            if request.method not in SAFE_METHODS:
                take(*_limits(request, view.throttle_scope))
        except TooManyTries as refusal:
            self.seconds = refusal.wait
            return False
        return True

    def wait(self):
        return self.seconds


def _limits(request, scope: str) -> list[Limit]:
    limits = [Limit(f"{scope}_address", address_of(request))]
    if f"{scope}_account" in settings.THROTTLE_RATES and request.user.is_authenticated:
        limits.insert(0, Limit(f"{scope}_account", str(request.user.pk)))
    return limits


def sign_in_limits(request, login: str, user) -> list[Limit]:
    """
    What a wrong password counts against, where `login` was typed and `user` is whose it is, or
    None. The first is the smallest: who guesses from one address is stopped by it, and cannot shut
    the account's owner out everywhere.
    """
    account = f"user {user.pk}" if user else f"login {login.lower()}"
    address = address_of(request)
    return [
        Limit("login_account_address", f"{account} {address}"),
        Limit("login_account", account),
        Limit("login_address", address),
    ]
