"""The size tables of a product's type, kept in memory: they are reference data and seldom change."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import get_language

from catalog.models import Product
from catalog.size_guide import SizeChart, chart_of
from markets.cache import remembered
from markets.models import SizeTable
from markets.types import MarketContext


def size_charts(market: MarketContext, product: Product) -> tuple[SizeChart, ...]:
    """Charts for readers in the market, in the order of the product's type; none for things without sizes."""
    codes = tuple(product.product_type.size_tables)
    if not codes:
        return ()
    key = ("size charts", codes, market.code, get_language())
    return remembered(key, lambda: _charts(market, codes))


def _charts(market: MarketContext, codes: Sequence[str]) -> tuple[SizeChart, ...]:
    tables = {table.code: table for table in SizeTable.objects.on(timezone.now().date()).filter(code__in=codes)}
    return tuple(
        chart_of(code, tables[code].columns, tables[code].rows, market.home_country) for code in codes if code in tables
    )
