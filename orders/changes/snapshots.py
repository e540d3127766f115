"""The order as the quote engine wants it: kept lines at their agreed prices, new ones at those of today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cart.offers import ENDLESS, Offer, Offers, offers_for
from cart.snapshot import Snapshot, SnapshotLine
from cart.taxing import owes_no_tax, restated_units, without_home_tax
from cart.types import QuoteParcel
from catalog.types import Sellable, SetPart
from core.money import Money, from_minor, to_minor
from inventory.models import Warehouse
from inventory.queries import delivery_along
from inventory.sourcing.types import Route
from inventory.types import DeliveryOption
from markets.duty.facts import duty_facts_for
from markets.duty.restricted import blocking_sentence
from markets.duty.types import EU
from markets.landed.types import Buyer
from markets.models import BuyerTaxId
from markets.queries import country_of, market_of_record
from markets.tax.postal import tax_facts_at
from markets.tax.union_sales import union_sales_for
from markets.tax_ids.actions import buyer_fact
from markets.tax_ids.exemptions import exemption_for
from markets.types import MarketContext
from members.groups import audiences_of
from orders.changes.errors import ChangeRefused
from orders.models import Order, OrderLine, OrderLinePart, PriceMode
from orders.sellers import market_of
from orders.types import PostalAddress


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where the goods go, as the tax is asked for."""

    country: str
    region: str
    postal_code: str


def spot_of(order: Order, address: PostalAddress | None) -> Spot:
    """The place of the new address, else of the order's own."""
    if address is not None:
        return Spot(country=address.country, region=address.part("region"), postal_code=address.part("postal_code"))
    stored = order.addresses["ship"]
    parts = stored["parts"]
    return Spot(country=stored["country"], region=parts.get("region", ""), postal_code=parts.get("postal_code", ""))


def agreed_market(order: Order, spot: Spot) -> MarketContext:
    """The order's market with prices entered as they were agreed, so that nothing is restated a second time.

    Raises `ChangeRefused` where an order's prices were made for its destination and that becomes another country.
    """
    market = replace(market_of(order), country=spot.country)
    mode = "gross" if order.price_mode == PriceMode.GROSS else "net"
    follows = market.tax_mode == "net_constant" or market.price_entry != mode
    if follows and spot.country != order.country:
        raise ChangeRefused(
            _("The prices of this order were made for its country. Cancel it, and order again for the other one.")
        )
    tax_mode = market.tax_mode
    if follows:
        tax_mode = "gross_constant" if mode == "gross" else "explicit"
    return replace(market, price_entry=mode, tax_mode=tax_mode)


def buyer_of_order(order: Order, spot: Spot) -> Buyer:
    """The buyer with the number that was frozen on the order, and an exemption that holds."""
    known = buyer_fact(BuyerTaxId.objects.filter(reference=order.number).order_by("pk").first())
    exemption = exemption_for(
        user_id=order.user_id, country=spot.country, region=spot.region, on=order.placed_at.date()
    )
    return replace(known, exemption_document=exemption) if exemption else known


def kept_line(line: OrderLine, quantity: int, offers: Offers, spot: Spot, on: datetime) -> SnapshotLine:
    """A line of the order at the unit price that was agreed."""
    offer = offers.by_variant.get(line.variant_id or 0)
    known = offer.sellable if offer is not None else None
    flags = known.flags if known is not None else frozenset()
    parts = tuple(_set_part(part) for part in line.parts.all())
    return SnapshotLine(
        line_id=line.pk,
        variant_id=line.variant_id or 0,
        product_id=line.product_id_sold or 0,
        quantity=quantity,
        sku=line.sku,
        name=line.name,
        options_text=line.options_text,
        picture=None,
        url=line.product_url,
        weight_g=line.weight_g,
        hs_code=line.hs_code,
        origin=line.origin,
        tax_category=line.tax_category,
        requires_shipping=line.requires_shipping,
        is_sellable=True,
        purchase_limit=None,
        available=ENDLESS,
        unit=line.unit_final,
        was=None,
        seen=None,
        price_source=tuple((str(key), str(value)) for key, value in line.price_source.items()),
        supply="physical" if line.requires_shipping else "virtual",
        parts=parts,
        flags=flags,
        prohibited=_blocked(line.hs_code, flags, spot, on) if line.requires_shipping else "",
    )


def _set_part(part: OrderLinePart) -> SetPart:
    return SetPart(
        variant_id=part.variant_id or 0,
        sku=part.sku,
        name=part.name,
        options_text=part.options_text,
        quantity=part.per_set,
        price_weight=part.price_weight,
        weight_g=part.weight_g,
        hs_code=part.hs_code,
        origin=part.origin,
        tax_category=part.tax_category,
        requires_shipping=part.requires_shipping,
        is_archived=False,
    )


