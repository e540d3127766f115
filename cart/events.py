"""What carts announce."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class CartChanged(Event):
    """Something was put in, taken out or changed in number."""

    cart_id: UUID
    variant_id: int
    quantity: int
