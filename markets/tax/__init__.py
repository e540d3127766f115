"""Tax: a pure calculator over dated facts.

`tax_for(question)` reads the facts of the day and answers; `calculate_tax(question, facts)` is the pure part.
"""

from markets.tax.calculator import calculate_tax
from markets.tax.facts import tax_facts_for
from markets.tax.types import SHIPPING, TaxableLine, TaxFacts, TaxLine, TaxQuestion, total_tax

__all__ = [
    "SHIPPING",
    "TaxFacts",
    "TaxLine",
    "TaxQuestion",
    "TaxableLine",
    "calculate_tax",
    "tax_facts_for",
    "tax_for",
    "total_tax",
]


def tax_for(question: TaxQuestion) -> tuple[TaxLine, ...]:
    """The tax lines of a shipment by the facts of its day. No query when warm. Raises what `calculate_tax` raises."""
    return calculate_tax(question, tax_facts_for(question.on))
