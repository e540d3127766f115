"""Telling customers of their parcels beyond the parcel's own steps. Called from reactions only."""

from datetime import date

from markets.formatting import format_date
from markets.types import MarketContext
from orders.models import ExceptionKind, Fulfillment, Order, Package, ParcelException
from orders.notifications import tell_order
from orders.steps import STEPS, Facts

WAITS = frozenset({ExceptionKind.FAILED, ExceptionKind.UNCOLLECTED, ExceptionKind.ADDRESS})
"""Troubles a customer can end by being there."""


def tell_eta(*, number: str, fulfillment_id: int, day: date) -> None:
    """The new day, as long as it still is the one that is expected."""
    package = Package.objects.filter(fulfillment_id=fulfillment_id, told_eta=day).order_by("-pk").first()
    if package is None or package.fulfillment.delivered_at is not None:
        return

    def words(order: Order, market: MarketContext) -> dict[str, object]:
        facts = _facts(order, package, day=format_date(day, market.language, market.home_country))
        return STEPS["parcel_eta"](facts).context()

    tell_order(number, "parcel_eta", f"parcel_eta:{package.pk}:{day.isoformat()}", words)


def tell_waits(*, exception_id: int) -> None:
    """That nobody was there, or that it waits; nothing when that is over."""
    row = ParcelException.objects.select_related("order", "package").get(pk=exception_id)
    package = row.package
    if row.kind not in WAITS or not row.is_open or package is None:
        return

    def words(order: Order, _market: MarketContext) -> dict[str, object]:
        return STEPS["parcel_waits"](_facts(order, package)).context()

    tell_order(row.order.number, "parcel_waits", f"parcel_waits:{row.pk}", words)


def step_of_trouble(parcel: Fulfillment) -> str:
    """Which message says what is wrong with a parcel; empty when one of its own says it, or nothing is wrong."""
    kinds = set(parcel.exceptions.filter(resolved_at=None).values_list("kind", flat=True))
    if kinds & WAITS:
        return ""
    return "parcel_came_back" if ExceptionKind.RETURNING in kinds else "parcel_delayed"


def _facts(order: Order, package: Package, *, day: str = "") -> Facts:
    parcel: Fulfillment = package.fulfillment
    rows = parcel.lines.select_related("order_line").order_by("order_line__position")
    return Facts(
        number=order.number,
        day=day,
        carrier=package.carrier,
        tracking_no=package.tracking_no,
        link_url=package.tracking_url,
        goods=[f"{row.quantity} × {row.order_line.name}" for row in rows],
    )
