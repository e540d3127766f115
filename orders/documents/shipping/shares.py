"""What of an order's amounts is in one parcel, and which customs form fits it. Pure, in minor units and grams."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

CN22_GRAMS = 2_000
CN22_SDR = Decimal(300)
"""Above 300 special drawing rights a CN23 is asked for (Regulations to the UPU Convention, Art. 20-001)."""


def share_of_units(total: int, *, units: int, before: int, count: int) -> int:
    """What `count` of `units` bear of `total` when `before` units are in earlier parcels; parcels sum to `total`."""
    return total * (before + count) // units - total * before // units


def why_not_cn22(*, grams: int, worth_sdr: Decimal | None) -> list[str]:
    """Why a parcel needs the long form, as keys of `refusals.WORDS`. `worth_sdr` none: no rate is known."""
    found = ["cn22_weight"] if grams > CN22_GRAMS else []
    if worth_sdr is None:
        return [*found, "sdr_rate"]
    return [*found, "cn22_value"] if worth_sdr > CN22_SDR else found


def missing_for_customs(facts: Mapping[str, Any]) -> list[str]:
    """What a paper for customs lacks besides the facts of its goods, as keys of `refusals.WORDS`."""
    seller, consignee = facts["seller"], facts["consignee"]
    lacking = {
        "seller_name": not seller["name"],
        "seller_address": not seller["lines"],
        "consignee": not (consignee["name"] and consignee["lines"]),
        "goods": not facts["goods"],
        "value": any(one["value"] <= 0 for one in facts["goods"]),
        "weight": any(one["grams"] <= 0 for one in facts["goods"]),
        "scheme_number": bool(facts["scheme"]) and not facts["scheme_number"],
    }
    return [name for name, lacks in lacking.items() if lacks]


def totals(goods: Sequence[Mapping[str, Any]]) -> tuple[int, int, int]:
    """(pieces, grams, value) of all lines."""
    return (
        sum(one["quantity"] for one in goods),
        sum(one["grams"] for one in goods),
        sum(one["value"] for one in goods),
    )
