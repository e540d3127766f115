"""Prices of a new market out of those of another: proposed on a draft list, used only once somebody agrees."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from catalog.actions.prices import NewPrice, PriceListDraft, open_price_list, set_prices
from catalog.errors import NothingProposed
from catalog.models import PUBLIC, Price, PriceList
from core import audit
from markets.fx import policy_of, price_at
from markets.fx.lookup import rate_by
from markets.models import Market

BATCH = 2000


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """The draft list and how many prices are on it."""

    price_list: PriceList
    count: int


@transaction.atomic
def propose_market_prices(*, source: str, market: str, factor: Decimal, on: date) -> Proposed:
    """Every ordinary public price of `source` as one of `market`: rate, mark-up, factor, ending, grid.

    The list is a draft and applies to nobody. Asked again, the proposals are made anew; prices already in use stay.
    Raises `ExchangeRateMissing`, `ExchangeRateStale`, `NothingProposed`.
    """
    target = Market.objects.get(code=market)
    row, _new = PriceList.objects.update_or_create(
        code=draft_code(market),
        defaults={
            "market": target,
            "currency": target.currency_id,
            "name": f"{target.name}: proposed from {source}",
            "kind": PriceList.Kind.BASE,
            "status": PriceList.Status.DRAFT,
        },
    )
    Price.objects.filter(price_list=row).delete()
    base = Market.objects.values_list("currency_id", flat=True).get(code=source)
    fact = rate_by(base, target.currency_id, on, policy_of(target))
    count = 0
    for batch in _batches(source):
        prices = [
            NewPrice(variant_id=price.variant_id, amount=price_at(price.amount, fact, market=target, factor=factor))
            for price in batch
        ]
        set_prices(price_list_id=row.pk, prices=prices)
        count += len(prices)
    if not count:
        raise NothingProposed
    data = {"source": source, "factor": factor, "prices": count}
    audit.record("catalog.propose_market_prices", row, data=data)
    return Proposed(price_list=row, count=count)


@transaction.atomic
def use_proposed_prices(*, market: str) -> PriceList:
    """The proposals become the market's ordinary prices. Raises `NothingProposed`."""
    draft = PriceList.objects.filter(code=draft_code(market), status=PriceList.Status.DRAFT).first()
    if draft is None:
        raise NothingProposed
    row = open_price_list(draft=PriceListDraft(code=draft.code, market_code=market, name=draft.name))
    audit.record("catalog.use_proposed_prices", row)
    return row


def draft_code(market: str) -> str:
    """The code of the list with a market's proposals."""
    return f"{market}-proposed"


def _batches(source: str) -> Iterator[list[Price]]:
    rows = Price.objects.filter(
        price_list__market__code=source,
        price_list__kind=PriceList.Kind.BASE,
        price_list__status=PriceList.Status.ACTIVE,
        price_list__audience_key=PUBLIC,
        min_qty=1,
    )
    found = rows.order_by("variant_id", "price_list__priority", "pk")
    batch: dict[int, Price] = {}
    for price in found.iterator(chunk_size=BATCH):
        if len(batch) >= BATCH and price.variant_id not in batch:
            yield list(batch.values())
            batch = {}
        batch[price.variant_id] = price
    if batch:
        yield list(batch.values())
