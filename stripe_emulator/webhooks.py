"""Delivering events to the webhook URL, signed as Stripe signs, until somebody says 2xx.

https://docs.stripe.com/webhooks
"""

import hashlib
import hmac
import json
import logging
import queue
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass

from django.conf import settings

from stripe_emulator.clock import agenda, now
from stripe_emulator.disturbances import disturbances
from stripe_emulator.store import store

log = logging.getLogger("stripe_emulator")

WORKERS = 8
SECONDS_TO_ANSWER = 10
# Stripe tries for up to three days with exponential back-off. We begin with seconds, because here
# somebody is usually waiting for it: https://docs.stripe.com/webhooks#retries
FIRST_WAITS = (1, 2, 5, 10, 30, 60, 300, 1800)
LATER_WAIT = 3600
SECONDS_UNTIL_GIVEN_UP = 3 * 24 * 3600


@dataclass
class Delivery:
    """How far the delivery of one event has come, and what is wrong with it on request.

    `api_version` is said instead of ours; the signature's time is off by `skew` seconds.
    """

    recorded_at: float
    attempts: int = 0
    result: str = "waiting"
    state: str = "pending"
    api_version: str | None = None
    skew: int = 0


class Courier:
    """Delivers events from threads of its own, so no API answer ever waits for a receiver.

    The first attempts for one object start in the order of its events, each after the one before
    has been answered. Retries overtake nothing and block nothing: like Stripe, we promise no order
    once something failed.
    """

    def __init__(self):
        self.url = settings.EMULATOR_WEBHOOK_URL
        self.secret = settings.STRIPE_WEBHOOK_SECRET
        self._lanes = {}
        self._ready = queue.SimpleQueue()
        self._lock = threading.Lock()

    def start(self):
        for number in range(WORKERS):
            threading.Thread(target=self._work, name=f"courier-{number}", daemon=True).start()

    def send(self, event):
        """Deliver `event` soon, unless a disturbance has other plans. Needs the store's lock."""
        if not self.url:
            return
        delivery = store.deliveries[event["id"]] = Delivery(recorded_at=now())
        disturbance = disturbances.take(event)
        if disturbance is None:
            self._enqueue(lane_of(event["data"]["object"]), event)
        else:
            getattr(self, f"_{disturbance.do}")(event, delivery, disturbance)

    def send_again(self, event, copies=1):
        """Deliver an event once more, all `copies` at the same time. Needs the store's lock."""
        store.deliveries.setdefault(event["id"], Delivery(recorded_at=now())).state = "pending"
        for number in range(copies):
            self._enqueue(f"{event['id']} again {number}", event)

    def release(self, events):
        """Deliver events that were held back, in this order. Needs the store's lock."""
        for event in events:
            store.deliveries[event["id"]].state = "pending"
            self._enqueue("released", event)

    def _drop(self, event, delivery, disturbance):
        delivery.state = "dropped"

    def _double(self, event, delivery, disturbance):
        self.send_again(event, disturbance.copies)

    def _delay(self, event, delivery, disturbance):
        delivery.state = "delayed"
        agenda.after(disturbance.seconds, self._enqueue, event["id"], event)

    def _hold(self, event, delivery, disturbance):
        delivery.state = "held"
        disturbance.held.append(event)

    def _reorder(self, event, delivery, disturbance):
        """Held back until the last of them has happened; then that one goes first."""
        self._hold(event, delivery, disturbance)
        if not disturbance.left:
            self.release(disturbance.held[::-1])
            disturbance.held = []

    def _version(self, event, delivery, disturbance):
        delivery.api_version = disturbance.api_version
        self._enqueue(lane_of(event["data"]["object"]), event)

    def _skew(self, event, delivery, disturbance):
        delivery.skew = disturbance.seconds
        self._enqueue(lane_of(event["data"]["object"]), event)

    def _enqueue(self, lane, event):
        with self._lock:
            waiting = self._lanes.setdefault(lane, deque())
            waiting.append(event)
            if len(waiting) == 1:
                self._ready.put(lane)

    def _work(self):
        while True:
            lane = self._ready.get()
            try:
                self._attempt(self._lanes[lane][0])
            except Exception:
                log.exception("webhook: a delivery broke")
            self._done(lane)

    def _done(self, lane):
        with self._lock:
            self._lanes[lane].popleft()
            if self._lanes[lane]:
                self._ready.put(lane)
            else:
                del self._lanes[lane]

    def _attempt(self, event):
        started = time.monotonic()
        with store.lock:
            delivery = store.deliveries[event["id"]]
            said = {"api_version": delivery.api_version} if delivery.api_version else {}
            payload = json.dumps({**event, **said}, indent=2, ensure_ascii=False).encode()
        # Signed with the machine's time, not with the clock that tests move: the receiver
        # compares it with its own.
        signed_at = int(time.time()) + delivery.skew
        delivered, result = post(self.url, payload, signature(payload, self.secret, signed_at))
        with store.lock:
            wait = self._note(event, delivered, result)
        log.info(
            "webhook %s %s attempt %d: %s in %d ms%s",
            event["id"],
            event["type"],
            delivery.attempts,
            result,
            (time.monotonic() - started) * 1000,
            f", again in {wait} s" if wait else "",
        )
        if wait:
            agenda.after(wait, self._enqueue, event["id"], event)

    def _note(self, event, delivered, result):
        """Write down how an attempt went; seconds until the next one, or None."""
        delivery = store.deliveries[event["id"]]
        delivery.attempts += 1
        delivery.result = result
        if delivered:
            delivery.state = "delivered"
            event["pending_webhooks"] = 0
            return None
        wait = wait_after(delivery.attempts)
        if now() + wait - delivery.recorded_at > SECONDS_UNTIL_GIVEN_UP:
            delivery.state = "given up"
            return None
        return wait


def lane_of(obj):
    """Events about one payment keep their order: its intent, its charges, its refunds."""
    return obj.get("payment_intent") or obj["id"]


def wait_after(attempts):
    """Seconds from the failure of attempt number `attempts` to the next one."""
    return FIRST_WAITS[attempts - 1] if attempts <= len(FIRST_WAITS) else LATER_WAIT


def signature(payload, secret, at):
    """The Stripe-Signature header: https://docs.stripe.com/webhooks#verify-manually"""
    signed = b"%d.%s" % (at, payload)
    return f"t={at},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect counts as a failure: https://docs.stripe.com/webhooks#fix-http-status-codes"""

    def redirect_request(self, *args):
        return None


opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirects)


def post(url, payload, signed):
    """One attempt: (delivered?, what came of it)."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": signed,
    }
    request = urllib.request.Request(url, data=payload, headers=headers, method="POST")
    try:
        with opener.open(request, timeout=SECONDS_TO_ANSWER) as response:
            response.read(65536)
            return True, str(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return False, str(error.code)
    except Exception as error:
        return False, f"{type(error).__name__}: {getattr(error, 'reason', error)}"


courier = Courier()
