"""Who is at work: whoever the request that is being answered comes from."""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

_request = ContextVar("request", default=None)
_shown_to_be = ContextVar("shown_to_be", default=None)
_silent = ContextVar("silent", default=False)


class Doer(NamedTuple):
    """Who changes something, and by which door they came in. The system itself has no `pk`."""

    pk: int | None
    name: str
    door: str


THE_SYSTEM = Doer(None, "", "system")


def remembers_who_asks(get_response):
    """The middleware by which `doer` knows who asks."""

    def middleware(request):
        before = _request.set(request)
        try:
            return get_response(request)
        finally:
            _request.reset(before)

    return middleware


@contextmanager
def told_in_one():
    """What happens inside is not remembered row by row: whoever does it says it in one entry."""
    before = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(before)


@contextmanager
def shown_to_be(user):
    """Whoever asks has no session, and showed by something else (a link we mailed) who they are."""
    before = _shown_to_be.set(user)
    try:
        yield
    finally:
        _shown_to_be.reset(before)


def doer() -> Doer | None:
    """
    Who changes what is being changed now: somebody who works here, or the system where nobody
    asks (a command, a job). None for customers and strangers, whose doings are not the house's,
    and within `told_in_one`.
    """
    return None if _silent.get() else _whoever()


def teller() -> Doer | None:
    """The same, within `told_in_one` as well."""
    return _whoever()


def _whoever() -> Doer | None:
    if (request := _request.get()) is None:
        return THE_SYSTEM
    user = _shown_to_be.get() or getattr(request, "user", None)
    if not getattr(user, "is_staff", False):
        return None
    return Doer(user.pk, user.get_username(), "api" if _is_api(request) else "admin")


def _is_api(request) -> bool:
    return request.path_info.startswith("/api/")
