"""Changes on one order's page: what this operator may do, what was done, and the orders it is related to."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orders.models import ChangeState, LinkKind, Order, OrderChange, OrderLink

MOST = 10
Person = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, kw_only=True)
class PanelLink:
    """A screen that can be opened, or an order."""

    label: str
    url: str
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangesPanel:
    """The whole panel."""

    links: tuple[PanelLink, ...]
    related: tuple[PanelLink, ...]
    done: tuple[OrderChange, ...]
    waiting: OrderChange | None


def changes_panel(order: Order, person: Person) -> ChangesPanel:
    """Two queries."""
    done = tuple(order.changes.order_by("-pk")[:MOST])
    rows = OrderLink.objects.filter(Q(source=order) | Q(target=order)).select_related("source", "target")
    return ChangesPanel(
        links=_links(order, person),
        related=tuple(_related(order, row) for row in rows.order_by("pk")),
        done=tuple(one for one in done if one.state != ChangeState.REQUESTED),
        waiting=next((one for one in done if one.state == ChangeState.REQUESTED), None),
    )


def _links(order: Order, person: Person) -> tuple[PanelLink, ...]:
    def may(name: str) -> bool:
        return bool(person.has_perm(f"orders.{name}_order"))  # type: ignore[union-attr]  # every account can be asked

    may_return = bool(person.has_perm("orders.decide_return"))  # type: ignore[union-attr]  # the same
    offered = (
        ("order_change", _("Change items, address or delivery"), may("edit") and order.is_open),
        ("order_cancel_part", _("Cancel a part"), may("cancel") and order.is_open),
        ("order_split", _("Split into two orders"), may("split") and order.is_open),
        ("order_place", _("Send from another warehouse"), may("split") and order.is_open),
        ("order_merge", _("Merge with another order"), may("split") and order.is_open),
        ("order_again", _("Send goods again"), may("reship") and order.fulfillment_state in SENT),
        ("order_exchange", _("Exchange goods"), may_return and order.fulfillment_state in SENT),
    )
    return tuple(
        PanelLink(label=label, url=reverse(f"admin:{name}", args=[order.number]))
        for name, label, is_shown in offered
        if is_shown
    )


SENT = frozenset({"partly_shipped", "shipped", "partly_delivered", "delivered"})


def _related(order: Order, row: OrderLink) -> PanelLink:
    is_source = row.source_id == order.pk
    words = {
        (LinkKind.SPLIT_FROM, True): pgettext("related order", "Split from"),
        (LinkKind.SPLIT_FROM, False): pgettext("related order", "Split into"),
        (LinkKind.MERGED_INTO, True): pgettext("related order", "Merged into"),
        (LinkKind.MERGED_INTO, False): pgettext("related order", "Merged from"),
        (LinkKind.EXCHANGE_OF, True): pgettext("related order", "In exchange for"),
        (LinkKind.EXCHANGE_OF, False): pgettext("related order", "Exchanged for"),
        (LinkKind.RESHIP_OF, True): pgettext("related order", "Sent again for"),
        (LinkKind.RESHIP_OF, False): pgettext("related order", "Sent again as"),
    }
    other = row.target if is_source else row.source
    return PanelLink(
        label=words[LinkKind(row.kind), is_source],
        url=reverse("admin:workspace_order", args=[other.number]),
        number=other.number,
    )
