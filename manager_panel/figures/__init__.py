"""
The numbers of dashboard and reports: counted in `counting`, added up for days that are over in
`rolling`, and read, both together, in `reading`.
"""

from .counting import count_money
from .reading import Reading
from .sums import Sums

__all__ = ["Reading", "Sums", "count_money"]
