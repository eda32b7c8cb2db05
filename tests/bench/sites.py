"""What gunicorn serves for the bench: `gunicorn "tests.bench.sites:locked()"`."""

from config.wsgi import application

from .far import move_the_database_away
from .locked import lock_the_showtime


def ours():
    return application


def locked():
    """Every hold under a lock on its showtime."""
    lock_the_showtime()
    return application


def far():
    """The database is on another machine."""
    move_the_database_away()
    return application


def locked_and_far():
    lock_the_showtime()
    return far()
