"""Promotions and prices: what a seat costs when, and what a rule that is not saved would change."""

from .order import RulesInOrder
from .views import PricesOfMine, PricesRoom, RuleTried

__all__ = ["PricesOfMine", "PricesRoom", "RuleTried", "RulesInOrder"]
