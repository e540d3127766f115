"""Reads of carts: the quote and the pages made of it, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, Sum
from django.utils import timezone

from cart import words
from cart.border import wanted_payer
from cart.components import taxed_of
from cart.contents import contents_of
from cart.models import Cart, CartLine, CartState, Place
from cart.offers import Offer, Offers, offers_for
from cart.quote import build_quote, goods_value
from cart.reach import heaviest_delivery
from cart.snapshot import Snapshot, SnapshotLine
from cart.sourcing import Sourced, deliveries, sourced
from cart.types import CartBadge, CartDrawer, CartPage, CartProblem, CartUrls, ParcelItem, Quote, QuoteParcel, SavedLine
from catalog.types import PricedVariant, Sellable, SetPart
from core.money import Money, from_minor
from inventory.dates import morning_of
from inventory.models import Warehouse
from inventory.planning import Take
from inventory.queries import parcels_of
from inventory.sourcing.types import Route
from inventory.types import DeliveryOption
from markets.duty.facts import duty_facts_for
from markets.duty.restricted import blocking_sentence
from markets.duty.types import EU
from markets.landed import Buyer
from markets.names import country_name
from markets.queries import country_of
from markets.tax.postal import tax_facts_at
from markets.tax.union_sales import union_sales_for
from markets.types import CountryChoice, MarketContext
from markets.urls import storefront_url

KEPT_FOR = timedelta(days=60)
"""How long an untouched guest cart lives."""


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where the goods go and how. Empty parts are filled from the cart, then from the market."""

    country: str = ""
    region: str = ""
    postal_code: str = ""
    delivery_code: str = ""
    duty_wish: str = ""
    buyer: Buyer = field(default_factory=Buyer)


def open_cart_of(*, cart_id: UUID | None, user_id: int | None) -> Cart | None:
    """The open cart of a member, or the guest's by its id; none when it is closed or too old."""
    if user_id is not None:
        mine = Cart.objects.filter(user_id=user_id, state=CartState.OPEN).first()
        if mine is not None or cart_id is None:
            return mine
    if cart_id is None:
        return None
    return Cart.objects.filter(
        Q(pk=cart_id) | Q(follows_id=cart_id),
        user__isnull=True,
        state=CartState.OPEN,
        touched_at__gt=timezone.now() - KEPT_FOR,
    ).first()


def cart_has_expired(*, cart_id: UUID) -> bool:
    """Whether the guest held a cart that lay untouched for too long (an ordered one has not expired)."""
    return Cart.objects.filter(
        pk=cart_id, state__in=[CartState.OPEN, CartState.ABANDONED], touched_at__lte=timezone.now() - KEPT_FOR
    ).exists()


def quote_for_cart(*, cart: Cart | None, market: MarketContext, destination: Destination | None = None) -> Quote:
    """The quote of a cart as it stands now; of no cart, an empty one."""
    lines = _lines(cart)
    return _quote(cart, [line for line in lines if line.place == Place.CART], market, destination)


def cart_page(*, cart: Cart | None, market: MarketContext, notices: Sequence[CartProblem] = ()) -> CartPage:
    """The cart page, whole."""
    lines = _lines(cart)
    offers = offers_for({line.variant_id: line.quantity for line in lines}, market=market)
    quote = _quote(cart, [line for line in lines if line.place == Place.CART], market, None, offers)
    said = _said_on_lines(quote, notices)
    return CartPage(
        quote=said,
        saved=tuple(_saved(line, offers.by_variant[line.variant_id]) for line in lines if line.place == Place.LATER),
        countries=_countries(market, quote.country),
        postal_code=quote.postal_code,
        notices=tuple(one for one in notices if one.line_id not in {line.line_id for line in said.lines}),
        parcel_sentence=words.parcel_sentence(quote),
        contents=contents_of(quote),
        tax_sentence=words.tax_sentence(quote, market),
        duty_sentence=words.duty_sentence_of(quote, market),
        later_rows=words.later_rows(quote.border),
        urls=cart_urls(market),
    )


def cart_drawer(
    *, cart: Cart | None, market: MarketContext, added_line_id: int | None, notices: Sequence[CartProblem] = ()
) -> CartDrawer:
    """The dialog after adding."""
    quote = quote_for_cart(cart=cart, market=market)
    added = next((line for line in quote.lines if line.line_id == added_line_id), None)
    return CartDrawer(added=added, quote=quote, notices=tuple(notices), urls=cart_urls(market))


def cart_badge(*, cart_id: UUID | None, user_id: int | None, market: MarketContext) -> CartBadge:
    """How many items are in the cart. One query."""
    lines = CartLine.objects.filter(place=Place.CART, cart__state=CartState.OPEN)
    if user_id is not None:
        lines = lines.filter(cart__user_id=user_id)
    elif cart_id is not None:
        lines = lines.filter(cart_id=cart_id, cart__user__isnull=True)
    else:
        lines = lines.none()
    count = lines.aggregate(count=Sum("quantity"))["count"] or 0
    return CartBadge(count=count, url=_url("cart:page", market))


