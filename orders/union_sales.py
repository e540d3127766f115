"""Distance sales inside the EU, counted from the orders that stand (Directive 2006/112/EC, Article 59c)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from core.money import Money, round_half_up
from markets.errors import ExchangeRateMissing
from markets.fx import rate_on
from markets.tax.union_sales import UnionSales

EURO = "EUR"
FELL_THROUGH = ("draft", "canceled", "expired")
CROSSING = ("origin", "destination", "oss", "intra_eu")
"""Schemes of goods that go from one member state to a consumer in another one."""

QUERY = """
WITH own AS (
  SELECT o.id, o.placed_at AT TIME ZONE 'UTC' AS placed, o.currency,
    CASE WHEN o.currency = 'EUR' THEN 1 WHEN o.reporting_currency = 'EUR' THEN o.exchange_rate END AS rate,
    EXISTS (
      SELECT 1 FROM orders_fulfillment f JOIN markets_country s ON s.code = f.ships_from AND s.in_eu_vat_area
      WHERE f.order_id = o.id AND f.ships_from <> o.country AND f.state <> 'canceled') AS crosses
  FROM orders_order o
  JOIN markets_market m ON m.code = o.market
  JOIN markets_legalentity e ON e.id = m.seller_id
  JOIN markets_country c ON c.code = o.country AND c.in_eu_vat_area
  WHERE e.code = %(seller)s AND NOT o.lifecycle = ANY(%(fell_through)s)
    AND o.placed_at >= make_timestamptz(%(year)s - 1, 1, 1, 0, 0, 0, 'UTC')
    AND o.placed_at < make_timestamptz(%(year)s + 1, 1, 1, 0, 0, 0, 'UTC')
), net AS (
  SELECT own.*,
    (SELECT sum(t.base) FROM orders_ordertaxline t LEFT JOIN orders_orderline l ON l.id = t.line_id
      WHERE t.order_id = own.id AND t.owner IN ('line', 'shipping') AND coalesce(l.requires_shipping, true)
        AND t.reason NOT IN ('reverse_charge', 'exempt', 'export')
        AND (t.scheme = ANY(%(crossing)s) OR (t.scheme = 'domestic' AND own.crosses))) AS sold,
    (SELECT sum(b.net) FROM orders_orderrefundline b JOIN orders_orderrefund r ON r.id = b.refund_id
      LEFT JOIN orders_orderline l ON l.id = b.order_line_id
      WHERE r.order_id = own.id AND r.state <> 'failed' AND (b.is_shipping OR l.requires_shipping)) AS back
  FROM own
)
SELECT extract(year FROM placed)::int, CASE WHEN rate IS NULL THEN currency ELSE 'EUR' END,
  CASE WHEN rate IS NULL THEN placed::date END,
  sum(greatest(sold - coalesce(back, 0), 0) * coalesce(rate, 1))
FROM net WHERE sold > 0 GROUP BY 1, 2, 3
"""


def count_union_sales(seller: str, year: int) -> UnionSales:
    """The net sales of a seller to consumers of other member states, in the year and in the one before. One query.

    Counted are goods and their delivery in orders that were placed and neither canceled nor expired, less what was
    given back for them, in the year of the sale. An order whose books are not in EUR counts by the rate of its day;
    one without any known rate cannot be counted. Orders belong to the seller of their market.
    """
    sums = {year: Decimal(0), year - 1: Decimal(0)}
    for sold_in, amount in _told(seller, year):
        sums[sold_in] += amount
    return UnionSales(year=year, this_year=_euro(sums[year]), last_year=_euro(sums[year - 1]))


def _told(seller: str, year: int) -> Iterator[tuple[int, Decimal]]:
    asked: dict[str, Any] = {
        "seller": seller,
        "year": year,
        "fell_through": list(FELL_THROUGH),
        "crossing": list(CROSSING),
    }
    with connection.cursor() as cursor:
        cursor.execute(QUERY, asked)
        rows: list[tuple[int, str, date | None, Decimal]] = cursor.fetchall()
    for sold_in, currency, day, amount in rows:
        if day is None:
            yield sold_in, amount
            continue
        try:
            yield sold_in, amount * rate_on(currency, EURO, day).rate
        except ExchangeRateMissing:
            continue


def _euro(amount: Decimal) -> Money:
    return round_half_up(amount, EURO)
