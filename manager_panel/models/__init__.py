"""What the panel keeps for itself: sums that were rolled up, and reports that were ordered."""

from .figures import Figures, HourFigures, RolledUp
from .report import NothingToTryAgain, Report, first_end, next_end

__all__ = [
    "Figures",
    "HourFigures",
    "NothingToTryAgain",
    "Report",
    "RolledUp",
    "first_end",
    "next_end",
]