def cart_urls(market: MarketContext) -> CartUrls:
    """Where the forms of the cart go, in this market and language."""
    return CartUrls(
        page=_url("cart:page", market),
        update=_url("cart:update", market),
        remove=_url("cart:remove", market),
        save=_url("cart:save", market),
        restore=_url("cart:restore", market),
        destination=_url("cart:destination", market),
        checkout=_url("checkout:page", market),
        shop=market.url_prefix,
    )


def _url(name: str, market: MarketContext) -> str:
    return storefront_url(name, market=market.code, language=market.language)


def _lines(cart: Cart | None) -> list[CartLine]:
    return list(cart.lines.order_by("pk")) if cart is not None else []


def _quote(
    cart: Cart | None,
    lines: Sequence[CartLine],
    market: MarketContext,
    destination: Destination | None,
    offers: Offers | None = None,
) -> Quote:
    wanted = destination or Destination()
    offers = offers or offers_for({line.variant_id: line.quantity for line in lines}, market=market)
    country = wanted.country or _country_of(cart, market)
    now = timezone.now()
    known = [_snapshot_line(line, offers.by_variant[line.variant_id], country) for line in lines]
    postal_code = wanted.postal_code or (cart.postal_code if cart else "")
    delivery_code = wanted.delivery_code or (cart.delivery_code if cart else "")
    duty_wish = wanted.duty_wish or (cart.duty_wish if cart else "")
    route = Route(
        market_code=market.code,
        country=country,
        region=wanted.region,
        postal_code=postal_code,
        method_code=delivery_code,
        prepays_duty=wanted_payer(market.duty_mode, duty_wish) != "buyer_later",
    )
    found = sourced([_as_allowed(line, country, now.date()) for line in known], offers, route, now=now)
    snapshot = Snapshot(
        market=market,
        country=country,
        region=wanted.region,
        postal_code=postal_code,
        lines=found.rows,
        parcels=_parcels(found.rows, found.takes, found.places),
        delivery_options=(),
        delivery_code=delivery_code,
        tax_facts=tax_facts_at(now.date(), country=country, region=wanted.region, postal_code=postal_code),
        duty_facts=duty_facts_for(now.date()),
        duty_wish=duty_wish,
        buyer=wanted.buyer,
        now=now,
    )
    asked = _with_union_sales(snapshot)
    ready = _with_delivery(asked, found)
    if {parcel.country for parcel in ready.parcels} != {parcel.country for parcel in asked.parcels}:
        ready = _with_union_sales(ready)
    return build_quote(ready)


def _with_union_sales(snapshot: Snapshot) -> Snapshot:
    """With what the seller sold to other member states, where that decides which country's tax a consumer pays."""
    if snapshot.buyer.is_business:
        return snapshot
    sales = union_sales_for(
        seller=snapshot.market.seller,
        starts=frozenset(parcel.country for parcel in snapshot.parcels),
        country=snapshot.country,
        on=snapshot.now.date(),
        facts=snapshot.tax_facts,
        has_services=any(one.supply == "digital" for line in snapshot.lines for one in taxed_of(line)),
    )
    if sales is None:
        return snapshot
    return replace(
        snapshot,
        eu_sales_this_year=sales.this_year,
        eu_sales_last_year=sales.last_year,
        eu_sales_known=sales.is_known,
    )


def _country_of(cart: Cart | None, market: MarketContext) -> str:
    if cart is not None and cart.country in market.countries:
        return cart.country
    return market.country


def _with_delivery(snapshot: Snapshot, sourced_by: Sourced) -> Snapshot:
    """The deliveries counted from now; from the first day of the pre-sale when nothing leaves before.

    The parcels are those of the delivery that is chosen: another one may leave from elsewhere.
    """
    if not snapshot.parcels:
        return snapshot
    goods = from_minor(goods_value(snapshot), snapshot.market.currency)

    def options(on: datetime) -> tuple[DeliveryOption, ...]:
        return deliveries(sourced_by, snapshot, goods=goods, on=on)

    days = sorted({parcel.not_before for parcel in snapshot.parcels if parcel.not_before is not None})
    later = tuple((day, options(max(morning_of(day), snapshot.now))) for day in days)
    leaves_now = any(parcel.not_before is None for parcel in snapshot.parcels)
    found = options(snapshot.now) if leaves_now else later[0][1]
    limit = 0 if found else heaviest_delivery(snapshot.market.code, snapshot.country)
    whole = replace(snapshot, delivery_options=found, delivery_limit_g=limit, later=later)
    codes = [option.code for option in found]
    if sourced_by.plans is None or not codes:
        return whole
    takes = sourced_by.by(snapshot.delivery_code if snapshot.delivery_code in codes else codes[0])
    return replace(whole, parcels=_parcels(snapshot.lines, takes, sourced_by.places))


