"""Split an order by seller: the goods of each become an order of that seller in the same group, with their share."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.money import to_minor
from core.retries import again_when_contended
from markets.errors import ExchangeRateMissing, ExchangeRateStale
from markets.fx import rate_on
from markets.models import LegalEntity
from orders.actions.changing_split import SplitAsked, split_locked
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.changes.errors import ChangeRefused, OrderMoved
from orders.changes.sellers import SellerPart, parts_by_seller
from orders.changes.standing import standing_of
from orders.documents.facts import invoice_facts
from orders.documents.parties import seller_of
from orders.documents.refusals import DocumentRefused
from orders.errors import ReasonMissing
from orders.models import Order
from orders.sellers import code_for, taxed_alike
from orders.types import ShipItem


@dataclass(frozen=True, kw_only=True)
class SellersAsked:
    """Which state of the order was looked at. The same `key` splits once."""

    version: int
    reason: str
    key: str


@again_when_contended
def split_by_seller(*, number: str, asked: SellersAsked) -> tuple[Order, ...]:
    """Give each seller's goods an order of their own; returns them all, first the one that stays.

    Numbers of documents, invoices and returns of tax are the seller's own from then on; what was invoiced before is
    credited. What all of them cost is what the one cost, to the cent. Raises `ChangeRefused`, `OrderMoved`,
    `ReasonMissing`; nothing is written then.
    """
    if not asked.reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        order = lock_order(number)
        done = list(order.changes.filter(key__startswith=f"{asked.key}:").order_by("pk"))
        if done:
            made = Order.objects.filter(number__in=[change.after["child"] for change in done])
            return (order, *made.order_by("pk"))
        if order.version != asked.version:
            raise OrderMoved(seen=asked.version, now=order.version)
        stays, *leave = _parts(order)
        if not leave:
            raise ChangeRefused(_("All goods of this order are of one seller."))
        children = [_give_away(order, part, asked) for part in leave]
        if not stays.is_own:
            _hand_to(order, stays.seller)
        return (order, *children)


def _parts(order: Order) -> tuple[SellerPart, ...]:
    """The parts, if every one that changes hands may. Raises `ChangeRefused`."""
    parts = parts_by_seller(order, standing_of(order))
    own = seller_of(order)
    for part in parts:
        if part.is_own:
            continue
        for one in part.lines:
            if one.is_settled:
                raise ChangeRefused(f"{one.line.name}: {one.why}")
        if not taxed_alike(own, part.seller, country=order.country, on=order.placed_at.date()):
            raise ChangeRefused(
                _(
                    "%(seller)s is not registered for tax as the seller of this order is, so other taxes would be due."
                    " Cancel these goods, and let the customer order them again."
                )
                % {"seller": part.seller.name}
            )
    if not parts[0].is_own and to_minor(order.shipping_refunded):
        raise ChangeRefused(_("The delivery of this order was refunded, so its seller stays."))
    return parts


def _give_away(order: Order, part: SellerPart, asked: SellersAsked) -> Order:
    items = tuple(ShipItem(line_id=one.line.pk, quantity=one.line.quantity) for one in part.lines)
    key = f"{asked.key}:{part.seller.code}"
    child = split_locked(order, SplitAsked(items=items, version=order.version, reason=asked.reason, key=key))
    _hand_to(child, part.seller)
    return child


def _hand_to(order: Order, seller: LegalEntity) -> None:
    """From now on it is an order of the seller. Raises `ChangeRefused` where its invoice would not be a lawful one."""
    before = seller_of(order)
    order.merchant_ref, order.seller_name = code_for(order, seller), seller.name
    if order.reporting_currency != seller.reporting_currency:
        _keep_books(order, seller)
    order.save(
        update_fields=[
            "merchant_ref", "seller_name", "reporting_currency", "exchange_rate", "exchange_rate_ref",
            "exchange_rate_on", "exchange_markup_percent", "updated",
        ]
    )  # fmt: skip
    try:
        invoice_facts(Order.objects.get(pk=order.pk))
    except DocumentRefused as refusal:
        raise ChangeRefused(f"{seller.name}: {refusal}") from refusal
    refresh_states(order)
    write_event(order, "order.seller", note=seller.name, seller=seller.code, before=before.code)
    audit.record("orders.change_seller", order, data={"was": before.code, "is": seller.code})


def _keep_books(order: Order, seller: LegalEntity) -> None:
    """In the seller's own currency, at the rate of the day of the order; none where none is known."""
    order.reporting_currency = seller.reporting_currency
    order.exchange_rate, order.exchange_rate_ref, order.exchange_rate_on = None, "", None
    order.exchange_markup_percent = 0
    day = timezone.localdate(order.placed_at)
    try:
        rate = rate_on(order.currency, seller.reporting_currency, day, market=order.market)
    except (ExchangeRateMissing, ExchangeRateStale):
        return
    order.exchange_rate, order.exchange_rate_ref, order.exchange_rate_on = rate.rate, rate.source, rate.on
    order.exchange_markup_percent = rate.markup_percent
