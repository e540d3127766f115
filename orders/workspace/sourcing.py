"""Why an order leaves from where it does, and what can be done about it, for its page."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import reverse

from inventory.sourcing.decisions import DecisionView, decisions_of
from orders.models import Order

PERMISSION = "split_order"


@dataclass(frozen=True, kw_only=True)
class SourcingPanel:
    """The decision that holds, those before it, and where it can be planned again or overruled."""

    now: DecisionView
    before: tuple[DecisionView, ...]
    may_change: bool
    replan_url: str
    place_url: str
    version: int


def sourcing_panel(order: Order, person: AbstractBaseUser | AnonymousUser) -> SourcingPanel | None:
    """None where no lanes decided."""
    found = decisions_of(order.number)
    if not found:
        return None
    may = bool(person.has_perm(f"orders.{PERMISSION}"))  # type: ignore[union-attr]  # every account can be asked
    return SourcingPanel(
        now=found[0],
        before=found[1:],
        may_change=may and order.is_open,
        replan_url=reverse("admin:workspace_replan", args=[order.number]),
        place_url=reverse("admin:order_place", args=[order.number]),
        version=order.version,
    )
