"""CPU time and SQL of a request, from the WSGI environ to the last byte of the answer."""

import time
from collections.abc import Callable
from cProfile import Profile
from pstats import Stats
from statistics import median
from typing import NamedTuple

from django.db import connection
from django.test.utils import CaptureQueriesContext

from .cases import Case

CONTROL = {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"}
WARM_UP, TURN = 3, 5


class Answer(NamedTuple):
    """What a call gave: seconds, and the size of the body in bytes."""

    seconds: float
    size: int


class Cost(NamedTuple):
    """What does not vary. `control` counts BEGIN, COMMIT and savepoints; `statements` the rest."""

    statements: int
    control: int
    size: int


class Clock:
    """
    Measures calls of a WSGI `application` in this thread: by `timer` their CPU time, with
    time.process_time also that of other threads, or with time.perf_counter all the time that they
    take, also while the database works.
    """

    def __init__(self, application: Callable, timer: Callable[[], float] = time.thread_time):
        self.application = application
        self.timer = timer

    def call(self, case: Case, environ: dict) -> Answer:
        """Answer one request. Raises RuntimeError when the answer is not the one that is meant."""
        said = []
        began = self.timer()
        response = self.application(environ, lambda status, headers: said.append(status))
        body = b"".join(response)
        response.close()
        seconds = self.timer() - began
        if int(said[0][:3]) != case.status:
            raise RuntimeError(f"{case.name}: {said[0]}\n{body.decode()}")
        return Answer(seconds, len(body))

    def rounds(self, cases: list[Case], *, rounds: int, calls: int) -> list[dict[str, float]]:
        """The median seconds of each case in each round, by its name."""
        return [self.round(cases, calls) for _ in range(rounds)]

    def round(self, cases: list[Case], calls: int) -> dict[str, float]:
        """Cases take turns of a few calls: what else the machine does then meets all of them."""
        environs = {case: [case.request() for _ in range(calls)] for case in cases}
        seconds = {case: [] for case in cases}
        for first in range(0, calls, TURN):
            for case in cases:
                turn = environs[case][first : first + TURN]
                seconds[case] += [self.call(case, environ).seconds for environ in turn]
        return {case.name: median(seconds[case]) for case in cases}

    def cost(self, case: Case) -> Cost:
        """Count one call's statements and bytes, after some that warm up."""
        self.round([case], WARM_UP)
        environ = case.request()
        with CaptureQueriesContext(connection) as queries:
            size = self.call(case, environ).size
        verbs = [query["sql"].split(maxsplit=1)[0].rstrip(";") for query in queries]
        control = sum(verb in CONTROL for verb in verbs)
        return Cost(len(verbs) - control, control, size)

    def profile(self, case: Case, calls: int) -> Stats:
        """Where the time of so many calls goes."""
        environs = [case.request() for _ in range(calls)]
        with Profile(time.thread_time) as profile:
            for environ in environs:
                self.call(case, environ)
        return Stats(profile)
