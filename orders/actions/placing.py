"""Make the promise: an order exists, with its stock set aside, before any money moves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cart.types import Quote, QuoteLine
from catalog.actions import fix_skus
from core.events import publish
from core.money import zero
from inventory.actions import convert_hold, hold_sourced, note_decision
from inventory.sourcing.types import Route
from inventory.types import ParcelPlan
from markets.fx import RateFact
from orders.actions.consenting import give_consent
from orders.actions.holds import open_hold_on
from orders.actions.presale_claims import claim_presales
from orders.actions.receipts import confirm_if_paid
from orders.actions.trail import refresh_states, write_event
from orders.errors import QuoteNotOrderable
from orders.events import OrderPlaced
from orders.models import (
    Fulfillment,
    FulfillmentLine,
    HoldKind,
    Lifecycle,
    Order,
    OrderAdjustment,
    OrderGroup,
    OrderLine,
    OrderLinePart,
    OrderOrigin,
    OrderTaxLine,
)
from orders.origins import Origin
from orders.returning.exceptions import exceptions_of
from orders.routes import route_of_quote
from orders.sold_sets import wishes_of, write_parts
from orders.types import Contact, PostalAddress
from payments.actions import CreditWish, take_credit


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where the goods go, and where the bill goes when that is elsewhere."""

    ship: PostalAddress
    bill: PostalAddress | None = None

    def as_json(self) -> dict[str, object]:
        return {"ship": address_json(self.ship), "bill": address_json(self.bill) if self.bill else None}


@dataclass(frozen=True, kw_only=True)
class Books:
    """The seller's own currency, and what one unit of the order's was worth in it. No rate: none was known."""

    currency: str = ""
    rate: RateFact | None = None


