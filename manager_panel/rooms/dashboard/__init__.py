"""The dashboard: the first page of the admin."""

from .room import dashboard

__all__ = ["dashboard"]
