"""Clients that hold seats at once: a process and a connection each, so that no GIL is shared."""

import json
import multiprocessing
import os
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connections
from django.test import RequestFactory

from .cases import OF_HERE

SEATS_A_HOLD = 3
SECONDS_TO_GO = 5
# Fork: the child has the settings of the bench, and its scratch database.
processes = multiprocessing.get_context("fork")


class Turn(NamedTuple):
    """Hold three seats after three seats of `seats`, at one showtime after another, until `end`."""

    showtimes: list[int]
    seats: list[int]
    end: float


class Clients:
    """`number` clients of a WSGI application that stay connected from one turn to the next."""

    def __init__(self, number: int, site: Callable[[], Callable]):
        connections.close_all()
        self.pipes, self.processes = [], []
        for _ in range(number):
            ours, theirs = processes.Pipe()
            process = processes.Process(target=_serve, args=[theirs, site], daemon=True)
            process.start()
            self.pipes.append(ours)
            self.processes.append(process)

    def hold(self, showtimes: list[int], seats: list[int], seconds: float) -> float:
        """
        How many holds a second they get. Each has seats of their own, and begins at another of the
        showtimes. Those who are told that there is too much of a crowd (503) got none. Raises
        RuntimeError when anything else is answered.
        """
        began = time.monotonic()
        share = len(seats) // len(self.pipes)
        for number, pipe in enumerate(self.pipes):
            first = number % len(showtimes)
            own = seats[number * share :][:share]
            pipe.send(Turn(showtimes[first:] + showtimes[:first], own, began + seconds))
        answers = sum((pipe.recv() for pipe in self.pipes), Counter())
        seconds = time.monotonic() - began
        if set(answers) - {201, 503}:
            raise RuntimeError(f"Not every seat could be held: {answers}")
        return answers[201] / seconds

    def close(self):
        # Said, not only closed: each of them was born with the pipes of those before.
        for pipe in self.pipes:
            pipe.send(None)
        for process in self.processes:
            process.join(SECONDS_TO_GO)
            process.kill()
            process.join()


@contextmanager
def clients(number: int, site: Callable[[], Callable]) -> Iterator[Clients]:
    """So many clients of what `site` makes, in their processes."""
    them = Clients(number, site)
    try:
        yield them
    finally:
        them.close()


def _serve(pipe, site):
    """A client's life: turns, until there is none."""
    # Linux shares the processors out among sessions. PostgreSQL's backends have one each, too.
    os.setsid()
    application = site()
    while turn := pipe.recv():
        pipe.send(_hold(turn, application))
    connections.close_all()


def _hold(turn: Turn, application) -> Counter:
    """How often they heard which status."""
    heard = Counter()
    for first in range(0, len(turn.seats) - SEATS_A_HOLD + 1, SEATS_A_HOLD):
        for showtime in turn.showtimes:
            if time.monotonic() > turn.end:
                return heard
            seats = turn.seats[first : first + SEATS_A_HOLD]
            heard[_call(application, _request(showtime, seats))] += 1
    return heard


def _call(application, environ: dict) -> int:
    said = []
    response = application(environ, lambda status, _: said.append(status))
    b"".join(response)
    response.close()
    return int(said[0][:3])


def _request(showtime: int, seats: list[int]) -> dict:
    """A guest who has not been here before, from an address of their own, wants `seats`."""
    guest = uuid.uuid4()
    contact = {"name": "Guest", "email": f"{guest.hex}@example.com"}
    body = json.dumps({"showtime": showtime, "seats": seats, "contact": contact})
    address = ".".join(str(byte) for byte in (10, *guest.bytes[:3]))
    factory = RequestFactory(**OF_HERE, REMOTE_ADDR=address)
    return factory.post("/api/bookings/", body, content_type="application/json").environ
