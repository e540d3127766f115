"""Names of deliveries and warehouses on the translation desk."""

from catalog.translating.registry import Manners, register
from inventory.models import Channel, DeliveryMethod, Warehouse
from markets.cache import forget_on_commit


def register_inventory() -> None:
    """Called once, when the app is made ready."""
    register(
        DeliveryMethod,
        manners=Manners(
            label=lambda method: f"{method.name} ({method.market.code})",
            joins=("market",),
            follow=lambda _row: forget_on_commit(),
        ),
    )
    register(Channel, manners=Manners(follow=lambda _row: forget_on_commit()))
    register(Warehouse, manners=Manners(follow=lambda _row: forget_on_commit()))
