"""What an order is worth in the seller's books, as it was stored when the order was placed."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.money import Money, format_money, round_half_up
from markets.formatting import format_day, format_number
from orders.models import Order

SHOWN = Decimal("0.000001")


def booked(order: Order) -> Money | None:
    """The total in the currency of the books, rounded once; none when no rate was known."""
    if order.exchange_rate is None or not order.reporting_currency:
        return None
    return round_half_up(order.total.amount * order.exchange_rate, order.reporting_currency)


def books_sentence(order: Order) -> str:
    """The rate with its day and source; empty in the seller's own currency."""
    if not order.reporting_currency or order.reporting_currency == order.currency:
        return ""
    total, rate, day = booked(order), order.exchange_rate, order.exchange_rate_on
    if total is None or rate is None or day is None:
        return _("No exchange rate to %(currency)s was known when the order was placed.") % {
            "currency": order.reporting_currency
        }
    language = get_language() or "en"
    return _("In the books %(amount)s: 1 %(base)s = %(rate)s %(quote)s, source %(source)s, %(day)s.") % {
        "amount": format_money(total, language),
        "base": order.currency,
        "rate": format_number(rate.quantize(SHOWN), language),
        "quote": order.reporting_currency,
        "source": order.exchange_rate_ref,
        "day": format_day(day, language, form="short"),
    }