@dataclass(frozen=True, kw_only=True)
class MatchedRules:
    """The rules of the destination that fitted, as they read then, and the holds they start the order with.

    `holds` are pairs of a rule's code and the reason told to operators.
    """

    profile: Mapping[str, Any] = field(default_factory=dict)
    holds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What else was agreed: the way to pay, and the rights of the market, frozen with the order."""

    payment_method: str
    return_days: int
    withdrawal_days: int
    seller: str = ""
    merchant_ref: str = ""
    """The code of the seller; empty for the one of the market."""
    download_consent: str = ""
    """The sentence by which the customer agreed that downloads begin at once; empty when they did not."""
    books: Books = Books()
    rules: MatchedRules = MatchedRules()
    credit: tuple[CreditWish, ...] = ()
    """What gift cards and store credit pay, taken with the order or not at all."""
    origin: Origin | None = None
    """By which way the buyer came, where that is known and may be kept."""
    pay_within: timedelta = timedelta(minutes=60)


def address_json(address: PostalAddress) -> dict[str, object]:
    """An address as it is stored."""
    return {"country": address.country, "parts": dict(address.parts), "lines": list(address.lines)}


def email_hash(email: str) -> str:
    """What an email address is looked up by without being readable."""
    return salted_hmac("orders.email", email.strip().lower(), algorithm="sha256").hexdigest()


def place_order(
    *, quote: Quote, checkout_id: UUID, number: str, contact: Contact, addresses: Addresses, terms: Terms
) -> Order:
    """Write the order of a checkout and set its stock aside, all or nothing; once per checkout.

    A second call for the same checkout returns the first order. Raises `OutOfStock` naming the line,
    `PresaleTaken`, `PresaleLimitReached`, `CreditGone` or `QuoteNotOrderable`; nothing is written then.
    """
    if not quote.can_be_ordered:
        raise QuoteNotOrderable
    with transaction.atomic():
        placed = Order.objects.filter(group__checkout=checkout_id).first()
        if placed is not None:
            return placed
        order = _write_order(quote, checkout_id, number, contact, addresses, terms)
        exceptions = exceptions_of(_sold_variants(quote))
        lines = _write_lines(order, quote, exceptions)
        parts = write_parts(quote, lines, exceptions)
        _write_adjustments(order, quote, lines)
        _write_taxes(order, quote, lines, parts)
        if terms.download_consent:
            give_consent(order, text=terms.download_consent, place="checkout")
        write_event(order, "order.placed", to_customer=True, total=str(order.total.amount), currency=order.currency)
        if take_credit(order_ref=order.number, currency=order.currency, wishes=terms.credit):
            order.refresh_from_db()
        fix_skus(variant_ids=[line.variant_id for line in quote.lines])
        claim_presales(order, lines.values())
        route = route_of_quote(quote, addresses.ship)
        plans = _set_stock_aside(order, route, lines.values(), checkout_id)
        _write_parcels(order, quote, plans, lines)
        refresh_states(order)
        for code, reason in terms.rules.holds:
            open_hold_on(order, kind=HoldKind.COMPLIANCE, key=f"rule:{order.number}:{code}", reason=reason)
        publish(OrderPlaced(number=order.number, market=order.market, language=order.language, total=order.total))
        confirm_if_paid(order)
    return order


def _write_order(
    quote: Quote, checkout_id: UUID, number: str, contact: Contact, addresses: Addresses, terms: Terms
) -> Order:
    group = OrderGroup.objects.create(
        number=number,
        checkout=checkout_id,
        customer_id=contact.user_id,
        market=quote.market,
        currency=quote.currency,
    )
    now = timezone.now()
    delivery = quote.delivery
    arrives_from, arrives_to = quote.arrives
    rate = terms.books.rate
    order = Order.objects.create(
        group=group,
        number=number,
        user_id=contact.user_id,
        market=quote.market,
        source=terms.origin.last.label if terms.origin else "",
        language=quote.language,
        currency=quote.currency,
        country=addresses.ship.country,
        price_mode=quote.display,
        rounding_level=quote.rounding_level,
        duty_mode=quote.duty_mode,
        landed=quote.border.as_json({line.key: line.position for line in quote.lines}),
        email=contact.email,
        email_hash=email_hash(contact.email),
        phone=contact.phone,
        addresses=addresses.as_json(),
        lifecycle=Lifecycle.PENDING_PAYMENT,
        items_total=quote.items_total,
        discount_total=quote.discount_total,
        shipping_total=quote.shipping_total,
        fee_total=quote.fee_total,
        duty_total=quote.duty_total,
        duty_added=quote.duty_added,
        tax_total=quote.tax_total,
        tax_added=quote.tax_added,
        total=quote.total,
        goods_refunded=zero(quote.currency),
        shipping_refunded=zero(quote.currency),
        standard_delivery=min((option.price for option in quote.delivery_options), default=None),
        quote_hash=quote.fingerprint,
        delivery_code=delivery.code if delivery else "",
        delivery_name=delivery.name if delivery else "",
        delivery_carrier=delivery.carrier if delivery else "",
        arrives_from=arrives_from,
        arrives_to=arrives_to,
        payment_method=terms.payment_method,
        return_days=terms.return_days,
        withdrawal_days=terms.withdrawal_days,
        seller_name=terms.seller,
        merchant_ref=terms.merchant_ref,
        compliance_profile=dict(terms.rules.profile),
        reporting_currency=terms.books.currency,
        exchange_rate=rate.rate if rate else None,
        exchange_rate_ref=rate.source if rate else "",
        exchange_rate_on=rate.on if rate else None,
        exchange_markup_percent=rate.markup_percent if rate else 0,
        placed_at=now,
        pay_by=now + terms.pay_within,
    )
    if terms.origin is not None:
        first, last = terms.origin.first.as_json(), terms.origin.last.as_json()
        OrderOrigin.objects.create(order=order, first=first, last=last)
    return order


def _sold_variants(quote: Quote) -> set[int]:
    """Everything that is sold, components of sets included."""
    return {line.variant_id for line in quote.lines} | {part.variant_id for line in quote.lines for part in line.parts}


def _write_lines(order: Order, quote: Quote, exceptions: Mapping[int, str]) -> dict[str, OrderLine]:
    """One row per quote line, by the quote line's key."""
    rows = {line.key: _line(order, quote, line) for line in quote.lines}
    for row in rows.values():
        row.return_exception = exceptions.get(row.variant_id or 0, "")
    OrderLine.objects.bulk_create(rows.values())
    return rows


