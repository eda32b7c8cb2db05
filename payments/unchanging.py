"""What the migrations of this app call by its old place."""

from history.unchanging import NeverChanges

__all__ = ["NeverChanges"]
