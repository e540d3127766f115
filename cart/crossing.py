"""Taking a cart to another market: what cannot come along is named before, and kept for later."""

from dataclasses import replace

from django.utils.translation import gettext as _

from cart.actions import set_aside
from cart.models import Cart, Place
from cart.offers import Offer, offers_for
from cart.reach import heaviest_delivery
from cart.types import LeftBehind
from catalog.selling import sellables
from markets.names import country_name
from markets.types import MarketContext


def left_behind(
    cart: Cart | None, *, here: MarketContext, there: MarketContext, country: str
) -> tuple[LeftBehind, ...]:
    """The lines of the cart that cannot be bought in the other market or sent to the country, each with its reason.

    Named in the language that is read `here`. A fixed number of queries; none for a cart without lines.
    """
    lines = list(cart.lines.filter(place=Place.CART).order_by("pk")) if cart is not None else []
    if not lines:
        return ()
    ids = [line.variant_id for line in lines]
    offers = offers_for(
        {line.variant_id: line.quantity for line in lines}, market=replace(there, audiences=here.audiences)
    )
    names = sellables(ids, here.code, here.language)
    limit = heaviest_delivery(there.code, country)
    found = []
    for line in lines:
        reason = _reason(offers.by_variant[line.variant_id], there, country, limit)
        known = names.get(line.variant_id)
        if reason and known is not None:
            found.append(
                LeftBehind(
                    line_id=line.pk,
                    name=known.name,
                    options_text=known.options_text,
                    picture=known.picture,
                    url=known.product_url,
                    quantity=line.quantity,
                    reason=reason,
                )
            )
    return tuple(found)


def cross_over(cart: Cart | None, *, here: MarketContext, there: MarketContext, country: str) -> tuple[LeftBehind, ...]:
    """Keep for later what cannot come along; returns it. Raises `CartGone`."""
    behind = left_behind(cart, here=here, there=there, country=country)
    if cart is not None and behind:
        set_aside(cart_id=cart.pk, line_ids=[one.line_id for one in behind])
    return behind


def _reason(offer: Offer, there: MarketContext, country: str, limit: int) -> str:
    place = country_name(country, there.language)
    if not offer.can_be_sold:
        return _("Not sold in %(country)s.") % {"country": place}
    if offer.available <= 0:
        return _("Out of stock for %(country)s.") % {"country": place}
    known = offer.sellable
    if known is not None and known.requires_shipping and known.weight_g > limit:
        return _("Cannot be sent to %(country)s.") % {"country": place}
    return ""
