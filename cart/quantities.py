"""How many: reading what was typed, and how much of it can be had. Pure."""

import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cart.models import MAX_QUANTITY
from cart.types import CartProblem


@dataclass(frozen=True)
class Allowed:
    """The quantity that can be had, and why it is less than was wanted (empty when it is not)."""

    quantity: int
    code: str = ""


def read_quantity(typed: str) -> int | CartProblem:
    """A whole number from 0 to the most a cart takes, in any script's digits, or a sentence saying what to type."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text.isdecimal() or len(text) > 9:
        return CartProblem(
            code="QUANTITY_NOT_A_NUMBER",
            message=_("Enter the quantity as a whole number, for example 2. We left it as it was."),
        )
    if int(text) > MAX_QUANTITY:
        return CartProblem(
            code="QUANTITY_TOO_LARGE",
            message=_("Enter a quantity of at most %(most)d. We left it as it was.") % {"most": MAX_QUANTITY},
            facts=(("most", str(MAX_QUANTITY)),),
        )
    return int(text)


def allowed_quantity(wanted: int, *, available: int, limit: int | None) -> Allowed:
    """What can be had of `wanted`: no more than is there, than one order may hold, than a cart takes."""
    most = min(limit if limit is not None else MAX_QUANTITY, MAX_QUANTITY)
    if available <= 0:
        return Allowed(0, "SOLD_OUT")
    if wanted > available and available <= most:
        return Allowed(available, "STOCK_SHORT")
    if wanted > most:
        return Allowed(most, "PURCHASE_LIMIT")
    return Allowed(wanted)


def sentence_for(allowed: Allowed, *, line_id: int | None) -> CartProblem | None:
    """What the shopper is told about a quantity that was cut, if it was."""
    count = allowed.quantity
    match allowed.code:
        case "SOLD_OUT":
            message = _("This item has just sold out. Remove it or save it for later to go on.")
        case "STOCK_SHORT":
            message = ngettext(
                "Only %(count)d is left, so we set the quantity to %(count)d.",
                "Only %(count)d are left, so we set the quantity to %(count)d.",
                count,
            ) % {"count": count}
        case "PURCHASE_LIMIT":
            message = ngettext(
                "You can buy at most %(count)d of this item per order, so we set the quantity to %(count)d.",
                "You can buy at most %(count)d of this item per order, so we set the quantity to %(count)d.",
                count,
            ) % {"count": count}
        case _:
            return None
    return CartProblem(
        code=allowed.code,
        message=message,
        line_id=line_id,
        blocking=allowed.code == "SOLD_OUT",
        facts=(("quantity", str(count)),),
    )


def prohibited(line_id: int | None, sentence: str) -> CartProblem:
    """The destination does not let the item in; the others of the cart can still be ordered without it."""
    message = _("%(reason)s Remove it or save it for later to go on.") % {"reason": sentence}
    return CartProblem(code="DESTINATION_PROHIBITED", message=message, line_id=line_id, blocking=True)


def not_sellable(line_id: int | None) -> CartProblem:
    """The market does not sell the item, or not any more."""
    return CartProblem(
        code="NOT_SELLABLE",
        message=_("This item is not sold in this country at the moment. Remove it or save it for later to go on."),
        line_id=line_id,
        blocking=True,
    )
