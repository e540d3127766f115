"""Snapshots without a database."""

from datetime import UTC, date, datetime
from typing import Any

from cart.snapshot import Snapshot, SnapshotLine
from cart.types import ParcelItem, QuoteParcel
from core.money import Money, from_minor
from inventory.types import DeliveryOption
from markets.types import MarketContext
from tests.markets.facts import facts, market, rate, registered

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
GERMANY = facts(rate("DE", "19"), rate("DE", "7", "food"), registrations=registered("DE"))


def line(number: int = 1, *, unit: int | None = 2000, currency: str = "EUR", **changes: Any) -> SnapshotLine:
    """A line of one piece that can be sold; `unit` in minor units."""
    plain: dict[str, Any] = {
        "line_id": number,
        "variant_id": 100 + number,
        "product_id": number,
        "quantity": 1,
        "sku": f"S-{number}",
        "name": f"Thing {number}",
        "options_text": "",
        "picture": None,
        "url": "",
        "weight_g": 500,
        "hs_code": "691200",
        "origin": "JP",
        "tax_category": "standard",
        "requires_shipping": True,
        "is_sellable": True,
        "purchase_limit": None,
        "available": 1000,
        "unit": None if unit is None else from_minor(unit, currency),
        "was": None,
        "seen": None,
    }
    return SnapshotLine(**(plain | changes))


def standard(price: str = "4.90", *, currency: str = "EUR", **changes: Any) -> DeliveryOption:
    plain: dict[str, Any] = {
        "code": "standard",
        "name": "Standard",
        "carrier": "DHL",
        "price": Money(price, currency),
        "earliest": date(2026, 11, 25),
        "latest": date(2026, 11, 26),
        "is_free": False,
        "free_from": None,
    }
    return DeliveryOption(**(plain | changes))


def snapshot(*lines: SnapshotLine, here: MarketContext | None = None, **changes: Any) -> Snapshot:
    """A cart in a German market, sent in one parcel from Leipzig."""
    where = here or market()
    plain: dict[str, Any] = {
        "market": where,
        "country": where.country,
        "region": "",
        "postal_code": "10435",
        "lines": lines,
        "parcels": (parcel(*lines),) if lines else (),
        "delivery_options": (standard(currency=where.currency),),
        "delivery_code": "",
        "tax_facts": GERMANY,
        "now": NOW,
    }
    return Snapshot(**(plain | changes))


def parcel(*lines: SnapshotLine, country: str = "DE", city: str = "Leipzig") -> QuoteParcel:
    return QuoteParcel(
        warehouse_code=city[:3].upper(),
        warehouse_name=city,
        city=city,
        country=country,
        items=tuple(ParcelItem(key=one.key, quantity=one.quantity) for one in lines),
        weight_g=sum(one.weight_g * one.quantity for one in lines),
    )
