"""By which way the buyer of an order came, for its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orders.models import Order, OrderOrigin
from orders.origins import Touch, read_touch


@dataclass(frozen=True, kw_only=True)
class TouchView:
    """One way in: what it was, when, and what is known of it as names and words."""

    title: str
    at: datetime
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class OriginPanel:
    """What the order is found by, all orders that share it, and the ways in: one, or the first and the last."""

    label: str
    orders_url: str
    touches: tuple[TouchView, ...]


def origin_panel(order: Order) -> OriginPanel | None:
    """None where nothing is known. No query for an order that was read with its origin."""
    try:
        origin = order.origin
    except OrderOrigin.DoesNotExist:
        return None
    first, last = read_touch(origin.first), read_touch(origin.last)
    touches = [_view(last, _("Came by") if first == last else _("Came last by"))]
    if first != last:
        touches.insert(0, _view(first, _("Came first by")))
    query = urlencode({"view": "all", "source": order.source})
    return OriginPanel(
        label=order.source,
        orders_url=f"{reverse('admin:workspace_list')}?{query}" if order.source else "",
        touches=tuple(touches),
    )


def _view(touch: Touch, title: str) -> TouchView:
    names: Mapping[str, str] = {
        "campaign": _("Campaign"),
        "source": pgettext("of a campaign", "Source"),
        "medium": pgettext("of a campaign", "Medium"),
        "term": pgettext("of a campaign", "Search words"),
        "content": pgettext("of a campaign", "Which link"),
        "referrer": _("Link on"),
        "landing": _("First page"),
    }
    facts = [(name, str(getattr(touch, key))) for key, name in names.items() if getattr(touch, key)]
    return TouchView(title=title, at=touch.at, facts=(*facts, *touch.clicks.items()))
