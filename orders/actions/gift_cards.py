"""Gift cards that are sold: made when their order is paid, mailed to the buyer, cancelled when the money goes back.

A card's value is the list price of its variant, whatever discount its buyer got. Only cards of which nothing was
spent can be refunded, unit by unit.
"""

from collections.abc import Iterable, Mapping

from django.db import transaction

from catalog.models import ProductType, Variant
from core.money import Money, to_minor
from orders.actions.downloads import count_as_delivered
from orders.actions.holds import is_suspected
from orders.actions.trail import lock_order, write_event
from orders.errors import GiftCardSpent
from orders.models import Lifecycle, Order, OrderLine
from payments.actions import issue_card
from payments.actions.credit import cancel_cards, revive_cards
from payments.credit.messages import tell_card
from payments.credit.queries import SoldCard, sold_cards


def issue_cards(*, number: str) -> int:
    """Make the gift cards of a paid order and mail their codes; returns how many are new. Again: nothing more.

    None while the order is suspected: the cards are made when somebody has looked.
    """
    with transaction.atomic():
        order = lock_order(number)
        if order.paid_at is None or order.lifecycle not in (Lifecycle.CONFIRMED, Lifecycle.COMPLETED):
            return 0
        lines = card_lines(order)
        known = {card.source for card in sold_cards([line.ref for line in lines])}
        wanted = [
            (line, unit)
            for line in lines
            for unit in range(1, line.quantity - line.qty_canceled - line.qty_refunded + 1)
            if _source(line, unit) not in known
        ]
        if wanted and is_suspected(order):
            return 0
        for line, unit in wanted:
            _issue(order, line, unit)
        if wanted:
            write_event(order, "gift_cards.issued", to_customer=True, count=len(wanted))
            count_as_delivered(order, lines)
    return len(wanted)


def card_lines(order: Order) -> list[OrderLine]:
    """The lines that sell gift cards."""
    lines = [line for line in order.lines.all() if not line.requires_shipping and line.variant_id is not None]
    if not lines:
        return []
    kinds = Variant.objects.filter(
        pk__in=[line.variant_id for line in lines], product__product_type__kind=ProductType.Kind.GIFT_CARD
    )
    cards = set(kinds.values_list("pk", flat=True))
    return [line for line in lines if line.variant_id in cards]


def _source(line: OrderLine, unit: int) -> str:
    return f"{line.ref}#{unit}"


def _issue(order: Order, line: OrderLine, unit: int) -> None:
    source = _source(line, unit)
    issued = issue_card(
        amount=_value(line),
        source=source,
        why="sold",
        market=order.market,
        language=order.language,
        order_ref=order.number,
    )
    if issued is not None:
        tell_card(
            issued, to=order.email, market=order.market, language=order.language, key=source, reference=order.number
        )


def _value(line: OrderLine) -> Money:
    return line.unit_list


def end_cards(order: Order, units: Mapping[int, int]) -> None:
    """So many more units of lines (by their number) are paid back: their cards end, before the money is promised.

    The caller holds the order's lock. Cards that an earlier try has ended for nothing count. Raises `GiftCardSpent`.
    """
    lines = [line for line in card_lines(order) if units.get(line.pk)] if units else []
    by_line = _by_line(sold_cards([line.ref for line in lines]))
    ending: list[SoldCard] = []
    for line in lines:
        cards = by_line.get(line.ref, [])
        if not cards:
            continue
        gone = sum(card.is_canceled for card in cards)
        missing = line.qty_refunded + units[line.pk] - gone
        whole = [card for card in cards if card.is_untouched]
        if missing > len(whole):
            raise GiftCardSpent
        ending += whole[len(whole) - missing :] if missing > 0 else []
    if ending:
        cancel_cards(
            account_ids=[card.account_id for card in ending], why="refunded", ref=order.number, order_ref=order.number
        )
        write_event(order, "gift_cards.canceled", to_customer=True, count=len(ending))


def _by_line(cards: Iterable[SoldCard]) -> dict[str, list[SoldCard]]:
    found: dict[str, list[SoldCard]] = {}
    for card in cards:
        found.setdefault(card.source.rpartition("#")[0], []).append(card)
    return found


def revive_cards_of(order: Order, *, refund: str) -> None:
    """A refund failed for good: as many cards as are not paid back can be spent again, with what was on them."""
    lines = card_lines(order)
    by_line = _by_line(sold_cards([line.ref for line in lines]))
    for line in lines:
        ended = [card for card in by_line.get(line.ref, []) if card.is_canceled]
        again = ended[: max(0, len(ended) - line.qty_refunded)]
        revive_cards(
            account_ids=[card.account_id for card in again],
            minor=to_minor(_value(line)),
            why="refunded",
            ref=f"{refund}:revived",
            order_ref=order.number,
        )
