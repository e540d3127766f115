"""Rows of one order turned into the values its page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from cart.words import duty_sentence
from catalog.types import Picture
from core.money import Money, from_minor, to_minor
from inventory.carriers.canonical import Canonical
from markets.formatting import format_date, format_money
from markets.prefix import storefront_url
from markets.queries import market_of_record
from markets.tax.untaxed import no_tax_sentence
from markets.types import MarketContext
from orders import words
from orders.ahead import may_cancel
from orders.download_page import downloads_of
from orders.downloading import all_begun, consent_text, needs_consent
from orders.logistics.progress import percent
from orders.logistics.showing import expected, heard_of, step_detail, stops_of
from orders.models import (
    Document,
    Fulfillment,
    Lifecycle,
    Order,
    OrderEvent,
    OrderLine,
    OrderTaxLine,
    ParcelState,
    ReturnRequest,
    TrackingEvent,
)
from orders.returning.words import TONES as RETURN_TONES
from orders.returning.words import headline, state_words
from orders.reviewing import has_arrived
from orders.states import Station, station
from orders.station_words import StationWords
from orders.telling import told_of
from orders.ticket import tax_rows, ticket
from orders.types import (
    DocumentLink,
    LogEntry,
    OrderLineView,
    OrderPage,
    OrderStatus,
    ParcelView,
    PostalAddress,
    ReturnLink,
    Withdrawal,
)
from orders.withdrawing import period_of
from payments.queries import payment_label
from payments.types import PaymentView

UNTOUCHED = frozenset({ParcelState.PLANNED, ParcelState.CANCELED})
Tone = Literal["ok", "warn", "bad", "plain"]


def build_status(order: Order, *, secret: str, undecided: bool, transfer_url: str = "") -> OrderStatus:
    """Where the order stands, for the page and for polling. `transfer_url` leads to an awaited bank transfer."""
    key = _station(order)
    said = StationWords(market=order.market, country=order.country)
    market = market_of_record(order.market)

    def url(name: str) -> str:
        address = {"number": order.number, "token": secret}
        return storefront_url(name, market=market.code, language=market.language, kwargs=address)

    is_unpaid = order.lifecycle == Lifecycle.PENDING_PAYMENT
    by_transfer = is_unpaid and bool(transfer_url)
    may_pay = is_unpaid and (by_transfer or not undecided)
    return OrderStatus(
        number=order.number,
        key=key,
        label=said.label(key),
        sentence=_transfer_sentence(order, market) if by_transfer else said.sentence(key, undecided=undecided),
        tone=cast(Tone, words.TONES.get(key, "ok")),
        stages=said.stages(key),
        is_settled=order.lifecycle != Lifecycle.PENDING_PAYMENT,
        status_url=url("orders:status"),
        order_url=url("orders:page"),
        retry_url=url("checkout:retry") if may_pay else "",
        withdraw_url=url("orders:withdraw_order"),
        transfer_url=transfer_url if by_transfer else "",
    )


def _transfer_sentence(order: Order, market: MarketContext) -> str:
    last = order.pay_by.astimezone(ZoneInfo(market.timezone)).date()
    return words.transfer_sentence(format_date(last, market.language, market.home_country))


@dataclass(frozen=True, kw_only=True)
class OrderRows:
    """The rows a page is made of, read beforehand."""

    order: Order
    parcels: Sequence[Fulfillment]
    lines: Sequence[OrderLine]
    tax_lines: Sequence[OrderTaxLine]
    events: Sequence[OrderEvent]
    payment: PaymentView | None
    credit: tuple[PaymentView, ...] = ()
    """What gift cards and store credit paid."""
    returns: Sequence[ReturnRequest] = ()
    documents: Sequence[Document] = ()


def build_page(rows: OrderRows, *, status: OrderStatus) -> OrderPage:
    """The whole page."""
    order, parcels, lines = rows.order, rows.parcels, rows.lines
    market = market_of_record(order.market)
    ship_to = _address(order.addresses["ship"])
    taxes = tax_rows(rows.tax_lines, market.language)
    downloads = downloads_of(order, order_url=status.order_url)
    return OrderPage(
        number=order.number,
        placed_at=order.placed_at,
        email=order.email,
        item_count=sum(line.quantity for line in lines),
        total=order.total,
        payment_sentence=_payment_sentence(order, rows, market),
        status=status,
        parcels=tuple(
            _parcel(parcel, (index, len(parcels)), ship_to, status.order_url, {line.pk: line for line in lines}, market)
            for index, parcel in enumerate(parcels, start=1)
        ),
        canceled_lines=tuple(_line(line, line.qty_canceled, "") for line in lines if line.qty_canceled),
        downloads=downloads,
        consent_text=consent_text() if downloads and needs_consent(order) else "",
        consent_url=f"{status.order_url}consent/",
        ticket=ticket(order, taxes, rows.credit),
        tax_rows=taxes,
        tax_sentence=_tax_sentence(order, rows.tax_lines, market),
        duty_sentence=_duty_sentence(order, market),
        ship_to=ship_to,
        bill_to=_address(order.addresses["bill"]) if order.addresses.get("bill") else None,
        delivery_name=order.delivery_name,
        documents=tuple(
            DocumentLink(label=f"{one.title} {one.number}", url=f"{status.order_url}documents/{one.number}/")
            for one in rows.documents
        ),
        withdrawal=_withdrawal(rows, market, status.withdraw_url),
        history=tuple(
            LogEntry(at=event.created, text=words.event_text(event.kind), detail=event.note)
            for event in rows.events
            if words.event_text(event.kind)
        ),
        shop_url=market.url_prefix,
        returns=tuple(_return(one, status.order_url) for one in rows.returns),
        return_url=f"{status.order_url}returns/" if any(_can_come_back(line) for line in lines) else "",
        questions_url=f"{status.order_url}questions/",
        address_url=f"{status.order_url}address/" if _may_correct(order, parcels) else "",
        told=told_of(order, order_url=status.order_url),
    )


def _may_correct(order: Order, parcels: Sequence[Fulfillment]) -> bool:
    """Before anybody packs; what else may stand against it is said on the page that corrects."""
    waits = order.lifecycle in (Lifecycle.PENDING_PAYMENT, Lifecycle.CONFIRMED)
    return waits and bool(parcels) and all(parcel.state in UNTOUCHED for parcel in parcels)


def _can_come_back(line: OrderLine) -> bool:
    return line.requires_shipping and line.qty_shipped > line.qty_returned


def _return(row: ReturnRequest, order_url: str) -> ReturnLink:
    return ReturnLink(
        title=headline(row.state),
        label=state_words(row),
        tone=RETURN_TONES[row.state],
        url=f"{order_url}returns/{row.number}/",
    )


def _station(order: Order) -> Station:
    return station(
        lifecycle=order.lifecycle,
        payment=order.payment_state,
        fulfillment=order.fulfillment_state,
        aftersales=order.aftersales_state,
    )


def _address(stored: dict[str, object]) -> PostalAddress:
    parts = cast(dict[str, str], stored["parts"])
    return PostalAddress(
        country=str(stored["country"]),
        parts=tuple(parts.items()),
        lines=tuple(cast(list[str], stored["lines"])),
    )


def _payment_sentence(order: Order, rows: OrderRows, market: MarketContext) -> str:
    amount, payment = format_money(order.total, market), rows.payment
    if payment is None or order.paid_at is None:
        rest = to_minor(order.total) - sum(to_minor(one.captured) for one in rows.credit)
        return _("%(amount)s to pay") % {"amount": format_money(from_minor(rest, order.currency), market)}
    method = payment_label(payment)
    if rows.credit and not payment.is_credit:
        words = {"amount": amount, "method": method}
        if all(one.method == "exchange" for one in rows.credit):
            return _("%(amount)s paid with returned goods, the rest with %(method)s") % words
        return _("%(amount)s paid with gift cards or store credit, the rest with %(method)s") % words
    return _("%(amount)s paid with %(method)s") % {"amount": amount, "method": method}


def _tax_sentence(order: Order, taxes: Sequence[OrderTaxLine], market: MarketContext) -> str:
    if not to_minor(order.tax_total):
        why = no_tax_sentence(((tax.reason, tax.rule_ref) for tax in taxes), market.language)
        if why is not None:
            return why
    return _("Contains %(amount)s of tax.") % {"amount": format_money(order.tax_total, market)}


def _duty_sentence(order: Order, market: MarketContext) -> str:
    """What was agreed about duty when the order was placed; older orders know the market's mode only."""
    told = order.landed
    later = told.get("payable_on_delivery")
    return duty_sentence(
        duty_mode=order.duty_mode,
        payer=told.get("payer", "buyer_later"),
        crosses=bool(told.get("crosses", not told and order.duty_mode in ("dap", "choice"))),
        later=Money(Decimal(later), order.currency) if later is not None else None,
        market=market,
    )