def new_line(line_id: int, variant_id: int, quantity: int, offers: Offers, spot: Spot, on: datetime) -> SnapshotLine:
    """A variant at the shop's price of now. Raises `ChangeRefused` for one that cannot be sold here."""
    offer = offers.by_variant[variant_id]
    known = _sold_now(offer, quantity)
    return SnapshotLine(
        line_id=line_id,
        variant_id=variant_id,
        product_id=known.product_id,
        quantity=quantity,
        sku=known.sku,
        name=known.name,
        options_text=known.options_text,
        picture=known.picture,
        url=known.product_url,
        weight_g=known.weight_g,
        hs_code=_goods_code(known, spot),
        origin=known.origin,
        tax_category=known.tax_category,
        requires_shipping=True,
        is_sellable=True,
        purchase_limit=None,
        available=ENDLESS,
        unit=offer.amount,
        was=None,
        seen=None,
        price_source=_source(offer),
        supply=known.supply,
        parts=known.parts,
        flags=known.flags,
        prohibited=_blocked(_goods_code(known, spot), known.flags, spot, on),
    )


def _sold_now(offer: Offer, quantity: int) -> Sellable:
    """What can be added to an order: sold here, sent in a parcel, there already, and not too many."""
    known = offer.sellable
    if known is None or not offer.can_be_sold:
        raise ChangeRefused(_("One of the new items is not sold in this market."))
    if known.ahead is not None or not known.requires_shipping:
        raise ChangeRefused(
            _("%(item)s cannot be added to a placed order: it is a pre-sale or a download. Order it by itself.")
            % {"item": known.name}
        )
    if offer.limit is not None and quantity > offer.limit:
        raise ChangeRefused(_("%(item)s: fewer can be had in one order.") % {"item": known.name})
    return known


def _goods_code(known: Sellable, spot: Spot) -> str:
    """The destination's own longer code, where somebody has entered it, as the cart takes it."""
    place = country_of(spot.country) if known.local_codes else None
    of_union = known.local_codes.get(EU, "") if place is not None and place.in_eu_customs_union else ""
    return known.local_codes.get(spot.country, "") or of_union or known.hs_code


def _source(offer: Offer) -> tuple[tuple[str, str], ...]:
    price = offer.price
    return (("price_list", str(price.price_list_id)), ("kind", price.kind)) if price is not None else ()


def _blocked(hs_code: str, flags: frozenset[str], spot: Spot, on: datetime) -> str:
    return blocking_sentence(country=spot.country, hs_code=hs_code, flags=flags, on=on.date())


def offers_of(order: Order, variant_ids: Mapping[int, int], market: MarketContext) -> Offers:
    """What the shop says now of the variants of a change."""
    record = market_of_record(order.market, language=order.language)
    own = replace(record, country=market.country, audiences=audiences_of(order.user_id))
    return offers_for(variant_ids, market=own)


def snapshot_of(
    order: Order, market: MarketContext, spot: Spot, rows: Sequence[SnapshotLine], parcels: Sequence[QuoteParcel]
) -> Snapshot:
    """Taxes and duty as they were on the day of the order: it is one contract, taxed by one day."""
    day = order.placed_at.date()
    facts = tax_facts_at(day, country=spot.country, region=spot.region, postal_code=spot.postal_code)
    buyer = buyer_of_order(order, spot)
    sales = None
    if not buyer.is_business:
        starts = frozenset(parcel.country for parcel in parcels)
        sales = union_sales_for(seller=market.seller, starts=starts, country=spot.country, on=day, facts=facts)
    return Snapshot(
        market=market,
        country=spot.country,
        region=spot.region,
        postal_code=spot.postal_code,
        lines=tuple(rows),
        parcels=tuple(parcels),
        delivery_options=(),
        delivery_code=order.delivery_code,
        tax_facts=facts,
        duty_facts=duty_facts_for(day),
        duty_wish="later" if order.landed.get("payer") == "buyer_later" else "now",
        buyer=buyer,
        eu_sales_this_year=sales.this_year if sales else None,
        eu_sales_last_year=sales.last_year if sales else None,
        now=order.placed_at,
    )


def as_entered(snapshot: Snapshot, order: Order, minor: Money, category: str) -> Money:
    """An amount of today's tables as the order's prices are meant: without tax for a buyer who owes none."""
    own = replace(snapshot, market=market_of_record(order.market, language=order.language))
    if own.market.price_entry == snapshot.market.price_entry or not owes_no_tax(own):
        return minor
    return from_minor(without_home_tax(own, to_minor(minor), category), order.currency)


def at_destination(snapshot: Snapshot, order: Order, rows: Sequence[SnapshotLine]) -> tuple[SnapshotLine, ...]:
    """New lines at the price of their destination, where the market keeps the price without tax constant."""
    market = replace(market_of_record(order.market, language=order.language), country=snapshot.country)
    units = restated_units(replace(snapshot, market=market, lines=tuple(rows)))
    return tuple(
        replace(row, unit=from_minor(units[row.key], order.currency)) if row.key in units else row for row in rows
    )


def deliveries(
    order: Order, spot: Spot, *, weight_g: int, goods: Money, houses: Sequence[Warehouse]
) -> tuple[DeliveryOption, ...]:
    """The ways to send this now, at today's prices and days."""
    route = Route(market_code=order.market, country=spot.country, region=spot.region, postal_code=spot.postal_code)
    return delivery_along(houses, route, weight_g=weight_g, goods=goods, on=timezone.now())
