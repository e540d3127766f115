"""The price-shock guard: a checkout much dearer than its cart says why to the shopper, and tells the shop.

The cart's estimate is what the cart shows for its own destination. Duty and tax that only a full address reveals are
the usual reasons; a shop that hears of them often should show them earlier.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from cart.models import Cart
from cart.queries import quote_for_cart
from cart.types import Quote
from checkout.events import CheckoutDearer
from checkout.models import Checkout, CheckoutState
from checkout.shown import causes, shown_of
from checkout.types import Note
from core.events import publish
from core.money import Money, to_minor
from markets.formatting import format_money
from markets.types import MarketContext

HUNDRED = 100
TOLD = "dearer_by"


@dataclass(frozen=True, kw_only=True)
class Shock:
    """How much dearer a checkout is than its cart, in whole percents, and what did it."""

    estimate: Money
    total: Money
    percent: int
    causes: tuple[str, ...]


def price_shock(cart: Cart, quote: Quote, market: MarketContext) -> Shock | None:
    """The difference to the cart's estimate where it is above the market's limit; none otherwise.

    Asks for the cart's own quote only where the checkout goes elsewhere than the cart thought.
    """
    same_country = quote.country == (cart.country or market.country)
    depends_on_address = quote.border.crosses or not quote.tax_included
    if same_country and (not depends_on_address or quote.postal_code == cart.postal_code):
        return None
    estimate = quote_for_cart(cart=cart, market=market)
    before, now = to_minor(estimate.total), to_minor(quote.total)
    if not before or estimate.currency != quote.currency or now <= before:
        return None
    percent = (now - before) * HUNDRED // before
    if percent <= market.price_shock_percent:
        return None
    found = causes(shown_of(estimate), quote, market)
    return Shock(estimate=estimate.total, total=quote.total, percent=percent, causes=found)


def shock_note(shock: Shock, market: MarketContext) -> Note:
    """What the shopper reads."""
    return Note(
        tone="warn",
        title=_("The total is higher than in your cart: %(now)s instead of %(before)s.")
        % {"now": format_money(shock.total, market), "before": format_money(shock.estimate, market)},
        text=_("This is why:"),
        details=shock.causes,
    )


def report_shock(cart: Cart, shock: Shock, market: MarketContext) -> None:
    """Tell the shop, once for each size of the difference in a checkout."""
    with transaction.atomic():
        checkout = Checkout.objects.lock().filter(cart=cart, state=CheckoutState.OPEN).first()
        if checkout is None or checkout.quote_summary.get(TOLD) == shock.percent:
            return
        checkout.quote_summary = {**checkout.quote_summary, TOLD: shock.percent}
        checkout.save(update_fields=["quote_summary", "updated"])
        publish(
            CheckoutDearer(
                checkout=checkout.pk,
                market=market.code,
                estimate=shock.estimate,
                total=shock.total,
                percent=shock.percent,
            )
        )


def guard(cart: Cart, quote: Quote, market: MarketContext) -> tuple[Note, ...]:
    """The note for the page, and the word to the shop; nothing while the checkout costs what the cart said."""
    shock = price_shock(cart, quote, market)
    if shock is None:
        return ()
    report_shock(cart, shock, market)
    return (shock_note(shock, market),)