def _parcel(
    parcel: Fulfillment,
    which: tuple[int, int],
    ship_to: PostalAddress,
    order_url: str,
    lines: Mapping[int, OrderLine],
    market: MarketContext,
) -> ParcelView:
    """`which` is its number, and how many there are."""
    packages = list(parcel.packages.all())
    package = packages[-1] if packages else None
    goal = _town(ship_to)
    told = stops_of(parcel, heard_of(packages), goal=goal, country=ship_to.country, market=market)
    stops = told or words.route(parcel.state, start=parcel.city or parcel.warehouse_name, goal=goal)
    first, last = expected(parcel, packages)
    return ParcelView(
        position=which[0],
        count=which[1],
        state=parcel.state,
        state_label=words.parcel_label(parcel.state),
        tone=cast(Tone, words.parcel_tone(parcel.state)),
        arrives_from=first,
        arrives_to=last,
        delivered_at=parcel.delivered_at,
        stops=stops,
        at=percent(stops),
        carrier=parcel.carrier,
        tracking_no=package.tracking_no if package else "",
        tracking_url=package.tracking_url if package else "",
        log=_log(parcel),
        lines=tuple(
            _line(
                lines[row.order_line_id],
                row.quantity,
                "",
                review_url=_review_url(parcel, row.order_line, order_url),
                cancel_url=_cancel_url(lines[row.order_line_id], order_url),
                return_url=_return_url(parcel, lines[row.order_line_id], order_url),
            )
            for row in parcel.lines.all()
        ),
        not_before=parcel.not_before,
    )


