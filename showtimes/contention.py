"""What we do when the database says that too many want the same row at once."""

from functools import wraps

from django.db import OperationalError
from rest_framework import status
from rest_framework.exceptions import APIException

# https://www.postgresql.org/docs/current/errcodes-appendix.html
SERIALIZATION_FAILURE, DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE = "40001", "40P01", "55P03"
CONTENDED = {SERIALIZATION_FAILURE, DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE}


class Busy(APIException):
    """The database was too busy with the same seats, twice. Nothing was changed; try again."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "busy"
    default_detail = "Too many people want the same seats just now. Please try again."
    wait = 2  # seconds, said as Retry-After


def is_contention(error: OperationalError) -> bool:
    """Whether `error` is a deadlock, a lock wait that took too long, or a locked SQLite file."""
    return getattr(error.__cause__, "sqlstate", None) in CONTENDED or "locked" in str(error)


def tried_twice(function):
    """
    Run `function`, a whole transaction, once more when it lost a fight over a lock. Raises Busy
    when that is lost too. Must be outermost: a transaction that failed cannot be continued.
    """

    @wraps(function)
    def run(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except OperationalError as error:
            if not is_contention(error):
                raise
        try:
            return function(*args, **kwargs)
        except OperationalError as error:
            if is_contention(error):
                raise Busy from error
            raise

    return run
