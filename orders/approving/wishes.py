"""What is asked for, as a value and as JSON. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from core.money import Money
from orders.types import DeliveryWish, RefundTo, RefundWish


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The answers of a refund's form. Of a cancellation only the reason counts, which is kept beside it."""

    lines: tuple[RefundWish, ...] = ()
    shipping: DeliveryWish = False
    to: RefundTo = "methods"
    warehouse: str = ""
    return_number: str = ""


def as_json(wish: Wish) -> dict[str, Any]:
    """For storing."""
    return {
        "lines": [[line.line_id, line.quantity, line.part_id] for line in wish.lines],
        "shipping": _shipping_json(wish.shipping),
        "to": wish.to,
        "warehouse": wish.warehouse,
        "return": wish.return_number,
    }


def read_wish(stored: Mapping[str, Any]) -> Wish:
    """Back from storing."""
    return Wish(
        lines=tuple(
            RefundWish(line_id=line_id, quantity=quantity, part_id=part_id)
            for line_id, quantity, part_id in stored["lines"]
        ),
        shipping=_shipping(stored["shipping"]),
        to=cast(RefundTo, stored["to"]),
        warehouse=str(stored["warehouse"]),
        return_number=str(stored["return"]),
    )


def _shipping_json(shipping: DeliveryWish) -> bool | list[str]:
    if isinstance(shipping, bool):
        return shipping
    return [str(shipping.amount), shipping.currency.code]


def _shipping(stored: bool | list[str]) -> DeliveryWish:
    if isinstance(stored, bool):
        return stored
    amount, currency = stored
    return Money(Decimal(amount), currency)
