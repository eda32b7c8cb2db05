"""Answers that go wrong on request: lost, late, refused or broken, for the next few requests."""

import itertools
import logging
import socket
import time
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase

from stripe_emulator import parameters
from stripe_emulator.answers import error_answer
from stripe_emulator.errors import BrokenOnRequest, InvalidParameter, RateLimited
from stripe_emulator.store import store

log = logging.getLogger("stripe_emulator")

LONGEST_WAIT = 120
MOST_TIMES = 1_000_000
KINDS = (
    "lost_request",
    "lost_answer",
    "slow_request",
    "slow_answer",
    "rate_limited",
    "broken",
    "broken_answer",
)
READERS = {
    "fault": parameters.choice(*KINDS),
    "method": parameters.choice("GET", "POST", "DELETE"),
    "path": parameters.text(500),
    "times": parameters.integer(at_least=1, at_most=MOST_TIMES),
    "after": parameters.integer(at_least=0, at_most=MOST_TIMES),
    "seconds": parameters.integer(at_least=0, at_most=LONGEST_WAIT),
    "should_retry": parameters.boolean,
}


@dataclass
class Fault:
    """What happens to requests of this `method` to a `path` of this pattern.

    The first `after` of them are spared, and then `left` are hit.
    """

    id: str
    fault: str
    method: str
    path: str
    left: int
    after: int
    seconds: int
    should_retry: bool | None
    hits: int = 0

    def is_for(self, request):
        return self.method in ("*", request.method) and fnmatchcase(request.path, self.path)


class Plan:
    """The faults to come, the oldest first."""

    def __init__(self):
        self._faults = []
        self._numbers = itertools.count(1)

    def add(self, params):
        """A new Fault, for one request of any kind unless `params` say more."""
        read = parameters.read(params, READERS, required=("fault",))
        if read["fault"].startswith("slow") and "seconds" not in read:
            raise InvalidParameter("A slow answer needs `seconds`.", param="seconds")
        fault = Fault(
            id=f"fault_{next(self._numbers)}",
            fault=read["fault"],
            method=read.get("method", "*"),
            path=read.get("path", "*"),
            left=read.get("times", 1),
            after=read.get("after", 0),
            seconds=read.get("seconds", 1),
            should_retry=read.get("should_retry"),
        )
        self._faults.append(fault)
        return asdict(fault)

    def take(self, request):
        """The Fault that hits this request, or None."""
        with store.lock:
            for fault in self._faults:
                if not fault.is_for(request):
                    continue
                if fault.after:
                    fault.after -= 1
                elif fault.left:
                    fault.left -= 1
                    fault.hits += 1
                    return fault
            return None

    def clear(self):
        self._faults.clear()

    def shown(self):
        return [asdict(fault) for fault in self._faults]


plan = Plan()


class Faults:
    """Middleware around the API that lets the planned faults happen."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_api = request.path.startswith("/v1/") and request.method != "OPTIONS"
        fault = plan.take(request) if is_api else None
        if fault is None:
            return self.get_response(request)
        log.info("%s %s: %s, as asked", request.method, request.path, fault.fault)
        return getattr(self, f"_{fault.fault}")(request, fault)

    def _lost_request(self, request, fault):
        """Nothing is done."""
        _hang_up(request)
        return error_answer(BrokenOnRequest())

    def _lost_answer(self, request, fault):
        """All is done, and nobody hears of it."""
        answer = self.get_response(request)
        _hang_up(request)
        return answer

    def _slow_request(self, request, fault):
        """It is done, but late: perhaps when the caller has given up."""
        time.sleep(fault.seconds)
        return self.get_response(request)

    def _slow_answer(self, request, fault):
        """It is done at once and told late."""
        answer = self.get_response(request)
        time.sleep(fault.seconds)
        return answer

    def _rate_limited(self, request, fault):
        answer = error_answer(RateLimited())
        answer.headers["Retry-After"] = str(fault.seconds)
        return _with_advice(answer, fault)

    def _broken(self, request, fault):
        return _with_advice(error_answer(BrokenOnRequest()), fault)

    def _broken_answer(self, request, fault):
        """It is done, and the caller is told that something broke."""
        self.get_response(request)
        return self._broken(request, fault)


def _hang_up(request):
    """End the connection before a byte of the answer has left."""
    connection = request.META.get("emulator.connection")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)


def _with_advice(answer, fault):
    """`Stripe-Should-Retry`, where the fault says so: https://docs.stripe.com/error-low-level"""
    if fault.should_retry is not None:
        answer.headers["Stripe-Should-Retry"] = str(fault.should_retry).lower()
    return answer
