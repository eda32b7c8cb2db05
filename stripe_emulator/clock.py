"""The emulator's clock, and the agenda of what happens by itself later."""

import heapq
import itertools
import logging
import threading
import time

log = logging.getLogger("stripe_emulator")


def now():
    """Seconds since the Unix epoch. Everything that reads the time reads it here."""
    return time.time()


def timestamp():
    """The time as Stripe writes it: whole seconds since the Unix epoch."""
    return int(now())


class Agenda:
    """Runs functions when their time has come, one after another, on one thread.

    What is put on it must be quick: talking to a webhook receiver is for `webhooks.Courier`.
    """

    def __init__(self):
        self._entries = []
        self._order = itertools.count()
        self._changed = threading.Condition()

    def after(self, seconds, do, *args):
        """Call `do(*args)` once, `seconds` from now."""
        with self._changed:
            heapq.heappush(self._entries, (now() + seconds, next(self._order), do, args))
            self._changed.notify()

    def start(self):
        threading.Thread(target=self._run, name="agenda", daemon=True).start()

    def _run(self):
        while True:
            do, args = self._next()
            try:
                do(*args)
            except Exception:
                log.exception("agenda: %s failed", do)

    def _next(self):
        with self._changed:
            while not self._entries or self._entries[0][0] > now():
                wait = self._entries[0][0] - now() if self._entries else None
                self._changed.wait(wait)
            _, _, do, args = heapq.heappop(self._entries)
            return do, args


agenda = Agenda()
