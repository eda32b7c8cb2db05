"""
Buyers who hold, pay and wait for their tickets, one purchase after another, as apps do. A process
of its own: `python -m tests.bench.buyers site's-port stripe's-port clients`.
"""

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Iterator
from urllib.parse import urlencode

from tests.crowd import message, talk

SECONDS_BETWEEN_LOOKS = 0.1
MOST_LOOKS = 300
FORM = {"content_type": "application/x-www-form-urlencoded"}


async def buy(web: int, stripe: int, showtime: int, seats: list[int]):
    """From the hold to the ticket. Raises RuntimeError where it goes another way."""
    contact = {"name": "Guest", "email": f"{uuid.uuid4().hex}@example.com"}
    wish = {"showtime": showtime, "seats": seats, "contact": contact}
    booking = await ask("POST", web, "/api/bookings/", wish)
    key = {"access_key": booking["access_key"]}
    order = {"booking": booking["reference"]}
    payment = await ask("POST", web, "/api/payments/", order, **key)
    intent = payment["client_secret"].partition("_secret_")[0]
    form = {
        "client_secret": payment["client_secret"],
        "key": payment["publishable_key"],
        "payment_method": "pm_card_visa",
    }
    path = f"/v1/payment_intents/{intent}/confirm"
    expect(*await talk(stripe, message("POST", stripe, path, urlencode(form).encode(), **FORM)))
    for _ in range(MOST_LOOKS):
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        said = await ask("GET", web, f"/api/bookings/{booking['reference']}/", **key)
        if said["status"] == "confirmed" and len(said["tickets"]) == len(seats):
            return
    raise RuntimeError(f"No tickets: {said}")


async def ask(method: str, port: int, path: str, body: dict | None = None, **headers: str) -> dict:
    content = json.dumps(body).encode() if body else b""
    return expect(*await talk(port, message(method, port, path, content, **headers)))


def expect(status: int, said: dict) -> dict:
    if status not in (200, 201):
        raise RuntimeError(f"{status}: {said}")
    return said


async def buy_all(web: int, stripe: int, clients: int, showtime: int, wishes: Iterator[list[int]]):
    async def customer():
        for seats in wishes:
            await buy(web, stripe, showtime, seats)

    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(customer())


if __name__ == "__main__":
    showtime, each, seats = json.load(sys.stdin)
    wishes = iter([seats[first : first + each] for first in range(0, len(seats), each)])
    began = time.monotonic()
    asyncio.run(buy_all(*map(int, sys.argv[1:]), showtime, wishes))
    json.dump(time.monotonic() - began, sys.stdout)
