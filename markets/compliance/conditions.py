"""What a condition may ask. Every part has to hold; a list means any of them; an empty condition always holds.

countries, regions      ["DE", "AT"], ["CA"]
area                    "eu" (inside the EU's VAT area) or "abroad" (goods cross a customs border)
buyer                   "consumer" or "business"
payments                ["cod"]
value                   {"currency": "EUR", "above": "150", "up_to": "1000"}: the worth of the goods
flags, hs_prefixes, categories, kinds, types
                        of the goods: a rule with one of these is about the lines that have it all
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from markets.compliance.types import Goods, Purchase

AREAS = ("eu", "abroad")
BUYERS = ("consumer", "business")
LISTS = ("countries", "regions", "payments", "flags", "hs_prefixes", "categories", "kinds", "types")
OF_GOODS = ("flags", "hs_prefixes", "categories", "kinds", "types")
KNOWN = (*LISTS, "area", "buyer", "value")

Test = Callable[[Purchase, Any], str | None]


def problems_of_condition(condition: Mapping[str, Any]) -> list[str]:
    """What is wrong with a condition, in sentences. Empty when it can be matched."""
    found = [_("A condition cannot ask for “%(part)s”.") % {"part": part} for part in condition if part not in KNOWN]
    for part in LISTS:
        wanted = condition.get(part, [])
        if not isinstance(wanted, list) or not all(isinstance(one, str) and one for one in wanted):
            found.append(_("“%(part)s” is a list of words.") % {"part": part})
    if condition.get("area", "eu") not in AREAS:
        found.append(_("“%(part)s” is one of: %(words)s.") % {"part": "area", "words": ", ".join(AREAS)})
    if condition.get("buyer", "consumer") not in BUYERS:
        found.append(_("“%(part)s” is one of: %(words)s.") % {"part": "buyer", "words": ", ".join(BUYERS)})
    if "value" in condition and _bounds(condition["value"]) is None:
        found.append(_("“value” names a currency and an amount: above, up_to, or both."))
    return found


def asks_for_goods(condition: Mapping[str, Any]) -> bool:
    """Whether the condition is about single lines."""
    return any(condition.get(part) for part in OF_GOODS)


def currency_of(condition: Mapping[str, Any]) -> str:
    """The currency a condition compares in; empty when it compares nothing."""
    value = condition.get("value")
    return str(value.get("currency", "")) if isinstance(value, Mapping) else ""


def reasons(condition: Mapping[str, Any], purchase: Purchase) -> list[str] | None:
    """Why the condition holds for the purchase as a whole, or none when it does not."""
    found = []
    for part, test in TESTS.items():
        if condition.get(part):
            why = test(purchase, condition[part])
            if why is None:
                return None
            found.append(why)
    return found


def fits_goods(condition: Mapping[str, Any], goods: Goods) -> bool:
    """Whether a line has everything the condition asks of goods."""
    return all(_has(goods, part, condition[part]) for part in OF_GOODS if condition.get(part))


def _has(goods: Goods, part: str, wanted: list[str]) -> bool:
    if part == "hs_prefixes":
        return any(goods.hs_code.startswith(prefix) for prefix in wanted)
    if part == "flags":
        return bool(goods.flags & set(wanted))
    if part == "categories":
        return bool(goods.categories & set(wanted))
    return (goods.kind if part == "kinds" else goods.product_type) in wanted


def _country(purchase: Purchase, wanted: list[str]) -> str | None:
    return f"country {purchase.country}" if purchase.country in wanted else None


def _region(purchase: Purchase, wanted: list[str]) -> str | None:
    return f"region {purchase.region}" if purchase.region in wanted else None


def _payment(purchase: Purchase, wanted: list[str]) -> str | None:
    return f"payment {purchase.payment}" if purchase.payment in wanted else None


def _buyer(purchase: Purchase, wanted: str) -> str | None:
    return f"buyer {wanted}" if purchase.buyer == wanted else None


def _area(purchase: Purchase, wanted: str) -> str | None:
    holds = purchase.in_eu if wanted == "eu" else purchase.crosses_border
    return f"area {wanted}" if holds else None


def _value(purchase: Purchase, wanted: Any) -> str | None:
    """A worth that cannot be compared counts as inside: what a rule guards is not given up for want of a rate."""
    bounds = _bounds(wanted)
    if bounds is None:
        return None
    currency, above, up_to = bounds
    worth = purchase.values.get(currency)
    if worth is None:
        return f"value in {currency} is not known"
    if (above is not None and worth <= above) or (up_to is not None and worth > up_to):
        return None
    return f"value {worth} {currency}"


def _bounds(value: object) -> tuple[str, Decimal | None, Decimal | None] | None:
    if not isinstance(value, Mapping) or set(value) - {"currency", "above", "up_to"}:
        return None
    currency = value.get("currency")
    try:
        above, up_to = (Decimal(str(value[name])) if name in value else None for name in ("above", "up_to"))
    except InvalidOperation:
        return None
    if not isinstance(currency, str) or len(currency) != 3 or (above is None and up_to is None):
        return None
    return currency, above, up_to


TESTS: Mapping[str, Test] = {
    "countries": _country,
    "regions": _region,
    "area": _area,
    "buyer": _buyer,
    "payments": _payment,
    "value": _value,
}


def words_of(condition: Mapping[str, Any]) -> Iterator[str]:
    """The parts of a condition for lists in the admin."""
    for part in KNOWN:
        wanted = condition.get(part)
        if isinstance(wanted, list):
            yield f"{part}: {', '.join(map(str, wanted))}"
        elif isinstance(wanted, Mapping):
            yield f"{part}: " + ", ".join(f"{name} {value}" for name, value in wanted.items())
        elif wanted:
            yield f"{part}: {wanted}"
