"""Price lists, the prices on them, and the record of what was shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F
from django.utils import timezone

from catalog.actions.derived import mark_dirty
from catalog.derived.following import NewPrice, follow, follow_all, follow_lists, write_prices
from catalog.derived.history import Publication, record_publications
from catalog.errors import PriceBelowZero, PriceCurrency
from catalog.models import PUBLIC, Price, PriceList, Variant
from core import audit
from core.money import Money, to_minor
from markets.models import Market

__all__ = [
    "NewPrice",
    "PriceListDraft",
    "Publication",
    "close_price_list",
    "follow_lists",
    "open_price_list",
    "publish_price",
    "publish_prices",
    "refresh_converted_lists",
    "remove_price",
    "remove_prices",
    "set_price",
    "set_prices",
]


@dataclass(frozen=True, kw_only=True)
class PriceListDraft:
    """A price list: `parent` and `adjust_bp` make it follow another list (-1000 is ten percent less)."""

    code: str
    market_code: str
    name: str = ""
    kind: str = "base"
    priority: int = 0
    audience_key: str = PUBLIC
    begins: datetime | None = None
    ends: datetime | None = None
    parent: str | None = None
    adjust_bp: int | None = None
    charm_rule: dict[str, str] | None = None


@transaction.atomic
def open_price_list(*, draft: PriceListDraft) -> PriceList:
    """An active price list in its market's currency; asked again, it is brought to what `draft` says."""
    market = Market.objects.get(code=draft.market_code)
    during = DateTimeTZRange(draft.begins, draft.ends) if draft.begins or draft.ends else None
    parent = PriceList.objects.get(code=draft.parent) if draft.parent else None
    row, _new = PriceList.objects.update_or_create(
        code=draft.code,
        defaults={
            "market": market,
            "currency": market.currency_id,
            "name": draft.name or draft.code,
            "kind": draft.kind,
            "priority": draft.priority,
            "audience_key": draft.audience_key,
            "during": during,
            "status": PriceList.Status.ACTIVE,
            "parent": parent,
            "adjust_bp": draft.adjust_bp,
            "charm_rule": draft.charm_rule,
        },
    )
    audit.record("catalog.open_price_list", row)
    if parent is not None:
        follow(row, is_asked=True)
    _mark_list(row)
    return row


@transaction.atomic
def close_price_list(*, price_list_id: int) -> None:
    """End a list: its prices no longer apply."""
    row = PriceList.objects.select_for_update().get(pk=price_list_id)
    row.status = PriceList.Status.ARCHIVED
    row.save(update_fields=["status"])
    audit.record("catalog.close_price_list", row)
    _mark_list(row)


def set_price(*, price_list_id: int, variant_id: int, amount: Money, min_qty: int = 1) -> bool:
    """One price on a list. True when it moved. Raises `PriceCurrency`, `PriceBelowZero`, `AmountPrecision`."""
    price = NewPrice(variant_id=variant_id, amount=amount, min_qty=min_qty)
    return set_prices(price_list_id=price_list_id, prices=[price]) > 0


@transaction.atomic
def set_prices(*, price_list_id: int, prices: Sequence[NewPrice]) -> int:
    """Many prices on one list, all or none. Returns how many moved; lists that follow this one move with it."""
    row = PriceList.objects.select_for_update().get(pk=price_list_id)
    for price in prices:
        _check(row, price)
    known = {
        (variant, min_qty): amount
        for variant, min_qty, amount in Price.objects.filter(
            price_list=row, variant__in={price.variant_id for price in prices}, derived=False
        ).values_list("variant_id", "min_qty", "amount")
    }
    moved = [price for price in prices if known.get((price.variant_id, price.min_qty)) != price.amount.amount]
    write_prices(row, moved, derived=False)
    if moved:
        _tell(row, moved)
    return len(moved)


def remove_price(*, price_list_id: int, variant_id: int, min_qty: int = 1) -> bool:
    """Take a price off a list; on a list that follows another the derived price comes back."""
    return remove_prices(price_list_id=price_list_id, places=[(variant_id, min_qty)]) > 0


@transaction.atomic
def remove_prices(*, price_list_id: int, places: Sequence[tuple[int, int]]) -> int:
    """The same for many places, each a variant and its quantity; returns how many were there."""
    row = PriceList.objects.select_for_update().get(pk=price_list_id)
    wanted = set(places)
    stored = Price.objects.filter(price_list=row, variant__in={variant for variant, _quantity in places})
    found = [pk for pk, *place in stored.values_list("pk", "variant_id", "min_qty") if tuple(place) in wanted]
    if not found:
        return 0
    gone = sorted(Price.objects.filter(pk__in=found).values_list("variant_id", "min_qty"))
    Price.objects.filter(pk__in=found).delete()
    named = [f"{variant}@{min_qty}" for variant, min_qty in gone[:50]]
    audit.record("catalog.remove_prices", row, data={"count": len(gone), "prices": named})
    variants = sorted({variant for variant, _quantity in gone})
    follow_all(row, variants)
    _mark_variants(variants)
    return len(gone)


@transaction.atomic
def refresh_converted_lists() -> int:
    """Work lists that follow one of another currency out anew, at today's rate. Returns how many prices moved.

    Inside the market's dead band a price stays; without a fresh rate all of them do.
    """
    moved = 0
    rows = PriceList.objects.filter(status=PriceList.Status.ACTIVE, parent__isnull=False)
    for row in rows.exclude(currency=F("parent__currency")).order_by("pk").select_for_update(of=("self",)):
        changed = follow(row)
        moved += len(changed)
        if changed:
            audit.record("catalog.refresh_converted_list", row, data={"count": len(changed)})
            for follower in PriceList.objects.filter(parent=row):
                follow_all(follower, changed)
            _mark_variants(changed)
    return moved


@transaction.atomic
def publish_price(
    *, variant_id: int, market_id: int, amount: Money | None, reduced: bool = False, at: datetime | None = None
) -> bool:
    """Record what everybody sees from `at` on; None closes the record. True when that is something new.

    The record is history: a moment before the last entry is refused by the database.
    """
    publication = Publication(variant_id=variant_id, market_id=market_id, amount=amount, reduced=reduced)
    return publish_prices(publications=[publication], at=at) > 0


@transaction.atomic
def publish_prices(*, publications: Sequence[Publication], at: datetime | None = None) -> int:
    """The same for many at one moment; returns how many were new."""
    return record_publications(publications, at or timezone.now())


def _check(price_list: PriceList, price: NewPrice) -> None:
    if price.amount.currency.code != price_list.currency:
        raise PriceCurrency
    if to_minor(price.amount) < 0:
        raise PriceBelowZero


def _tell(price_list: PriceList, moved: Sequence[NewPrice]) -> None:
    named = [f"{price.variant_id}@{price.min_qty}: {price.amount.amount}" for price in moved[:50]]
    audit.record("catalog.set_prices", price_list, data={"count": len(moved), "prices": named})
    variants = [price.variant_id for price in moved]
    follow_all(price_list, variants)
    _mark_variants(variants)


def _mark_list(price_list: PriceList) -> None:
    _mark_variants(Price.objects.filter(price_list=price_list).values_list("variant_id", flat=True))


def _mark_variants(variant_ids: Collection[int]) -> None:
    products = Variant.objects.filter(pk__in=list(variant_ids)).values_list("product_id", flat=True)
    mark_dirty(product_ids=products)
