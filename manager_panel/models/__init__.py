"""What the panel keeps for itself: sums that were rolled up, and reports that were ordered."""

from .figures import Figures, HourFigures, RolledUp

__all__ = ["Figures", "HourFigures", "RolledUp"]
