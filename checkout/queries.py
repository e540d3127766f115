"""Reads of checkouts."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cart.models import Cart
from checkout.entry import Entry, entry_from
from checkout.models import Checkout, CheckoutState
from markets.models import LegalEntity
from markets.types import MarketContext
from members.address_book import addresses_of, parts_of
from members.models import Address

JUST_NOW = timedelta(hours=2)
"""How long going back to the checkout leads to the order it became."""


def first_entry(*, cart: Cart, user_id: int | None, email: str, market: MarketContext) -> Entry:
    """What the form shows first: what was typed before, else the account's address, else the cart's destination.

    `email` is the account's, empty for guests.
    """
    checkout = Checkout.objects.filter(cart=cart, state=CheckoutState.OPEN).first()
    if checkout is not None:
        kept = entry_from(
            checkout.addresses,
            email=checkout.email,
            delivery=checkout.delivery_code,
            payment=checkout.payment_method,
            market=market,
        )
        return Entry(**{**vars(kept), "form_key": checkout.pk, "credit": checkout.credit})
    saved = next(iter(addresses_of(user_id)), None)
    country = saved.country if saved is not None else cart.country
    here = country if country in market.countries else market.country
    return Entry(
        email=email,
        country=here,
        ship=_parts(saved, here, cart),
        bill_country=here,
        delivery=cart.delivery_code,
        credit={},
    )


def placed_from(*, cart_id: UUID | None, form_key: UUID | None, user_id: int | None) -> Checkout | None:
    """The checkout that this browser's cart, form or account has just completed, if any."""
    mine = Q()
    if form_key is not None:
        mine |= Q(pk=form_key)
    if cart_id is not None:
        mine |= Q(cart_id=cart_id)
    if not mine:
        return None
    found = Checkout.objects.filter(
        mine,
        Q(user_id=user_id) | Q(user__isnull=True),
        state=CheckoutState.PLACED,
        placed_at__gt=timezone.now() - JUST_NOW,
    )
    return found.order_by("-placed_at").first()


def placed_checkout(checkout_id: UUID) -> Checkout | None:
    """The completed checkout with this id."""
    return Checkout.objects.filter(pk=checkout_id, state=CheckoutState.PLACED).first()


def seller_name(market: MarketContext) -> str:
    """Who sells: the legal entity behind the market, as it signs."""
    return LegalEntity.objects.filter(code=market.seller).values_list("name", flat=True).first() or ""


def _parts(saved: Address | None, country: str, cart: Cart) -> dict[str, str]:
    if saved is not None and saved.country == country:
        return parts_of(saved)
    return {"postal_code": cart.postal_code} if cart.postal_code else {}
