"""What a price contains, in amounts that add up to it exactly. Read off the quote; nothing is computed anew."""

from dataclasses import replace
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from cart.quote import build_quote
from cart.snapshot import Snapshot, SnapshotLine
from cart.sourcing import route_of_piece
from cart.types import ParcelItem, Quote, QuoteParcel, TicketRow
from catalog.cache import remembered
from catalog.models import Variant
from catalog.sets import parts_of
from core.money import Money, from_minor, to_minor, zero
from inventory.queries import place_towards
from markets.customs import crosses_customs
from markets.duty.facts import duty_facts_for
from markets.tax import tax_facts_for
from markets.types import MarketContext

BORNE_BY_US = "ddp"


def contents_of(quote: Quote) -> tuple[TicketRow, ...]:
    """Goods, delivery, each tax and import duty as parts of the total; empty while a tax of it is not known.

    Taxes inside the prices are taken out of goods and delivery, so every part is named once and the parts sum to
    the total. Duty the seller bears is a part of nothing: it is said, with a zero.
    """
    if not quote.tax_lines:
        return ()
    inside = {
        owner: sum(to_minor(tax.amount) for tax in quote.tax_lines if tax.included and tax.owner == owner)
        for owner in ("line", "shipping", "fee", "duty")
    }

    def less_tax(amount: Money, owner: str) -> Money:
        return from_minor(to_minor(amount) - inside[owner], quote.currency)

    rows = [TicketRow(label=_("Goods without tax"), amount=less_tax(quote.items_total - quote.discount_total, "line"))]
    if quote.delivery is not None:
        rows.append(TicketRow(label=_("Delivery without tax"), amount=less_tax(quote.shipping_total, "shipping")))
    if to_minor(quote.fee_total):
        rows.append(TicketRow(label=_("Fees without tax"), amount=less_tax(quote.fee_total, "fee")))
    rows += [TicketRow(label=row.label, amount=row.amount) for row in quote.tax_rows]
    rows += _duty(quote, less_tax(quote.duty_added, "duty"))
    return (*rows, TicketRow(label=_("Total"), amount=quote.total, kind="total"))


def contents_of_unit(*, variant_id: int | None, unit: Money, market: MarketContext) -> tuple[TicketRow, ...]:
    """The same for one piece as a product page prices it, without delivery; empty when it cannot be said."""
    if variant_id is None or unit.currency.code != market.currency:
        return ()
    key = ("cart.contents", market.code, market.language, market.country, timezone.now().date())
    return remembered((*key, variant_id, to_minor(unit)), partial(_unit_contents, variant_id, unit, market))


def _unit_contents(variant_id: int, unit: Money, market: MarketContext) -> tuple[TicketRow, ...]:
    category = Variant.objects.filter(pk=variant_id).values_list("product__tax_category_id", flat=True).first()
    parts = parts_of([variant_id], market.language).get(variant_id, ())
    place = place_towards(variant_id, route_of_piece(variant_id, unit, market))
    if category is None:
        return ()
    asked = _one(variant_id, unit, market, category, place.country if place else market.country)
    quote = build_quote(replace(asked, lines=(replace(asked.lines[0], parts=parts),)))
    rows = contents_of(quote)
    if not rows or quote.total != unit:
        return ()  # tax is added to this price, or the destination has another one: the cart says it
    return (*rows[:-1], replace(rows[-1], label=_("Price")))


def _one(variant_id: int, unit: Money, market: MarketContext, category: str, ship_from: str) -> Snapshot:
    now = timezone.now()
    line = SnapshotLine(
        line_id=variant_id,
        variant_id=variant_id,
        product_id=0,
        quantity=1,
        sku="",
        name="",
        options_text="",
        picture=None,
        url="",
        weight_g=0,
        hs_code="",
        origin="",
        tax_category=category,
        requires_shipping=False,
        is_sellable=True,
        purchase_limit=None,
        available=1,
        unit=unit,
        was=None,
        seen=None,
    )
    parcel = QuoteParcel(
        warehouse_code="",
        warehouse_name="",
        city="",
        country=ship_from,
        items=(ParcelItem(key=line.key, quantity=1),),
        weight_g=0,
    )
    return Snapshot(
        market=market,
        country=market.country,
        region="",
        postal_code="",
        lines=(line,),
        parcels=(parcel,),
        delivery_options=(),
        delivery_code="",
        tax_facts=tax_facts_for(now.date()),
        duty_facts=duty_facts_for(now.date()),
        now=now,
    )


def _duty(quote: Quote, added: Money) -> list[TicketRow]:
    """A charged duty with its amount; a borne one as nothing to pay; none where no border is crossed."""
    if to_minor(added):
        return [TicketRow(label=_("Import duty"), amount=added)]
    crosses = any(crosses_customs(parcel.country, quote.country) for parcel in quote.parcels)
    if crosses and quote.duty_mode == BORNE_BY_US:
        return [TicketRow(label=_("Import duty: we pay it, nothing is added"), amount=zero(quote.currency))]
    return []
