"""Cards and filters as HTML that is remembered: equal values, written for the same reader, are the same words.

Listings show the same products again and again; rendering them is most of what such a page costs.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalog.types import Card, Facet

register = template.Library()
MOST_KEPT = 3000


class _Remembered:
    """The latest pieces of HTML of this process, the ones not asked for longest given up first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, SafeString] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], SafeString]) -> SafeString:
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        made = make()
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made


_remembered = _Remembered()


@register.simple_tag(takes_context=True)
def product_card(context: Context, card: Card, first: bool = False, plain: bool = False) -> SafeString:
    """A product in a grid. See `components/card.html`; a page with cards that add needs `quick_add.html` once."""
    return _shown(context, "components/card.html", {"card": card, "first": first, "plain": plain})


@register.simple_tag(takes_context=True)
def facet_filter(context: Context, facet: Facet, open: bool = False) -> SafeString:  # noqa: A002 (HTML's word)
    """One filter. See `components/facet.html`."""
    return _shown(context, "components/facet.html", {"facet": facet, "open": open})


def _shown(context: Context, name: str, inputs: dict[str, Hashable]) -> SafeString:
    request = getattr(context, "request", None) or context.get("request")
    market = getattr(request, "market", None)
    reader = (get_language(), market.code if market is not None else "")
    return _remembered.get(
        (name, *reader, *inputs.values()), lambda: render_to_string(name, {**inputs, "request": request})
    )