def _cancel_url(line: OrderLine, order_url: str) -> str:
    claim = getattr(line, "presale_claim", None)
    return f"{order_url}cancel/{line.pk}/" if claim is not None and may_cancel(claim, line) else ""


def _return_url(parcel: Fulfillment, line: OrderLine, order_url: str) -> str:
    return f"{order_url}returns/?line={line.pk}" if parcel.has_left and _can_come_back(line) else ""


def _review_url(parcel: Fulfillment, line: OrderLine, order_url: str) -> str:
    return f"{order_url}review/{line.pk}/" if line.product_id_sold and has_arrived(parcel) else ""


def _log(parcel: Fulfillment) -> tuple[LogEntry, ...]:
    entries = [
        LogEntry(at=event.occurred_at, text=_said(event), detail=step_detail(event))
        for package in parcel.packages.all()
        for event in package.events.all()
    ]
    if parcel.shipped_at is not None:
        entries.append(
            LogEntry(at=parcel.shipped_at, text=words.parcel_label(ParcelState.HANDED_OVER), detail=parcel.city)
        )
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))


def _said(event: TrackingEvent) -> str:
    """Our words, in the reader's language; the carrier's own where ours do not say what happened."""
    if event.canonical == Canonical.UNKNOWN and event.text:
        return event.text
    return str(event.get_canonical_display()) if event.canonical else words.parcel_label(event.code)


def _town(address: PostalAddress) -> str:
    return address.part("city") or address.part("region") or address.country


def _line(
    line: OrderLine, quantity: int, note: str, *, review_url: str = "", cancel_url: str = "", return_url: str = ""
) -> OrderLineView:
    share = to_minor(line.line_total) * quantity // line.quantity
    picture = line.picture
    return OrderLineView(
        line_id=line.pk,
        sku=line.sku,
        name=line.name,
        options_text=line.options_text,
        picture=Picture(picture["url"], "", picture["width"], picture["height"], picture["alt"]) if picture else None,
        url=line.product_url,
        quantity=quantity,
        total=from_minor(share, line.currency),
        note=note,
        contents=tuple(f"{part.per_set} × {part.name}" for part in line.parts.all()),
        releases_on=line.releases_on,
        review_url=review_url,
        cancel_url=cancel_url,
        return_url=return_url,
    )


def _withdrawal(rows: OrderRows, market: MarketContext, url: str) -> Withdrawal | None:
    """Counted from the last parcel; open as long as one is on its way."""
    order = rows.order
    if not order.withdrawal_days or order.lifecycle not in (Lifecycle.CONFIRMED, Lifecycle.COMPLETED):
        return None
    is_sent = any(line.requires_shipping for line in rows.lines)
    if not is_sent and all_begun(order):
        return None
    arrivals = [parcel.delivered_at for parcel in rows.parcels] if is_sent else [order.placed_at]
    period = period_of(days=order.withdrawal_days, arrivals=arrivals, timezone=market.timezone, country=order.country)
    in_time = period.timing(timezone.now(), market.timezone) == "in_time"
    return Withdrawal(days=period.days, until=period.last_day, is_open=in_time, url=url)
