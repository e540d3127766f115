"""Numbers of range filters in the units a market reads, where products keep them in others. Pure."""

from decimal import Decimal

from catalog.listing.selection import Range
from catalog.listing.vocabulary import FacetInfo
from catalog.units import UNITS, converted, fitting


def shown_number(facet: FacetInfo, stored: Decimal) -> Decimal:
    """A number of a product as the filter and the product's page show it."""
    if not facet.stored_unit:
        return stored
    exact = converted(stored, UNITS[facet.stored_unit], UNITS[facet.unit])
    return exact.quantize(fitting(exact))


def stored_range(facet: FacetInfo, shown: Range) -> Range:
    """Bounds in the unit of the products.

    A converted bound reaches half a step further: what is shown as 1.6 in is found from 1.6 in, though its 4 cm are
    a little less.
    """
    if not facet.stored_unit:
        return shown
    return Range(_stored(facet, shown.low, Decimal(-1)), _stored(facet, shown.high, Decimal(1)))


def _stored(facet: FacetInfo, bound: Decimal | None, way: Decimal) -> Decimal | None:
    if bound is None:
        return None
    further = bound + way * fitting(bound) / 2
    return converted(further, UNITS[facet.unit], UNITS[facet.stored_unit])
