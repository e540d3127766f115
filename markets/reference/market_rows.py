"""The seed of markets as values: the reference row, and what the demo shop decides on top. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markets.reference.periods import DatedRow
from markets.reference.rows import sourced

LANGUAGES = {"pt": "pt-br", "zh": "zh-hans"}
TAX_MODES = {"gross_fixed": "gross_constant", "net_fixed": "net_constant"}
FACTS_WITH_FIELDS = {
    "has_withdrawal_button": "withdrawal_button",
    "has_guarantee_notice": "harmonised_guarantee_notice",
    "has_prior_price": "omnibus_30_day_price",
    "has_safety_block": "gpsr_block",
}


@dataclass(frozen=True)
class MarketSeed:
    """A market to be made: its fields, countries in order, payment methods in order and consumer rule."""

    code: str
    currency: str
    fields: Mapping[str, Any]
    countries: tuple[str, ...]
    methods: tuple[str, ...]
    consumer: Mapping[str, Any]


def market_seeds(content: Mapping[str, Any], demo: Mapping[str, Any], storefront: Sequence[str]) -> list[MarketSeed]:
    """Every market of the file. Those the demo names are open, in its order, with every storefront language."""
    opened = {row["code"]: (place, row) for place, row in enumerate(demo.get("markets", []))}
    texts = demo.get("button_texts", {})
    seeds = []
    for place, row in enumerate(content["rows"]):
        code = row["code"].lower()
        position, wish = opened.get(code, (100 + place, None))
        seeds.append(_seed(code, row, wish, position=position, texts=texts, storefront=storefront))
    return seeds


def _seed(
    code: str,
    row: Mapping[str, Any],
    wish: Mapping[str, Any] | None,
    *,
    position: int,
    texts: Mapping[str, Mapping[str, str]],
    storefront: Sequence[str],
) -> MarketSeed:
    first = [LANGUAGES.get(one, one) for one in row["languages"]]
    if wish is not None:
        first = [*wish["languages"], *(one for one in storefront if one not in wish["languages"])]
    default = wish["languages"][0] if wish else LANGUAGES.get(row["default_language"], row["default_language"])
    is_gross = row["price_display"] == "tax_inclusive"
    fields = {
        "name": row["name"],
        "position": position,
        "active": wish is not None,
        "alternative_currencies": row["alternative_currencies"],
        "default_language": default,
        "languages": first,
        "hreflang": row["hreflang"].rsplit("-", 1)[-1].upper(),
        "timezone": row["timezone"],
        "report_timezone": row["timezone"],
        "units": row["units"],
        "display": "gross" if is_gross else "net",
        "price_entry": "gross" if is_gross else "net",
        "tax_mode": TAX_MODES[row["price_policy"]],
        "rounding_level": (wish or {}).get("rounding_level", "line"),
        "charm_rule": {name: row["rounding"][name] for name in ("ending", "step", "mode")},
        "price_increment": Decimal(row["rounding"]["increment"]),
        "price_list": row["price_list"],
        "tax_engine": row["tax_engine"],
        "duty_mode": (wish or {}).get("duty_mode", row["default_incoterm"].lower()),
        "return_days": (wish or {}).get("return_days", max(row["consumer"].get("withdrawal_days", 0), 14)),
        "required_buyer_ids": row["required_buyer_ids"],
        "shipping_services": row["shipping_services"],
        "legal_pages": row["legal_pages"],
        "catalogue_restrictions": row["catalogue_restrictions"],
        **sourced(row),
    }
    return MarketSeed(
        code=code,
        currency=row["default_currency"],
        fields=fields,
        countries=tuple(row["countries"]),
        methods=tuple(row["payment_methods"]),
        consumer=_consumer(row, default, texts.get(wish["button"], {}) if wish else {}),
    )


def _consumer(row: Mapping[str, Any], default: str, texts: Mapping[str, str]) -> dict[str, Any]:
    facts = row["consumer"]
    own = {default: facts["order_button_text"]} if facts.get("order_button_text") else {}
    return {
        "withdrawal_days": facts.get("withdrawal_days", 0),
        "order_button_texts": {**texts, **own},
        "guarantee_years": facts.get("legal_guarantee_years", 0),
        "unit_price": facts.get("unit_price", ""),
        "cookie_consent": facts.get("cookie_consent", ""),
        "facts": facts,
        **{ours: bool(facts.get(theirs)) for ours, theirs in FACTS_WITH_FIELDS.items()},
        **sourced(row),
    }


def consumer_row(seed: MarketSeed) -> DatedRow:
    """The market's consumer rule as a dated row."""
    return DatedRow(key=(seed.code,), values=dict(seed.consumer))
