"""Warehouses, whom they serve, and what delivery costs."""

from datetime import time
from decimal import Decimal
from typing import Any

from content.demo.texts import table, words
from core.money import Money, round_half_up
from inventory.actions.sourcing import draft_lanes
from inventory.models import (
    AllocationRule,
    Box,
    CarrierAccount,
    DeliveryLeadTime,
    DeliveryMethod,
    DeliveryRate,
    Lane,
    LaneRate,
    Warehouse,
    WarehousePriority,
)
from inventory.sourcing.network import forget_networks
from markets.models import Market

BOX_FACTS = ("name", "length_mm", "width_mm", "height_mm", "tare_g", "max_weight_g")


def seed_warehouses() -> None:
    """Three warehouses and the order in which each market is served from them."""
    data = table("logistics")
    for row in data["warehouses"]:
        _warehouse(row)
    for code, warehouses in data["served_from"].items():
        market = Market.objects.get(code=code)
        for position, warehouse in enumerate(warehouses):
            WarehousePriority.objects.update_or_create(
                market=market,
                warehouse=Warehouse.objects.get(code=warehouse),
                defaults={"position": position},
            )


def seed_carriers() -> None:
    """The stand-in for a carrier, so that labels can be bought and parcels travel in the demo."""
    CarrierAccount.objects.get_or_create(
        code="sandbox", defaults={"name": "Sandbox Express", "adapter": "sandbox", "options": {"poll_minutes": "10"}}
    )


def _warehouse(row: dict[str, Any]) -> None:
    place = Warehouse.objects.filter(code=row["code"]).first() or Warehouse(code=row["code"])
    for name in ("kind", "country", "timezone", "handling_days", "address"):
        setattr(place, name, row[name])
    place.subdivision = row.get("subdivision", "")
    place.cutoff = time.fromisoformat(row["cutoff"])
    put_words(place, "name", words(row["name"]))
    put_words(place, "city", words(row["city"]))
    place.save()


def put_words(row: Any, field: str, by_language: dict[str, str]) -> None:
    """Fill a field that django-modeltrans keeps per language."""
    for language, text in by_language.items():
        setattr(row, field if language == "en" else f"{field}_{language.replace('-', '_')}", text)


def seed_delivery() -> None:
    """Two delivery methods per market, by weight, with the days from each warehouse."""
    data = table("logistics")
    for market_code, methods in data["markets"].items():
        market = Market.objects.get(code=market_code)
        for position, (code, row) in enumerate(methods.items()):
            method = DeliveryMethod.objects.filter(market=market, code=code).first()
            _method(method or DeliveryMethod(market=market, code=code), position, row, data)


def _method(method: DeliveryMethod, position: int, row: dict[str, Any], data: dict[str, Any]) -> None:
    currency = method.market.currency_id
    method.position = position
    method.carrier = row["carrier"]
    method.days_min, method.days_max = row["days"]
    method.free_from = Money(row["free_from"], currency) if "free_from" in row else None
    put_words(method, "name", words(data["methods"][method.code]))
    method.save()
    for up_to_g, amount in zip(data["brackets_g"], row["rates"], strict=True):
        DeliveryRate.objects.update_or_create(
            method=method, up_to_g=up_to_g, defaults={"amount": Money(amount, currency)}
        )
    for warehouse, days in row["from"].items():
        DeliveryLeadTime.objects.update_or_create(
            method=method,
            warehouse=Warehouse.objects.get(code=warehouse),
            defaults={"days_min": days[0], "days_max": days[1]},
        )


def seed_lanes() -> None:
    """Lanes along the delivery tables, cartons, and the rules of each market; the days are those of the methods."""
    data = table("logistics")
    for row in data["boxes"]:
        Box.objects.update_or_create(code=row["code"], defaults={name: row[name] for name in BOX_FACTS})
    for market_code in data["markets"]:
        draft_lanes(market_code=market_code)
        market = Market.objects.get(code=market_code)
        for lane in Lane.objects.filter(method__market=market, is_active=False).select_related(
            "warehouse", "method__market"
        ):
            _priced(lane, data["lane_costs"])
        for position, kind in enumerate(data["sourcing_rules"]):
            AllocationRule.objects.update_or_create(market=market, kind=kind, defaults={"position": position})
    forget_networks()


def _priced(lane: Lane, costs: dict[str, Any]) -> None:
    """What the carrier asks, in the market's currency: dearer where it goes abroad."""
    home = lane.warehouse.country == lane.country
    terms = costs["home" if home else "abroad"]
    currency = str(lane.method.market.currency_id)
    factor = Decimal(costs["factors"][currency]) * (Decimal(2) if lane.method.code == "express" else Decimal(1))
    lane.rates.all().delete()
    for up_to_g, cost, per_kg in terms:
        LaneRate.objects.create(
            lane=lane,
            up_to_g=up_to_g,
            cost=round_half_up(Decimal(cost) * factor, currency),
            per_kg=round_half_up(Decimal(per_kg) * factor, currency),
        )
    lane.divisor, lane.is_active = 5000, True
    lane.save(update_fields=["divisor", "is_active", "updated"])
