"""Which part of the shop is asked what: by the group of the tax file, by the section and the fields of the other."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from config.vectors import amounts, borders, elsewhere, refusals, shopping, unions
from config.vectors.running import Answer, Asker, NotOurs

BY_GROUP: Mapping[str, Asker] = {
    "fx": amounts.exchange,
    "tax_rounding": amounts.rounding,
    "discounts": amounts.discounts,
    "shipping_tax": amounts.shipping,
    "refunds": amounts.refunds,
    "b2b": borders.business,
    "oss": unions.union,
    "territory": borders.territory,
    "eu_import": borders.eu_import,
    "uk": borders.britain,
    "norway": borders.norway,
    "switzerland": borders.switzerland,
    "oceania": borders.oceania,
    "bad_input": refusals.wrong,
    "asia": elsewhere.asia,
    "americas": elsewhere.americas,
    "gulf": elsewhere.gulf,
}


def ask(question: Mapping[str, Any]) -> Answer:
    """The shop's answer to a case. Raises `NotOurs` for what this command does not ask, and what the shop raises."""
    if "group" in question:
        asker = BY_GROUP.get(question["group"])
        if asker is None:
            raise NotOurs
        return asker(question["input"], date.fromisoformat(question["as_of"]))
    return shopping.ask(question["section"], question["input"])
