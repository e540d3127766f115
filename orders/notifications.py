"""Messages to customers, in the language of their order. Called from reactions only; each is sent once."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation

from core.money import Money, to_minor, zero
from core.notifications import send
from markets.current import in_market
from markets.formatting import format_date, format_day_range, format_money
from markets.prefix import storefront_url
from markets.queries import market_of_record
from markets.types import MarketContext
from orders.actions.access import grant_access
from orders.downloading import needs_consent
from orders.models import Document, Fulfillment, Order, OrderRefund, WithdrawalStatement
from orders.telling import phone_of
from orders.ticket import tax_rows, ticket
from orders.withdraw_pages import receipt_of
from payments.queries import payment_state


def tell_confirmed(*, number: str) -> None:
    """The order confirmation on a durable medium: what was bought, for how much, where it goes, how to withdraw."""
    tell_order(number, "order_confirmed", f"order_confirmed:{number}", _everything)


def tell_shipped(*, number: str, fulfillment_id: int) -> None:
    """One parcel left."""

    def words(order: Order, market: MarketContext) -> dict[str, Any]:
        parcel = Fulfillment.objects.get(pk=fulfillment_id)
        package = parcel.packages.order_by("-pk").first()
        return {
            "carrier": parcel.carrier,
            "tracking_no": package.tracking_no if package else "",
            "tracking_url": package.tracking_url if package else "",
            "arrives": _arrives(parcel, market),
            "lines": [
                {"name": row.order_line.name, "options": row.order_line.options_text, "quantity": row.quantity}
                for row in parcel.lines.select_related("order_line").order_by("order_line__position")
            ],
        }

    tell_order(number, "order_shipped", f"order_shipped:{number}:{fulfillment_id}", words)


def tell_refunded(*, number: str, refund_number: str) -> None:
    """Money is on its way back. What went into an exchange is told with its order."""
    refund = OrderRefund.objects.get(number=refund_number)
    shares = refund.shares.filter(exchange__isnull=False)
    amount = refund.amount - sum((share.amount for share in shares), zero(refund.amount.currency.code))
    if to_minor(amount) <= 0:
        return

    def words(order: Order, market: MarketContext) -> dict[str, Any]:
        note = Document.objects.filter(refund=refund).values_list("number", flat=True).first()
        return {
            "amount": format_money(amount, market),
            "reason": "" if refund.is_excess else refund.reason,
            "note_path": f"documents/{note}/" if note else "",
        }

    tell_order(number, "order_refunded", f"order_refunded:{refund_number}", words)


def tell_canceled(*, number: str) -> None:
    """The order will not come."""

    def words(order: Order, market: MarketContext) -> dict[str, Any]:
        return {"reason": order.cancel_reason, "was_paid": order.paid_at is not None}

    tell_order(number, "order_canceled", f"order_canceled:{number}", words)


def tell_written(*, number: str, event_id: int) -> None:
    """What somebody of the shop wrote about the order, in their own words."""

    def words(order: Order, market: MarketContext) -> dict[str, Any]:
        return {"written": order.events.get(pk=event_id).note}

    tell_order(number, "order_written", f"order_written:{number}:{event_id}", words)


def tell_downloads(*, number: str) -> None:
    """What was bought can be fetched: where, how often, until when."""

    def words(order: Order, market: MarketContext) -> dict[str, Any]:
        rows = order.entitlements.order_by("pk")
        return {
            "needs_consent": needs_consent(order),
            "downloads": [
                {
                    "name": row.name,
                    "until": format_date(row.expires_at.date(), market.language, market.home_country)
                    if row.expires_at
                    else "",
                }
                for row in rows
            ],
        }

    tell_order(number, "downloads_ready", f"downloads_ready:{number}", words)


def tell_release_moved(*, number: str, line_id: int, release_on: date) -> None:
    """A pre-sale leaves on another day; whoever does not want to wait cancels free of charge."""

    def words(order: Order, market: MarketContext) -> dict[str, Any]:
        line = order.lines.get(pk=line_id)
        return {
            "name": line.name,
            "options": line.options_text,
            "release_on": format_date(release_on, market.language, market.home_country),
        }

    tell_order(number, "release_moved", f"release_moved:{number}:{line_id}:{release_on.isoformat()}", words)


def tell_withdrawal_received(*, statement: str) -> None:
    """The receipt of a withdrawal on a durable medium: its content, with date and time. To whoever declared it."""
    row = WithdrawalStatement.objects.get(number=statement)
    market = market_of_record(row.market, language=row.language)
    with translation.override(row.language), in_market(market):
        send(
            "withdrawal_received",
            to=row.email,
            language=row.language,
            market=row.market,
            context={"receipt": receipt_of(row)},
            dedupe_key=f"withdrawal_received:{statement}",
            reference=row.order.number if row.order is not None else statement,
        )


def tell_order(number: str, kind: str, key: str, words: Callable[[Order, MarketContext], dict[str, Any]]) -> None:
    """Write to an order's customer in its language and market, once per `key`, with a link to the order."""
    order = Order.objects.get(number=number)
    market = market_of_record(order.market, language=order.language)
    with translation.override(order.language), in_market(market):
        order_url = order_link(order)
        context = {
            "number": number,
            "order_url": order_url,
            "withdraw_url": f"{order_url}withdraw/",
            "withdrawal_days": order.withdrawal_days,
            **words(order, market),
        }
        send(
            kind,
            to=order.email,
            language=order.language,
            market=order.market,
            context=context,
            dedupe_key=key,
            reference=number,
            phone=phone_of(order),
            zone=market.timezone,
            link=order_url,
        )


def order_link(order: Order, page: str = "orders:page", *, below: str = "") -> str:
    """A page of the order that opens by this link alone, whole; a new secret each time."""
    secret = grant_access(number=order.number, purpose="mail")
    path = storefront_url(
        page, market=order.market, language=order.language, kwargs={"number": order.number, "token": secret}
    )
    return f"{settings.SHOP_URL}{path}{below}"


def _everything(order: Order, market: MarketContext) -> dict[str, Any]:
    rows = tax_rows(list(order.tax_lines.all()), order.language)
    paid_by_credit = payment_state(order.number).by_credit

    def amount(money: Money) -> str:
        return format_money(money, market)

    return {
        "total": amount(order.total),
        "lines": [
            {
                "name": line.name,
                "options": line.options_text,
                "quantity": line.quantity,
                "total": amount(line.line_total),
                "contents": [f"{part.per_set} × {part.name}" for part in line.parts.all()],
                "release_on": format_date(line.releases_on, market.language, market.home_country)
                if line.releases_on
                else "",
            }
            for line in order.lines.prefetch_related("parts")
        ],
        "ticket": [{"label": row.label, "amount": amount(row.amount)} for row in ticket(order, rows, paid_by_credit)],
        "taxes": [{"label": row.label, "amount": amount(row.amount)} for row in rows if to_minor(row.amount)],
        "invoice_path": "documents/invoice/" if order.paid_at else "",
        "ship_to": order.addresses["ship"]["lines"],
        "arrives": _arrives(order, market),
        "seller": order.seller_name,
    }


def _arrives(promise: Order | Fulfillment, market: MarketContext) -> str:
    first = promise.arrives_from if isinstance(promise, Order) else promise.eta_from
    last = promise.arrives_to if isinstance(promise, Order) else promise.eta_to
    if first is None or last is None:
        return ""
    if first == last:
        return format_date(first, market.language, market.home_country)
    return format_day_range(first, last, market.language, market.home_country)
