"""The planning board: a day of one theater as a timeline, where showtimes are placed and moved."""

from .routes import routes

__all__ = ["routes"]
