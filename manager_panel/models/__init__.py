"""What the panel keeps for itself: sums that were rolled up, and reports that were ordered."""

from .figures import Figures, HourFigures, RolledUp
from .report import NothingToTryAgain, Report, next_end

__all__ = ["Figures", "HourFigures", "NothingToTryAgain", "Report", "RolledUp", "next_end"]
