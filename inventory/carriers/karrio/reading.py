"""karrio's answers as our values. Pure."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from core.money import Money, round_half_up
from inventory.carriers.types import Access, Label, Rate
from inventory.errors import CarrierRefused

ZPL = "ZPL"


def rates_of(found: Any) -> tuple[Rate, ...]:
    """Its rates, cheapest first."""
    rates = [
        Rate(
            service=str(one.service),
            name=str((one.meta or {}).get("service_name") or one.service),
            cost=_money(one.total_charge, one.currency),
            days_min=one.transit_days,
            days_max=one.transit_days,
            ref=str(one.service),
        )
        for one in found or []
        if one.total_charge is not None and one.currency
    ]
    return tuple(sorted(rates, key=lambda rate: rate.cost.amount))


def label_of(made: Any, *, access: Access, service: str, decode: Callable[[str], bytes]) -> Label:
    """Its label. Raises `CarrierRefused` when a shipment was made without one."""
    written = getattr(made.docs, "label", None) if made and made.docs else None
    if not written or not made.tracking_number:
        raise CarrierRefused("no label came back")
    kind = str(made.label_type or access.label_format).upper()
    charged = made.selected_rate
    return Label(
        content=decode(written),
        format="zpl" if ZPL in kind else "pdf",
        tracking_no=str(made.tracking_number),
        carrier=access.name,
        service=service,
        ref=str(made.shipment_identifier or made.tracking_number),
        tracking_url=str((made.meta or {}).get("carrier_tracking_link") or ""),
        cost=_money(charged.total_charge, charged.currency) if charged and charged.currency else None,
    )


def _money(amount: Any, currency: str) -> Money:
    return round_half_up(Decimal(str(amount)), currency)