def _line(order: Order, quote: Quote, line: QuoteLine) -> OrderLine:
    nothing = zero(quote.currency)
    picture = line.picture
    return OrderLine(
        order=order,
        position=line.position,
        ref=f"{order.number}/{line.position}",
        variant_id=line.variant_id,
        product_id_sold=line.product_id,
        sku=line.sku,
        name=line.name,
        options_text=line.options_text,
        picture={"url": picture.url, "width": picture.width, "height": picture.height, "alt": picture.alt}
        if picture
        else {},
        product_url=line.url,
        hs_code=line.hs_code,
        origin=line.origin,
        weight_g=line.weight_g,
        tax_category=line.tax_category,
        requires_shipping=line.requires_shipping,
        releases_on=line.releases_on,
        quantity=line.quantity,
        tax_included=quote.tax_included,
        unit_list=line.unit_list,
        unit_final=line.unit_final,
        line_list=line.line_list,
        line_discount=line.discount,
        line_total=line.line_total,
        line_net=line.net,
        line_tax=line.tax,
        line_duty=line.duty,
        tax_rate=line.tax_rate,
        price_source=dict(line.price_source),
        net_refunded=nothing,
        tax_refunded=nothing,
    )


def _write_adjustments(order: Order, quote: Quote, lines: dict[str, OrderLine]) -> None:
    OrderAdjustment.objects.bulk_create(
        OrderAdjustment(
            order=order,
            line=lines.get(adjustment.line_key),
            kind=adjustment.kind,
            label=adjustment.label,
            source=adjustment.source,
            explanation=adjustment.explanation,
            amount=adjustment.amount,
        )
        for adjustment in quote.adjustments
    )


def _write_taxes(
    order: Order, quote: Quote, lines: dict[str, OrderLine], parts: Mapping[tuple[str, int], OrderLinePart]
) -> None:
    OrderTaxLine.objects.bulk_create(
        OrderTaxLine(
            order=order,
            line=lines.get(tax.key) if tax.owner in ("line", "duty") else None,
            part=parts.get((tax.key, tax.part)),
            owner=tax.owner,
            place=tax.place,
            rate=tax.rate,
            base=tax.base,
            amount=tax.amount,
            included=tax.included,
            reason=tax.reason,
            label=tax.label,
            rule_ref=tax.rule_id,
            scheme=tax.scheme[:60],
        )
        for tax in quote.tax_lines
    )


def _set_stock_aside(
    order: Order, route: Route, lines: Collection[OrderLine], checkout_id: UUID
) -> tuple[ParcelPlan, ...]:
    """Hold and promise in one go, and keep why from there. It comes late in the transaction, so that hot stock rows
    are locked briefly."""
    prefetch_related_objects(list(lines), "parts")
    demands = wishes_of(lines)
    if not demands:
        return ()
    held = hold_sourced(owner=checkout_id, demands=demands, market_code=route.market_code, route=route)
    convert_hold(owner=checkout_id, order_ref=order.number)
    note_decision(order_ref=order.number, market_code=order.market, plan=held.plan, cause="placed")
    return held.parcels


def _write_parcels(order: Order, quote: Quote, plans: tuple[ParcelPlan, ...], lines: dict[str, OrderLine]) -> None:
    """One parcel per warehouse; what is on pre-sale waits for its day in a parcel of its own."""
    by_position = {str(line.position): line for line in lines.values()}
    days = {str(line.position): line.releases_on for line in quote.lines}
    position = 0
    for plan in plans:
        for day in sorted({days[demand.line_ref] for demand in plan.lines}, key=lambda one: one or date.min):
            position += 1
            demands = [demand for demand in plan.lines if days[demand.line_ref] == day]
            promised = [line for line in quote.lines if str(line.position) in {one.line_ref for one in demands}]
            parcel = _parcel(order, quote, plan, position, promised[0])
            FulfillmentLine.objects.bulk_create(
                FulfillmentLine(fulfillment=parcel, order_line=by_position[one.line_ref], quantity=one.quantity)
                for one in demands
            )


def _parcel(order: Order, quote: Quote, plan: ParcelPlan, position: int, promised: QuoteLine) -> Fulfillment:
    delivery = quote.delivery
    by_lane = plan.latest is not None and promised.releases_on is None
    return Fulfillment.objects.create(
        order=order,
        position=position,
        warehouse_code=plan.warehouse_code,
        warehouse_name=plan.warehouse_name,
        city=plan.city,
        ships_from=plan.country,
        carrier=plan.carrier or (delivery.carrier if delivery else ""),
        carrier_service=delivery.name if delivery else "",
        eta_from=plan.earliest if by_lane else promised.arrives_from,
        eta_to=plan.latest if by_lane else promised.arrives_to,
        not_before=promised.releases_on,
    )
