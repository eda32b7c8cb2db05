"""A database on another machine: each statement takes a way through the network."""

import time

from django.db import connection
from django.db.backends.signals import connection_created

# There and back, in seconds, within a data centre or to the next one. The begin and the end of a
# transaction travel free here, so the true way is longer.
WAY = 0.001


def travel(execute, *statement):
    time.sleep(WAY)
    return execute(*statement)


def move_the_database_away():
    """From now on, in all threads of this process."""
    connection_created.connect(_on_the_way, weak=False)
    _on_the_way(connection=connection)


def _on_the_way(connection, **_):
    if travel not in connection.execute_wrappers:
        connection.execute_wrappers.append(travel)
