"""The emulator's clock, which tests may move, and the agenda of what happens by itself later."""

import heapq
import itertools
import logging
import threading
import time

log = logging.getLogger("stripe_emulator")


class Clock:
    """The machine's time plus how far we are `ahead` of it; stands still while it is frozen."""

    def __init__(self):
        self.ahead = 0.0
        self.frozen_at = None

    def now(self):
        return time.time() + self.ahead if self.frozen_at is None else self.frozen_at

    def set(self, moment):
        if self.frozen_at is None:
            self.ahead = moment - time.time()
        else:
            self.frozen_at = moment

    def freeze(self):
        self.frozen_at = self.now()

    def thaw(self):
        """Tick on from where we are."""
        moment, self.frozen_at = self.now(), None
        self.set(moment)

    def reset(self):
        """The machine's time again."""
        self.ahead, self.frozen_at = 0.0, None


clock = Clock()


def now():
    """Seconds since the Unix epoch. Everything that reads the time reads it here."""
    return clock.now()


def timestamp():
    """The time as Stripe writes it: whole seconds since the Unix epoch."""
    return int(now())


class Agenda:
    """Runs functions when their time has come, one after another.

    What is put on it must be quick: talking to a webhook receiver is for `webhooks.Courier`.
    """

    def __init__(self):
        self._entries = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._turn = threading.Lock()

    def after(self, seconds, do, *args):
        """Call `do(*args)` once, `seconds` from now."""
        with self._changed:
            heapq.heappush(self._entries, (now() + seconds, next(self._order), do, args))
            self._changed.notify()

    def start(self):
        threading.Thread(target=self._run, name="agenda", daemon=True).start()

    def travel(self, moment):
        """Move the clock to `moment`; what falls due on the way happens first, each at its time.

        Whoever calls must not hold the store's lock.
        """
        with self._turn:
            while entry := self._take_due(moment):
                clock.set(max(entry[0], now()))
                self._do(entry)
            clock.set(moment)
        self.look_again()

    def look_again(self):
        """The clock has been moved: see what is due now."""
        with self._changed:
            self._changed.notify()

    def waiting(self):
        """How many things are still to come."""
        return len(self._entries)

    def _run(self):
        while True:
            self._wait()
            with self._turn:
                if entry := self._take_due(now()):
                    self._do(entry)

    def _wait(self):
        with self._changed:
            while not self._entries or self._entries[0][0] > now():
                self._changed.wait(self._entries[0][0] - now() if self._entries else None)

    def _take_due(self, moment):
        with self._changed:
            if self._entries and self._entries[0][0] <= moment:
                return heapq.heappop(self._entries)
            return None

    def _do(self, entry):
        _, _, do, args = entry
        try:
            do(*args)
        except Exception:
            log.exception("agenda: %s failed", do)


agenda = Agenda()
