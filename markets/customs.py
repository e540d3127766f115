"""Whether goods cross a customs border on their way."""

from markets.queries import country_of


def crosses_customs(start: str, end: str) -> bool:
    """Whether goods from one country to another are imported: not at home, not inside the EU's customs union."""
    if start == end:
        return False
    here, there = country_of(start), country_of(end)
    return not (here and there and here.in_eu_customs_union and there.in_eu_customs_union)
