"""Rules of markets and countries matched against a purchase: what is demanded, what is refused, what is held, and why.

Pure over dated rows. What matched is stored with the order and never worked out again.
"""

from markets.compliance.demands import Demands, demands_of
from markets.compliance.matching import match_rules
from markets.compliance.reading import demands_for, rules_on
from markets.compliance.types import Goods, Match, Purchase, Rule

__all__ = ["Demands", "Goods", "Match", "Purchase", "Rule", "demands_for", "demands_of", "match_rules", "rules_on"]
