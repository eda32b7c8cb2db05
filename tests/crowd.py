"""
A crowd of buyers, each with a connection of its own, who all come at the same moment. It is a
process of its own, so that it takes nothing from the site but the processors' time.
"""

import asyncio
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
MOST_SECONDS = 120


class Request(NamedTuple):
    """Something that somebody posts."""

    path: str
    body: dict


class Answer(NamedTuple):
    """`status` is 0 where nobody answered: refused, cut off, too late; `body` says why then."""

    status: int
    body: dict
    seconds: float


class Visit(NamedTuple):
    """The answers to all, in order, and the seconds from the first request to the last answer."""

    answers: list[Answer]
    seconds: float


def crowd(port: int, requests: list[Request]) -> Visit:
    """Send `requests` to the site at `port`, all at once."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crowd", str(port)],
        cwd=ROOT,
        input=json.dumps(requests),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answers, seconds = json.loads(done.stdout)
    return Visit([Answer(*answer) for answer in answers], seconds)


async def post(port: int, path: str, body: dict) -> Answer:
    began = time.monotonic()
    content = json.dumps(body).encode()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            status, said = await talk(port, message("POST", port, path, content))
    except (OSError, ValueError, TimeoutError) as error:
        status, said = 0, {"error": repr(error)}
    return Answer(status, said, time.monotonic() - began)


def message(method: str, port: int, path: str, content: bytes = b"", **headers: str) -> bytes:
    """A request as it is sent; JSON unless `headers` say what else the content is."""
    headers = {"content_type": "application/json", "connection": "close"} | headers
    said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{said}"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


async def talk(port: int, sent: bytes) -> tuple[int, dict]:
    """Raises OSError or ValueError when what comes back is no answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    answer = await reader.read()
    writer.close()
    head, _, content = answer.partition(b"\r\n\r\n")
    status = int(head.split(maxsplit=2)[1]) if head else 0
    return status, json.loads(content)


async def send_all(port: int, requests: list) -> Visit:
    began = time.monotonic()
    answers = await asyncio.gather(*(post(port, path, body) for path, body in requests))
    return Visit(answers, time.monotonic() - began)


def allow_many_connections():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    allow_many_connections()
    json.dump(asyncio.run(send_all(int(sys.argv[1]), json.load(sys.stdin))), sys.stdout)
