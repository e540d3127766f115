"""Accounts with carriers, and shipments to give them."""

import json
from typing import Any

from core.money import Money
from inventory.carriers.types import Address, Customs, CustomsItem, Parcel, Shipment
from inventory.models import CarrierAccount, Warehouse

SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQ="


def an_account(adapter: str, *, code: str = "", secrets: dict[str, str] | None = None, **more: Any) -> CarrierAccount:
    """An account that is switched on."""
    return CarrierAccount.objects.create(
        code=code or adapter,
        name=more.pop("name", adapter.title()),
        adapter=adapter,
        secrets=json.dumps(secrets or {}),
        **more,
    )


def a_threepl(warehouse: Warehouse) -> CarrierAccount:
    """A connection to a warehouse of somebody else's."""
    return an_account(
        "threepl", secrets={"webhook": SECRET}, warehouse=warehouse, options={"url": "https://threepl.example/in"}
    )


def a_shipment(*, ref: str = "1", weight_g: int = 900, country: str = "DE", origin: str = "DE") -> Shipment:
    """A parcel, with what customs want to know when it crosses a border."""
    item = CustomsItem(
        sku="A", description="Cup", hs_code="691110", origin="JP", quantity=1, weight_g=700, value=Money("20.00", "EUR")
    )
    return Shipment(
        ref=ref,
        order_ref="MER-1",
        sender=Address(name="Shop", lines=("Shop", "Street 1", "04103 LEIPZIG"), country=origin, city="Leipzig"),
        receiver=Address(name="Buyer", lines=("Buyer", "Street 2", "10115 BERLIN"), country=country, city="Berlin"),
        parcel=Parcel(weight_g=weight_g),
        customs=None if country == origin else Customs(items=(item,), terms="DDP", scheme="IOSS", scheme_number="IM1"),
    )
