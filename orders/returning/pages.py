"""The customer's pages of a return, built from rows."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from django.utils.translation import gettext as _

from catalog.models import Variant
from catalog.selling import spoken
from catalog.types import Picture
from core.money import Money, from_minor, sum_money, to_minor
from markets.formatting import format_date
from markets.prefix import storefront_url
from markets.types import MarketContext
from orders.actions.delivery_back import withdrawal_delivery
from orders.actions.refund_rows import wished_parts
from orders.actions.returns import BEFORE_SENDING, ReturnItem
from orders.exchanging.choices import Chosen, differences, with_difference
from orders.models import (
    Exchange,
    ExchangeState,
    Order,
    OrderLine,
    Resolution,
    ReturnLine,
    ReturnRequest,
    ReturnState,
    Visibility,
)
from orders.returning import words
from orders.returning.links import file_link
from orders.returning.rules import FAULTS, REASONS, WITHDRAWAL, may_return, pays_way_back, resolutions_for, why_not
from orders.returning.types import ChoosePage, ExchangeRow, FollowPage, GoodsRow, ReturnRow, SendPage
from orders.returning.units import (
    Choice,
    choices_of,
    instructions_of,
    is_over,
    policy_of,
    policy_row,
    return_period,
)
from orders.types import LogEntry, RefundWish, Stage
from orders.withdrawing import Period

MOST_LISTED = 20


def order_url(order: Order, token: str, market: MarketContext, name: str = "orders:page", **more: str) -> str:
    """An address of the order, under the link its reader came with."""
    at = {"number": order.number, "token": token, **more}
    return storefront_url(name, market=market.code, language=market.language, kwargs=at)


def choose_page(
    order: Order,
    *,
    token: str,
    market: MarketContext,
    typed: Mapping[str, str] | None = None,
    errors: tuple[tuple[str, str], ...] = (),
) -> ChoosePage:
    """The first screen, with what was chosen before."""
    sent = typed or {}
    period = return_period(order)
    late = is_over(order, period)
    rows = [_row(choice, late=late, sent=sent) for choice in choices_of(order)]
    title = _("Return goods")
    return ChoosePage(
        title=_("Error: %(title)s") % {"title": title} if errors else title,
        number=order.number,
        key=sent.get("key", "") or str(uuid4()),
        rows=tuple(row for row in rows if row.most),
        blocked=tuple(row for row in rows if not row.most and not row.is_piece),
        reasons=tuple((key, str(label)) for key, label in REASONS.items() if key not in FAULTS),
        faults=tuple((key, str(label)) for key, label in REASONS.items() if key in FAULTS),
        reason=sent.get("reason", ""),
        timing=_timing(period, market, late=late),
        is_late=late,
        errors=errors,
        action_url=order_url(order, token, market, "orders:return_new"),
        order_url=order_url(order, token, market),
        withdraw_url=order_url(order, token, market, "orders:withdraw_order") if order.withdrawal_days else "",
    )


def _row(choice: Choice, *, late: bool, sent: Mapping[str, str]) -> ReturnRow:
    unit = choice.unit
    reason = str(why_not(unit, is_over=late))
    most = unit.left
    chosen = sent.get(f"units_{choice.key}", "")
    picture = choice.line.picture if choice.part is None else {}
    return ReturnRow(
        key=choice.key,
        name=choice.name,
        options_text=choice.options_text,
        picture=Picture(picture["url"], "", picture["width"], picture["height"], picture["alt"]) if picture else None,
        is_piece=choice.part is not None,
        most=most,
        chosen=min(int(chosen), most) if chosen.isascii() and chosen.isdigit() else 0,
        counts=tuple(range(min(most, MOST_LISTED) + 1)),
        why_not=reason,
        only_faults=bool(most and reason),
    )


def _timing(period: Period, market: MarketContext, *, late: bool) -> str:
    if not period.days:
        return _("Only goods that are faulty, damaged or not what you ordered can be returned.")
    if period.last_day is None:
        return _("Not everything has arrived yet, so your time to return has not begun to run.")
    day = {"day": format_date(period.last_day, market.language, market.home_country)}
    if late:
        return _("The time to return for a change of mind ended on %(day)s. Faulty goods can still be returned.") % day
    return _("You can return goods until %(day)s.") % day


def send_page(
    order: Order,
    *,
    items: Sequence[ReturnItem],
    token: str,
    market: MarketContext,
    typed: Mapping[str, str],
    errors: tuple[tuple[str, str], ...] = (),
) -> SendPage:
    """The second screen: what the chosen goods bring."""
    known = {(one.line.pk, one.part.pk if one.part else None): one for one in choices_of(order)}
    chosen = [(known[item.line_id, item.part_id], item) for item in items]
    reason = typed.get("reason", "")
    policy = policy_of(order.market)
    exchanges = _exchanges(order, chosen, market.language, typed)
    offered = resolutions_for(policy, reason=reason, can_exchange=len(exchanges) == len(chosen), can_credit=True)
    title = _("Check and send")
    refund, note = worth(order, items, reason=reason)
    hidden = [(f"units_{choice.key}", str(item.quantity)) for choice, item in chosen]
    return SendPage(
        title=_("Error: %(title)s") % {"title": title} if errors else title,
        number=order.number,
        hidden=(("key", typed.get("key", "")), ("reason", reason), *hidden),
        goods=tuple(_counted(item.quantity, choice.name, choice.options_text) for choice, item in chosen),
        reason=words.reason_words(reason),
        refund=refund,
        refund_note=note,
        way_back=words.way_back_words(pays_way_back(policy, reason), sends_label=policy.sends_label),
        resolutions=tuple((one, words.resolution_words(one)) for one in offered),
        resolution=typed.get("resolution", "") or Resolution.REFUND,
        exchanges=exchanges if Resolution.EXCHANGE in offered else (),
        note=typed.get("note", ""),
        wants_photos=reason in FAULTS,
        errors=errors,
        action_url=order_url(order, token, market, "orders:return_new"),
        order_url=order_url(order, token, market),
    )


def can_take(order: Order, items: Sequence[ReturnItem], reason: str) -> bool:
    """Whether all of these can be returned for this reason now."""
    known = {(one.line.pk, one.part.pk if one.part else None): one.unit for one in choices_of(order)}
    late = is_over(order, return_period(order))
    for item in items:
        unit = known.get((item.line_id, item.part_id))
        if unit is None or item.quantity > unit.left or not may_return(unit, reason=reason, is_over=late):
            return False
    return bool(items)


def worth(order: Order, items: Sequence[ReturnItem], *, reason: str) -> tuple[Money, str]:
    """What these bring back, tax and duty included, and a sentence about the delivery. As the refund computes it."""
    lines = {line.pk: line for line in order.lines.prefetch_related("parts")}
    wishes = [RefundWish(line_id=one.line_id, part_id=one.part_id, quantity=_open(lines, one)) for one in items]
    parts = wished_parts(order, [wish for wish in wishes if wish.quantity])
    goods = from_minor(sum(one.part.amount for one in parts), order.currency)
    if reason not in FAULTS:
        return goods, _("Delivery is not refunded for a change of mind.") if to_minor(order.shipping_total) else ""
    whole = [
        lines[one.line_id]
        for one in items
        if one.part_id is None and one.quantity >= lines[one.line_id].quantity - lines[one.line_id].qty_canceled
    ]
    delivery = withdrawal_delivery(order, lines=whole)
    if not to_minor(delivery):
        return goods, ""
    return sum_money([goods, delivery], order.currency), _("With the delivery you paid.")


def _open(lines: Mapping[int, OrderLine], item: ReturnItem) -> int:
    """Units of the item that were not refunded before."""
    line = lines[item.line_id]
    if item.part_id is None:
        return min(item.quantity, line.quantity - line.qty_refunded)
    part = next(one for one in line.parts.all() if one.pk == item.part_id)
    return min(item.quantity, part.quantity - part.qty_refunded)


def _exchanges(
    order: Order, chosen: Sequence[tuple[Choice, ReturnItem]], language: str, typed: Mapping[str, str]
) -> tuple[ExchangeRow, ...]:
    products = {choice.line.variant.product_id for choice, _item in chosen if choice.line.variant and not choice.part}
    siblings: dict[int, list[Variant]] = {}
    rows = Variant.objects.filter(product__in=products, status=Variant.Status.ACTIVE).select_related("product")
    for variant in rows.order_by("position", "pk"):
        siblings.setdefault(variant.product_id, []).append(variant)
    found = []
    asked = [Chosen(line=one.line, quantity=item.quantity, variants=_siblings(one, siblings)) for one, item in chosen]
    costs = differences(order, asked, policy=policy_row(order.market).exchange_price)
    for (choice, item), row in zip(chosen, asked, strict=True):
        variants = [one for one in row.variants if not costs or (choice.line.pk, one.pk) in costs]
        if not variants:
            continue
        name = f"wanted_{choice.key}"
        options = tuple(
            (str(one.pk), with_difference(order, _spoken(one, language), costs.get((choice.line.pk, one.pk), 0)))
            for one in variants
        )
        found.append(
            ExchangeRow(
                field_name=name,
                name=_counted(item.quantity, choice.name, choice.options_text),
                options=options,
                chosen=typed.get(name, ""),
            )
        )
    return tuple(found)


def _siblings(choice: Choice, known: Mapping[int, list[Variant]]) -> list[Variant]:
    return known.get(choice.line.variant.product_id, []) if choice.line.variant and not choice.part else []


def _spoken(variant: Variant, language: str) -> str:
    name, options = spoken(variant, language)
    return options or name


def follow_page(request: ReturnRequest, *, token: str, market: MarketContext) -> FollowPage:
    """The page of one return."""
    order = request.order
    policy = policy_row(order.market)
    rows = request.lines.select_related("order_line", "part").prefetch_related("units").order_by("pk")
    files = [file_link(one, order, token, market) for one in request.attachments.filter(is_label=False)]
    label = request.attachments.filter(is_label=True).last()
    sends = request.state in (ReturnState.APPROVED, ReturnState.LABEL_SENT)
    is_own_will = request.reason != WITHDRAWAL
    return FollowPage(
        number=request.number,
        order=order.number,
        title=words.headline(request.state),
        next=_("Your parcel is on its way to us. We write to you when it is here.")
        if sends and request.tracking
        else words.what_next(request),
        tone=words.TONES[request.state],
        label=words.state_words(request),
        stages=_stages(request),
        goods=tuple(_goods(row) for row in rows),
        reason=words.reason_words(request.reason),
        resolution=words.resolution_words(request.resolution),
        note=request.note,
        answer=request.answer,
        way_back=words.way_back_words(request.way_back, sends_label=policy.sends_label) if sends else "",
        return_to=tuple(request.return_to) if sends else (),
        send_by=request.send_by if sends else None,
        tracking=request.tracking.strip("–"),
        instructions=instructions_of(policy, market.language) if sends else "",
        label_file=file_link(label, order, token, market) if label and sends else None,
        photos=tuple(files),
        refund=request.refund.amount if request.refund else None,
        refund_state=_refund_words(request),
        exchange=_exchange_words(request),
        may_cancel=is_own_will and request.state in BEFORE_SENDING and not request.tracking and not _was_sent(request),
        may_say_sent=sends and not request.tracking,
        history=_history(request),
        action_url=order_url(order, token, market, "orders:return", return_number=request.number),
        order_url=order_url(order, token, market),
        ask_url=order_url(order, token, market, "orders:questions") + f"?return={request.number}",
    )


def _was_sent(request: ReturnRequest) -> bool:
    """Whether what is wanted instead is an order already."""
    exchange = Exchange.objects.filter(return_request=request, state=ExchangeState.ORDERED).first()
    return exchange is not None and not exchange.has_ended


def _exchange_words(request: ReturnRequest) -> str:
    """What becomes of the wish for another variant; empty where there is none."""
    exchange = Exchange.objects.filter(return_request=request).select_related("child").first()
    if exchange is None or exchange.state == ExchangeState.GIVEN_UP:
        return ""
    if exchange.child is not None:
        return _("What you get instead is order %(number)s.") % {"number": exchange.child.number}
    if exchange.held_until is None:
        return _("We send what you get instead when your goods are back.")
    return _("What you get instead is set aside for you. We send it when your goods are back.")


def _goods(row: ReturnLine) -> GoodsRow:
    sold = row.part or row.order_line
    seen = tuple(f"{unit.get_condition_display()}: {words.unit_words(unit.fate)}" for unit in row.units.all())
    return GoodsRow(text=_counted(row.quantity, sold.name, sold.options_text), seen=seen)


def _stages(request: ReturnRequest) -> tuple[Stage, ...]:
    """The way of the return; one that was declined or taken back has none."""
    if request.state in (ReturnState.REJECTED, ReturnState.CANCELED):
        return ()
    state = ReturnState.APPROVED if request.state == ReturnState.LABEL_SENT else ReturnState(request.state)
    at = words.STEPS.index(state)
    done = at == len(words.STEPS) - 1
    return tuple(
        Stage(
            key=step.value,
            label=str(step.label),
            state="done" if index < at or done else "here" if index == at else "next",
        )
        for index, step in enumerate(words.STEPS)
    )


def _refund_words(request: ReturnRequest) -> str:
    if request.refund is None:
        return ""
    if request.refund.shares.filter(exchange__isnull=False).exists():
        return _("It was set against what you get instead; what was left of it goes back the way you paid.")
    if request.refund.shares.filter(payment_ref=None).exists():
        return _("It is store credit that you can pay with the next time.")
    if request.refund.state == "succeeded":
        return _("It was sent back the way you paid and usually arrives within a few working days.")
    return _("It goes back the way you paid.")


def _history(request: ReturnRequest) -> tuple[LogEntry, ...]:
    events = request.order.events.filter(visibility=Visibility.CUSTOMER, data__contains={"return": request.number})
    return tuple(
        LogEntry(at=event.created, text=words.event_words(event.kind), detail=event.note)
        for event in events
        if words.event_words(event.kind)
    )


def _counted(quantity: int, name: str, options: str) -> str:
    return f"{quantity} × {name}, {options}" if options else f"{quantity} × {name}"
