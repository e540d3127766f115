"""Cases outside tax and duty that some code of the shop can answer: prices, periods, papers, addresses, numbers."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from catalog.prices.history import Shown, percent_off, prior_low
from catalog.prices.unit import unit_price
from config.vectors import places
from config.vectors.running import Answer, NotOurs
from config.vectors.world import money
from core.errors import DomainError
from core.money import format_money, round_half_up
from markets.duty.papers import check_description
from markets.postal import normalize_phone
from markets.reference.files import read_folder
from markets.sizes import convert_size
from orders.documents.shipping.shares import why_not_cn22
from orders.withdrawing import last_day_after

Input = Mapping[str, Any]


def _prior_price(told: Input) -> Answer:
    """What a reduction may be announced against."""
    began = _noon(told["reduction_starts"])
    days = [*(_noon(day) for day, _ in told["price_history"]), began]
    shown = [
        Shown(Decimal(amount), reduced=False, start=start, end=end)
        for (_, amount), start, end in zip(told["price_history"], days[:-1], days[1:], strict=True)
    ]
    now = Decimal(told["new_price"])
    prior = prior_low([*shown, Shown(now, reduced=True, start=began)])
    percent = percent_off(now, prior) if prior is not None else None
    return {
        "prior_price": str(prior),
        "badge_percent": percent,
        "badge": percent,
        "strike_price_allowed": percent is not None,
    }


def _unit_price(told: Input) -> Answer:
    found, per = unit_price(money(told["price"], "EUR"), Decimal(told["content"]), told["unit"])
    return {"unit_price": str(found.amount), "per": per}


def _withdrawal(told: Input) -> Answer:
    if told.get("information_given") is False:
        raise NotOurs("a statement after the period is kept and judged by a person, the shop prolongs nothing itself")
    return {
        "last_day": last_day_after(
            date.fromisoformat(told["last_parcel_received"]), 14, told.get("country", "DE")
        ).isoformat()
    }


def _descriptions(told: Input) -> Answer:
    return {"accepted": [_is_accepted(one) for one in told["descriptions"]]}


def _is_accepted(description: str) -> bool:
    try:
        check_description(description)
    except DomainError:
        return False
    return True


def _phone(told: Input) -> Answer:
    found = normalize_phone(told["number"], told["region"])
    return {"valid": found is not None, "e164": found}


def _size(told: Input) -> Answer:
    """The size in another system, written as it was asked: a number stays one."""
    table = next(row for row in read_folder()["size_conversion"].content["tables"] if row["code"] == told["table"])
    found = convert_size(table["columns"], table["rows"], system=told["from"], value=told["value"], into=told["to"])
    return {"value": type(told["value"])(found)}


def _formats(told: Input) -> Answer:
    return {"formatted": [_formatted(Decimal(told["value"]), place) for place in told["locales"]]}


def _formatted(amount: Decimal, place: str) -> str:
    """An amount as a place such as `de_CH/CHF` writes it."""
    locale, currency = place.split("/")
    language, country = locale.split("_")
    return format_money(round_half_up(amount, currency), language, country=country)


def _customs_form(told: Input) -> Answer:
    """The form that a parcel needs: the short one, or the long one where anything speaks against it."""
    worth = Decimal(told["value_eur"]) / Decimal(told["sdr_eur"])
    against = why_not_cn22(grams=int(Decimal(told["weight_kg"]) * 1000), worth_sdr=worth)
    return {"form": "CN23" if against else "CN22"}


def _noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), tzinfo=UTC)


ASKERS: tuple[tuple[frozenset[str], Callable[[Input], Answer]], ...] = (
    (frozenset({"price_history", "reduction_starts"}), _prior_price),
    (frozenset({"content", "unit", "price"}), _unit_price),
    (frozenset({"last_parcel_received"}), _withdrawal),
    (frozenset({"descriptions"}), _descriptions),
    (frozenset({"number", "region"}), _phone),
    (frozenset({"table", "from", "to"}), _size),
    (frozenset({"value", "locales"}), _formats),
    (frozenset({"value_eur", "weight_kg", "sdr_eur"}), _customs_form),
    (frozenset({"street_address", "country_code"}), places.address),
    (frozenset({"browsing_market", "ship_country"}), places.crossing),
    (frozenset({"ship_country"}), places.market_of_country),
    (frozenset({"markets", "path"}), places.alternates),
)
ELSEWHERE: Mapping[str, str] = {
    "5": "the shop does not know how dangerous goods are packed",
    "6": "papers with numbers need an order that was paid",
    "7": "a page with a form, not a computation",
    "8": "what is kept about people belongs to the privacy registry",
    "9": "events of a payment need a provider that is asked again",
    "10": "warehouses, parcels and carriers plan themselves",
}
"""Why cases of a section that name no fields above are not asked."""


def ask(section: str, told: Input) -> Answer:
    """The answer to a case of a section, chosen by the fields it names. Raises `NotOurs`, with a reason."""
    for fields, asker in ASKERS:
        if fields <= frozenset(told):
            return asker(told)
    raise NotOurs(ELSEWHERE.get(section, "nothing here answers such a question"))
