"""What a page has shown, carried in the form under a signature, so that a difference can be said in words."""

from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature
from django.utils.translation import gettext as _

from cart.types import Quote
from checkout.types import Note
from core.money import from_minor, to_minor
from core.signing import make_token, read_token
from markets.formatting import format_money
from markets.names import country_name
from markets.types import MarketContext

HOURS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The quote of a page that was looked at, shortened to what is compared."""

    fingerprint: str = ""
    country: str = ""
    currency: str = ""
    total: int = 0
    shipping: int = 0
    tax: int = 0
    duty: int = 0
    """Duty and clearance paid with the order."""
    lines: tuple[tuple[int, int, int], ...] = ()
    """Variant, quantity, amount."""


def seal(quote: Quote) -> str:
    """The hidden field for a page that shows this quote."""
    return make_token(
        "quote",
        {
            "f": quote.fingerprint,
            "o": quote.country,
            "c": quote.currency,
            "t": to_minor(quote.total),
            "s": to_minor(quote.shipping_total),
            "x": to_minor(quote.tax_total),
            "d": _duty(quote),
            "l": [[line.variant_id, line.quantity, to_minor(line.line_total)] for line in quote.lines],
        },
    )


def unseal(token: str) -> Shown:
    """What the page had shown; nothing at all when the field was tampered with or is a day old."""
    try:
        found: dict[str, Any] = read_token("quote", token, max_age=HOURS)
    except BadSignature:
        return Shown()
    return Shown(
        fingerprint=found["f"],
        country=found.get("o", ""),
        currency=found["c"],
        total=found["t"],
        shipping=found["s"],
        tax=found["x"],
        duty=found.get("d", 0),
        lines=tuple((variant, quantity, amount) for variant, quantity, amount in found["l"]),
    )


def shown_of(quote: Quote) -> Shown:
    """A quote as if a page had shown it."""
    return Shown(
        fingerprint=quote.fingerprint,
        country=quote.country,
        currency=quote.currency,
        total=to_minor(quote.total),
        shipping=to_minor(quote.shipping_total),
        tax=to_minor(quote.tax_total),
        duty=_duty(quote),
        lines=tuple((line.variant_id, line.quantity, to_minor(line.line_total)) for line in quote.lines),
    )


def causes(shown: Shown, quote: Quote, market: MarketContext) -> tuple[str, ...]:
    """What changed of lines, delivery, duty, tax and total, one sentence each."""
    return tuple(_changes(shown, quote, market))


def _duty(quote: Quote) -> int:
    return to_minor(quote.duty_added) + to_minor(quote.fee_total)


def destination_change(shown: Shown, quote: Quote, market: MarketContext) -> Note | None:
    """What another country of the form did to the order, amount by amount; nothing while it stays the same."""
    if not shown.country or shown.country == quote.country:
        return None
    place = {"country": country_name(quote.country, market.language)}
    moved = tuple(_changes(shown, quote, market))
    return Note(
        tone="warn" if moved else "ok",
        title=_("Your order goes to %(country)s now.") % place,
        text=_("This changed with it:") if moved else _("The total is the same."),
        details=moved,
    )


def differences(shown: Shown, quote: Quote, market: MarketContext) -> tuple[str, ...]:
    """What changed since, one sentence each. Empty when nothing the shopper could see did."""
    if shown.currency != quote.currency:
        return (_("The total is %(now)s now.") % {"now": format_money(quote.total, market)},)
    found = _changes(shown, quote, market)
    if not found:
        found.append(_("The delivery date or the tax of the destination changed. The total is the same."))
    return tuple(found)


def _changes(shown: Shown, quote: Quote, market: MarketContext) -> list[str]:
    """What changed of lines, delivery, tax and total."""
    found = [*_line_changes(shown, quote, market)]
    if shown.shipping != to_minor(quote.shipping_total):
        found.append(
            _changed(_("Delivery: %(before)s before, %(now)s now."), shown.shipping, quote.shipping_total, market)
        )
    if shown.duty != _duty(quote):
        now = quote.duty_added + quote.fee_total
        found.append(_changed(_("Import duty and clearance: %(before)s before, %(now)s now."), shown.duty, now, market))
    if shown.tax != to_minor(quote.tax_total):
        found.append(_changed(_("Tax: %(before)s before, %(now)s now."), shown.tax, quote.tax_total, market))
    if shown.total != to_minor(quote.total):
        found.append(_changed(_("Total: %(before)s before, %(now)s now."), shown.total, quote.total, market))
    return found


def _line_changes(shown: Shown, quote: Quote, market: MarketContext) -> list[str]:
    before = {variant: (quantity, amount) for variant, quantity, amount in shown.lines}
    found = []
    for line in quote.lines:
        was = before.pop(line.variant_id, None)
        if was is None:
            found.append(_("%(item)s was added.") % {"item": line.name})
        elif was[0] != line.quantity:
            facts = {"item": line.name, "before": was[0], "now": line.quantity}
            found.append(_("%(item)s: %(before)d pieces before, %(now)d now.") % facts)
        elif was[1] != to_minor(line.line_total):
            amounts = {
                "before": format_money(from_minor(was[1], quote.currency), market),
                "now": format_money(line.line_total, market),
            }
            found.append(_("%(item)s: %(before)s before, %(now)s now.") % {"item": line.name, **amounts})
    if before:
        found.append(_("An item is no longer in your cart."))
    return found


def _changed(sentence: str, before: int, now: Any, market: MarketContext) -> str:
    amounts = {
        "before": format_money(from_minor(before, now.currency.code), market),
        "now": format_money(now, market),
    }
    return sentence % amounts
