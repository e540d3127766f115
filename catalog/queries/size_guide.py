"""The size tables of a product's type, kept in memory: they are reference data and seldom change."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import get_language

from catalog.models import Product
from catalog.size_guide import SizeGuide, chart_of, guide_of
from markets.cache import remembered
from markets.models import SizeTable
from markets.types import MarketContext


def size_guide(market: MarketContext, product: Product) -> SizeGuide | None:
    """Charts for readers in the market, in the order of the product's type; none for things without sizes."""
    codes = tuple(product.product_type.size_tables)
    if not codes:
        return None
    key = ("size guide", codes, market.code, get_language())
    return remembered(key, lambda: _guide(market, codes))


def _guide(market: MarketContext, codes: Sequence[str]) -> SizeGuide | None:
    found = {table.code: table for table in SizeTable.objects.on(timezone.now().date()).filter(code__in=codes)}
    tables = [found[code] for code in codes if code in found]
    charts = [chart_of(table.code, table.columns, table.rows, market.home_country) for table in tables]
    return guide_of(charts, [table.group for table in tables], market.units) if charts else None
