"""What issued documents say that belongs into a return: read in one query, summed by the database."""

from datetime import date
from decimal import Decimal

from markets.models import ExchangeRate
from orders.statements.periods import Scheme, TaxPeriod
from orders.statements.reading import rows_of
from orders.statements.returns import EURO, Declared, UnionReturn, union_return

ECB = "ecb"
LATEST_DAYS = 10
"""A rate that is published later than this is not the next one after the period: something was not fetched."""

QUERY = """
WITH papers AS (
  SELECT d.id, d.kind, d.total_currency AS currency, d.facts, coalesce(i.facts, d.facts) AS invoice,
    d.seller_id, e.country_id AS home
  FROM orders_document d
  JOIN markets_legalentity e ON e.id = d.seller_id
  LEFT JOIN orders_document i ON i.id = d.corrects_id
  WHERE d.issued_on BETWEEN %(first)s AND %(last)s AND e.code = %(seller)s
    AND d.taxes @? '$[*] ? (@.reason == "standard" || @.reason == "reduced" || @.reason == "zero")'
), cells AS (
  SELECT p.*, c.position, c.net, c.tax, g.value AS told
  FROM papers p
  CROSS JOIN LATERAL jsonb_to_recordset(p.facts -> 'cells') AS c(position text, "group" int, net bigint, tax bigint)
  CROSS JOIN LATERAL (SELECT p.facts -> 'groups' -> c."group" AS value) g
), due AS (
  SELECT c.*, left(c.told ->> 'place', 2) AS country, lower(c.told ->> 'scheme') AS scheme,
    split_part(c.position, ':', 1) IN ('goods', 'duty') AS is_line,
    NOT EXISTS (
      SELECT 1 FROM jsonb_array_elements(c.invoice -> 'positions') one
      WHERE one ->> 'key' = 'goods:' || split_part(c.position, ':', 2) AND one ->> 'is_shipped' = 'false') AS is_sent,
    coalesce(nullif(c.invoice ->> 'ships_from', ''), c.home) AS leaves, (c.invoice ->> 'paid_on')::date AS supplied_on
  FROM cells c
  WHERE c.told ->> 'reason' IN ('standard', 'reduced', 'zero')
)
SELECT due.country,
  CASE WHEN due.is_sent THEN due.leaves ELSE due.home END AS sent_from,
  CASE WHEN due.is_line AND NOT due.is_sent THEN 'services' ELSE 'goods' END AS supply,
  due.told ->> 'reason' = 'reduced' AS is_reduced, (due.told ->> 'rate')::numeric AS rate,
  due.supplied_on, due.currency,
  sum(CASE WHEN due.kind = 'invoice' THEN due.net ELSE -due.net END) AS net,
  sum(CASE WHEN due.kind = 'invoice' THEN due.tax ELSE -due.tax END) AS tax
FROM due
JOIN markets_country c ON c.code = due.country AND c.in_eu_vat_area
WHERE due.scheme = %(scheme)s OR (
  %(scheme)s = 'oss' AND due.scheme = 'digital' AND due.country <> due.home AND EXISTS (
    SELECT 1 FROM markets_taxregistration r
    WHERE r.legal_entity_id = due.seller_id AND r.scheme = 'oss'
      AND daterange(r.effective_from, r.effective_to, '[]') @> due.supplied_on)
  AND NOT EXISTS (
    SELECT 1 FROM markets_taxregistration r
    WHERE r.legal_entity_id = due.seller_id AND r.scheme = 'domestic' AND r.country_id = due.country
      AND daterange(r.effective_from, r.effective_to, '[]') @> due.supplied_on))
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
"""Services are what needs no parcel. Delivery and clearance fees follow the goods.

An electronic service is declared by OSS when the seller has it and no registration of their own over there, as
`markets.landed.schemes` decided when it was sold. Rows per day are few: a period has at most 92.
"""


def declared_of(*, seller: str, scheme: Scheme, period: TaxPeriod) -> list[Declared]:
    """Everything documents of the period say under a scheme. One query."""
    asked = {"first": period.first, "last": period.last, "seller": seller, "scheme": scheme}
    return [
        Declared(
            country=row["country"],
            sent_from=row["sent_from"],
            supply=row["supply"],
            is_reduced=row["is_reduced"],
            rate=Decimal(row["rate"]),
            supplied_on=row["supplied_on"],
            currency=row["currency"],
            net=int(row["net"]),
            tax=int(row["tax"]),
        )
        for row in rows_of(QUERY, asked)
    ]


def return_of(*, seller: str, scheme: Scheme, period: TaxPeriod) -> UnionReturn:
    """The return of a seller. One query, and one per foreign currency and period."""
    return union_return(
        declared_of(seller=seller, scheme=scheme, period=period), scheme=scheme, period=period, rate_of=closing_rate
    )


def closing_rate(currency: str, day: date) -> Decimal | None:
    """One euro in a currency as the European Central Bank published it for this day, else for the next that has one.

    Not the one before, which everything else in the shop goes by: Article 369h (2) of Directive 2006/112/EC.
    """
    rows = ExchangeRate.objects.filter(base_id=EURO, quote_id=currency, source=ECB, effective_on__gte=day)
    found = rows.order_by("effective_on").values_list("rate", "effective_on").first()
    if found is None or (found[1] - day).days > LATEST_DAYS:
        return None
    return Decimal(found[0])
