"""
How often somebody may try: fixed windows, counted in the database, exact in all processes.

settings.THROTTLE_RATES says how many, in how many seconds.
"""

import math
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
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

    @property
    def most(self) -> int:
        return settings.THROTTLE_RATES[self.rate][0]

    @property
    def ends_at(self) -> datetime:
        """When the window ends that is open now."""
        seconds = settings.THROTTLE_RATES[self.rate][1]
        return datetime.fromtimestamp((time.time() // seconds + 1) * seconds, UTC)

    def key(self, ends_at: datetime) -> str:
        """What it is counted under in the window that ends then."""
        text = f"{self.rate} {self.whose} {ends_at:%s}"
        return salted_hmac("accounts.throttles", text, algorithm="sha256").hexdigest()


@transaction.atomic
def take(*limits: Limit) -> list[str]:
    """
    Count one try for each of `limits`: for all of them or, raising TooManyTries, for none. Answers
    the keys under which it was counted.
    """
    ends = [limit.ends_at for limit in limits]
    keys = [limit.key(end) for limit, end in zip(limits, ends, strict=True)]
    tries = _count(list(zip(keys, ends, strict=True)))
    over = [
        end for key, end, limit in zip(keys, ends, limits, strict=True) if tries[key] > limit.most
    ]
    if over:
        wait = (max(over) - timezone.now()).total_seconds()
        raise TooManyTries(wait=max(math.ceil(wait), 1))
    return keys


def _count(rows: list[tuple[str, datetime]]) -> dict[str, int]:
    """
    One more for each key; answers the counts. One statement, so that none is lost however many
    arrive at once; the rows are locked in their order until the transaction ends.
    """
    values = ", ".join(["(%s, 1, %s)"] * len(rows))
    adapted = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO accounts_trycount AS counted (key, tries, ends_at) VALUES {values} "
            "ON CONFLICT (key) DO UPDATE SET tries = counted.tries + 1 RETURNING key, tries",
            [value for key, end in rows for value in (key, adapted(end))],
        )
        return dict(cursor.fetchall())


@contextmanager
def failures_counted(*limits: Limit):
    """
    What happens inside is counted if it raises. It is counted before and given back after, so that
    of many tries at once no more are made than are allowed. Raises TooManyTries.
    """
    keys = take(*limits)
    yield
    TryCount.objects.filter(key__in=keys, tries__gt=0).update(tries=F("tries") - 1)


def forget_old_tries() -> int:
    """Remove the counts of windows that are over."""
    return TryCount.objects.filter(ends_at__lt=timezone.now()).delete()[0]


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
