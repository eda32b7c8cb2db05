"""
The books: that what was paid less what went back is what was kept, that invoices less credit notes
are the same, and that nothing is owed that is not on its way; for every booking and every theater.
"""

from .asking import Broken, Scope, at_one_moment
from .promises import PROMISES, problems
from .sums import Sums, sums
from .waiting import WAITING, for_a_human

__all__ = [
    "PROMISES",
    "WAITING",
    "Broken",
    "Scope",
    "Sums",
    "at_one_moment",
    "for_a_human",
    "problems",
    "sums",
]
