"""The union's limit for distance sales: what a seller sold to consumers of other member states, this year and last.

Directive 2006/112/EC, Article 59c: up to EUR 10,000 without tax in this calendar year and in the one before, over all
other member states together, goods are taxed where they start and electronic services where the seller is; both count
together. Who counts them is named in the settings (`UNION_SALES`), because orders lie above this app.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import Money
from markets.cache import remembered
from markets.formatting import format_number
from markets.tax.types import TaxFacts

UNION_LIMIT = Money("10000", "EUR")
WARNS_FROM = Decimal("0.8")
"""The part of the limit from which operators are warned."""
KEPT_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class UnionSales:
    """Net sales in EUR of a calendar year and of the year before it.

    `uncounted` orders in `currencies` are in neither sum, because no exchange rate of their day is known.
    """

    year: int
    this_year: Money
    last_year: Money
    uncounted: int = 0
    currencies: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether everything was counted, so that the sums say the truth."""
        return not self.uncounted

    @property
    def is_near(self) -> bool:
        """Whether the limit is passed, or most of it is used, or nobody can say."""
        near = self.this_year.amount >= UNION_LIMIT.amount * WARNS_FROM
        return self.is_passed or near or not self.is_known

    @property
    def is_passed(self) -> bool:
        """Whether every further sale is taxed where it arrives."""
        return max(self.this_year, self.last_year) > UNION_LIMIT


def union_sentence(sales: UnionSales, language: str) -> str:
    """How much of the limit is used: of this year, and of the last one when that decides alone."""
    told = [(sales.year, sales.this_year)]
    if sales.last_year > UNION_LIMIT:
        told.append((sales.year - 1, sales.last_year))
    limit = format_number(int(UNION_LIMIT.amount), language)
    sentences = [
        _("%(sold)s of %(limit)s EUR in %(year)s")
        % {"sold": format_number(int(sold.amount), language), "limit": limit, "year": year}
        for year, sold in told
    ]
    return " · ".join([*sentences, *_not_counted(sales)])


def _not_counted(sales: UnionSales) -> list[str]:
    if sales.is_known:
        return []
    told = ngettext(
        "%(count)d order is not counted, because no exchange rate of its day is known: %(currencies)s",
        "%(count)d orders are not counted, because no exchange rate of their day is known: %(currencies)s",
        sales.uncounted,
    )
    return [told % {"count": sales.uncounted, "currencies": ", ".join(sales.currencies)}]


Counting = Callable[[str, int], UnionSales]
"""Counts by the seller's code and the year."""


def union_sales_of(seller: str, year: int) -> UnionSales:
    """What a seller sold over the borders of member states; counted at most once a minute by each process."""
    minute = int(time.time()) // KEPT_SECONDS
    return remembered(("union sales", seller, year, minute), lambda: _count(seller, year))


def _count(seller: str, year: int) -> UnionSales:
    return cast(Counting, import_string(settings.UNION_SALES))(seller, year)


def union_sales_for(
    *, seller: str, starts: frozenset[str], country: str, on: date, facts: TaxFacts, has_services: bool = False
) -> UnionSales | None:
    """The same where it decides a sale: goods from one member state to another, or a service of a seller in one to a
    consumer in another, and no one-stop shop. No query else."""
    if not seller or country not in facts.eu:
        return None
    homes = {one.country for one in facts.registrations if one.seller == seller and one.scheme == "domestic"}
    places = starts | homes if has_services else starts
    if not (places & facts.eu) - {country}:
        return None
    if any(one.seller == seller and one.scheme == "oss" for one in facts.registrations):
        return None
    return union_sales_of(seller, on.year)
