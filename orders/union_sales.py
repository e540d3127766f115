"""Sales to consumers of other member states, counted from the orders that stand (Directive 2006/112/EC, Art. 59c)."""

import logging
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from core.money import Money, round_half_up
from markets.errors import ExchangeRateMissing
from markets.fx import rate_on
from markets.tax.union_sales import UnionSales

logger = logging.getLogger(__name__)

EURO = "EUR"
FELL_THROUGH = ("draft", "canceled", "expired")
GOODS = ("origin", "destination", "oss", "intra_eu")
"""Schemes of sales from one member state to a consumer in another one."""
UNTAXED = ("reverse_charge", "exempt", "export", "voucher")

QUERY = """
WITH own AS (
  SELECT o.id, o.placed_at AT TIME ZONE 'UTC' AS placed, o.currency,
    CASE WHEN o.currency = 'EUR' THEN 1 WHEN o.reporting_currency = 'EUR' THEN o.exchange_rate END AS rate,
    o.country <> e.country_id AND home.in_eu_vat_area AS abroad,
    EXISTS (
      SELECT 1 FROM orders_fulfillment f JOIN markets_country s ON s.code = f.ships_from AND s.in_eu_vat_area
      WHERE f.order_id = o.id AND f.ships_from <> o.country AND f.state <> 'canceled') AS crosses
  FROM orders_order o
  JOIN markets_market m ON m.code = o.market
  JOIN markets_legalentity e ON CASE WHEN o.merchant_ref = '' THEN e.id = m.seller_id ELSE e.code = o.merchant_ref END
  JOIN markets_country home ON home.code = e.country_id
  JOIN markets_country c ON c.code = o.country AND c.in_eu_vat_area
  WHERE e.code = %(seller)s AND NOT o.lifecycle = ANY(%(fell_through)s)
    AND o.placed_at >= make_timestamptz(%(year)s - 1, 1, 1, 0, 0, 0, 'UTC')
    AND o.placed_at < make_timestamptz(%(year)s + 1, 1, 1, 0, 0, 0, 'UTC')
), sold AS (
  SELECT own.id, t.owner, t.line_id, t.part_id, t.base
  FROM own JOIN orders_ordertaxline t ON t.order_id = own.id
  LEFT JOIN orders_orderline l ON l.id = t.line_id LEFT JOIN orders_orderlinepart p ON p.id = t.part_id
  CROSS JOIN LATERAL (SELECT coalesce(p.requires_shipping, l.requires_shipping, true) AS is_sent) what
  WHERE t.owner IN ('line', 'shipping') AND NOT t.reason = ANY(%(untaxed)s) AND (
    t.scheme = ANY(%(goods)s)
    OR (t.scheme IN ('domestic', 'not_computed') AND what.is_sent AND own.crosses)
    OR (t.scheme IN ('digital', 'not_computed') AND NOT what.is_sent AND own.abroad))
), net AS (
  SELECT own.placed, own.currency, own.rate, (SELECT sum(s.base) FROM sold s WHERE s.id = own.id) AS sold,
    (SELECT sum(b.net) FROM orders_orderrefundline b JOIN orders_orderrefund r ON r.id = b.refund_id
      WHERE r.order_id = own.id AND r.state <> 'failed' AND EXISTS (
        SELECT 1 FROM sold s WHERE s.id = own.id AND CASE WHEN b.is_shipping THEN s.owner = 'shipping'
          ELSE s.line_id = b.order_line_id AND (s.part_id IS NULL OR s.part_id = b.part_id) END)) AS back
  FROM own
)
SELECT extract(year FROM placed)::int, CASE WHEN rate IS NULL THEN currency ELSE 'EUR' END,
  CASE WHEN rate IS NULL THEN placed::date END, count(*)::int,
  sum(greatest(sold - coalesce(back, 0), 0) * coalesce(rate, 1))
FROM net WHERE sold > 0 GROUP BY 1, 2, 3
"""


def count_union_sales(seller: str, year: int) -> UnionSales:
    """The net sales of a seller to consumers of other member states, in the year and in the one before. One query.

    Counted are goods and their delivery from another member state, and services that need no parcel to another one
    than the seller's own, in orders that were placed and neither canceled nor expired, less what was given back for
    them, in the year of the sale. An order whose books are not in EUR counts by the rate of its day; those without
    any known rate are in no sum, are counted as such, and are logged. Orders belong to the seller of their market, or
    to the one they were handed to.
    """
    sums = {year: Decimal(0), year - 1: Decimal(0)}
    missing: dict[str, int] = {}
    for one in _told(seller, year):
        rate = _rate_of(one)
        if rate is None:
            missing[one.currency] = missing.get(one.currency, 0) + one.orders
        else:
            sums[one.year] += one.amount * rate
    if missing:
        logger.error("sales of %s to other member states without an exchange rate: %s", seller, missing)
    return UnionSales(
        year=year,
        this_year=_euro(sums[year]),
        last_year=_euro(sums[year - 1]),
        uncounted=sum(missing.values()),
        currencies=tuple(sorted(missing)),
    )


@dataclass(frozen=True, kw_only=True)
class _Sold:
    """Sales of one year in one currency; `day` where they are to be exchanged by the rate of that day."""

    year: int
    currency: str
    day: date | None
    orders: int
    amount: Decimal


def _told(seller: str, year: int) -> list[_Sold]:
    asked: dict[str, Any] = {
        "seller": seller,
        "year": year,
        "fell_through": list(FELL_THROUGH),
        "goods": list(GOODS),
        "untaxed": list(UNTAXED),
    }
    with connection.cursor() as cursor:
        cursor.execute(QUERY, asked)
        rows: list[tuple[int, str, date | None, int, Decimal]] = cursor.fetchall()
    return [
        _Sold(year=sold_in, currency=currency, day=day, orders=orders, amount=amount)
        for sold_in, currency, day, orders, amount in rows
    ]


def _rate_of(sold: _Sold) -> Decimal | None:
    if sold.day is None:
        return Decimal(1)
    try:
        return rate_on(sold.currency, EURO, sold.day).rate
    except ExchangeRateMissing:
        return None


def _euro(amount: Decimal) -> Money:
    return round_half_up(amount, EURO)
