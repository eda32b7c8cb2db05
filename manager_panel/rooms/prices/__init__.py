"""Promotions and prices: what a seat costs when, and what a rule or code not saved would change."""

from .code_tried import CodeTried
from .order import RulesInOrder
from .rule_tried import RuleTried
from .views import PricesOfMine, PricesRoom

__all__ = ["CodeTried", "PricesOfMine", "PricesRoom", "RuleTried", "RulesInOrder"]