def _snapshot_line(line: CartLine, offer: Offer, country: str) -> SnapshotLine:
    known, price = offer.sellable, offer.price
    return SnapshotLine(
        line_id=line.pk,
        variant_id=line.variant_id,
        product_id=known.product_id if known else 0,
        quantity=line.quantity,
        sku=known.sku if known else "",
        name=known.name if known else "",
        options_text=known.options_text if known else "",
        picture=known.picture if known else None,
        url=known.product_url if known else "",
        weight_g=known.weight_g if known else 0,
        hs_code=_goods_code(known, country) if known else "",
        origin=known.origin if known else "",
        tax_category=known.tax_category if known else "",
        requires_shipping=known.requires_shipping if known else True,
        is_sellable=offer.can_be_sold,
        purchase_limit=offer.limit,
        available=offer.available,
        unit=offer.amount,
        was=_former(offer),
        seen=line.seen,
        price_source=_source(price) if price else (),
        supply=known.supply if known else "physical",
        parts=tuple(replace(part, hs_code=_goods_code(part, country)) for part in known.parts) if known else (),
        ahead=known.ahead if known else None,
        flags=known.flags if known else frozenset(),
    )


def _source(price: PricedVariant) -> tuple[tuple[str, str], ...]:
    source = (("price_list", str(price.price_list_id)), ("kind", price.kind))
    return (*source, ("min_qty", str(price.min_qty))) if price.min_qty > 1 else source


def _goods_code(known: Sellable | SetPart, country: str) -> str:
    """The destination's own longer code, where somebody has entered it."""
    place = country_of(country) if known.local_codes else None
    of_union = known.local_codes.get(EU, "") if place is not None and place.in_eu_customs_union else ""
    return known.local_codes.get(country, "") or of_union or known.hs_code


def _as_allowed(line: SnapshotLine, country: str, on: date) -> SnapshotLine:
    """The line with what its destination forbids, of a set also in its components. Nothing that needs no parcel is
    forbidden by customs."""
    if not line.requires_shipping:
        return line
    codes = dict.fromkeys([line.hs_code, *(part.hs_code for part in line.parts if part.requires_shipping)])
    found = (blocking_sentence(country=country, hs_code=code, flags=line.flags, on=on) for code in codes)
    sentence = next((one for one in found if one), "")
    return replace(line, prohibited=sentence) if sentence else line


def _parcels(
    rows: Sequence[SnapshotLine], takes: Sequence[Take], places: Mapping[str, Warehouse]
) -> tuple[QuoteParcel, ...]:
    """One per warehouse and day: what is on pre-sale waits for its day, the rest does not wait for it."""
    weights = {row.variant_id: row.weight_g for row in rows}
    weights |= {part.variant_id: part.weight_g for row in rows for part in row.parts}
    days = {row.key: row.ahead.release_on for row in rows if row.ahead is not None}
    by_day: dict[date | None, list[Take]] = {}
    for take in takes:
        by_day.setdefault(days.get(take.unit_ref or take.line_ref), []).append(take)
    return tuple(
        QuoteParcel(
            warehouse_code=plan.warehouse_code,
            warehouse_name=plan.warehouse_name,
            city=plan.city,
            country=plan.country,
            items=tuple(ParcelItem(key=line.line_ref, quantity=line.quantity) for line in plan.lines),
            weight_g=plan.weight_g,
            not_before=day,
        )
        for day in sorted(by_day, key=lambda one: one or date.min)
        for plan in parcels_of(by_day[day], places=places, weights=weights)
    )


def _said_on_lines(quote: Quote, notices: Sequence[CartProblem]) -> Quote:
    """What was answered to a change of a line is said on that line, once."""
    lines = tuple(
        replace(
            line,
            problems=(
                *(one for one in notices if one.line_id == line.line_id),
                *(
                    one
                    for one in line.problems
                    if one.code not in {n.code for n in notices if n.line_id == line.line_id}
                ),
            ),
        )
        for line in quote.lines
    )
    return replace(quote, lines=lines)


def _saved(line: CartLine, offer: Offer) -> SavedLine:
    known = offer.sellable
    return SavedLine(
        line_id=line.pk,
        variant_id=line.variant_id,
        name=known.name if known else "",
        options_text=known.options_text if known else "",
        picture=known.picture if known else None,
        url=known.product_url if known else "",
        quantity=line.quantity,
        price=offer.amount,
        is_sellable=offer.can_be_sold and offer.available > 0,
    )


def _countries(market: MarketContext, chosen: str) -> tuple[CountryChoice, ...]:
    return tuple(
        CountryChoice(code=code, name=country_name(code, market.language), market=market.code, current=code == chosen)
        for code in market.countries
    )


def _former(offer: Offer) -> Money | None:
    """The price a reduction is measured against by law: the lowest of the 30 days before it."""
    price = offer.price
    if price is None or price.prior_low is None or price.prior_low <= price.amount:
        return None
    return price.prior_low
