"""Webhooks that go astray on request: dropped, doubled, late, held back, reordered, altered."""

import itertools
import json
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase

from stripe_emulator import parameters
from stripe_emulator.errors import InvalidParameter

KINDS = ("drop", "double", "delay", "hold", "reorder", "version", "skew")
MOST_TIMES = 1_000_000
A_MONTH = 31 * 24 * 3600
READERS = {
    "do": parameters.choice(*KINDS),
    "type": parameters.text(200),
    "about": parameters.text(200),
    "times": parameters.integer(at_least=1, at_most=MOST_TIMES),
    "copies": parameters.integer(at_least=2, at_most=200),
    "seconds": parameters.integer(at_least=-A_MONTH, at_most=A_MONTH),
    "api_version": parameters.text(50),
}
NEEDS = {"delay": "seconds", "reorder": "times", "version": "api_version", "skew": "seconds"}


@dataclass
class Disturbance:
    """What to `do` to the next `left` events of a type (a pattern) about an object, if named."""

    id: str
    do: str
    type: str
    about: str | None
    left: int
    copies: int
    seconds: int
    api_version: str | None
    held: list = field(default_factory=list)

    def is_for(self, event):
        return (
            self.left > 0
            and fnmatchcase(event["type"], self.type)
            and (self.about is None or self.about in json.dumps(event["data"]["object"]))
        )

    def shown(self):
        return {**asdict(self), "held": [event["id"] for event in self.held]}


class Disturbances:
    """The disturbances to come, the oldest first."""

    def __init__(self):
        self._all = []
        self._numbers = itertools.count(1)

    def add(self, params):
        """A new Disturbance, for one event of any type unless `params` say more."""
        read = parameters.read(params, READERS, required=("do",))
        needed = NEEDS.get(read["do"])
        if needed and needed not in read:
            raise InvalidParameter(f"`{read['do']}` needs `{needed}`.", param=needed)
        disturbance = Disturbance(
            id=f"disturbance_{next(self._numbers)}",
            do=read["do"],
            type=read.get("type", "*"),
            about=read.get("about"),
            left=read.get("times", 1),
            copies=read.get("copies", 2),
            seconds=read.get("seconds", 0),
            api_version=read.get("api_version"),
        )
        self._all.append(disturbance)
        return disturbance.shown()

    def take(self, event):
        """The Disturbance that this event meets, or None."""
        for disturbance in self._all:
            if disturbance.is_for(event):
                disturbance.left -= 1
                return disturbance
        return None

    def take_held(self):
        """All events that were held back, in the order they happened."""
        held = [event for disturbance in self._all for event in disturbance.held]
        for disturbance in self._all:
            disturbance.held = []
        return sorted(held, key=lambda event: event["created"])

    def clear(self):
        self._all.clear()

    def shown(self):
        return [disturbance.shown() for disturbance in self._all]


disturbances = Disturbances()
