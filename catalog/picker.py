"""Which combinations of options exist, and which can be bought. Pure.

A choice that leads nowhere stays selectable: the page says in words what it leads to.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.types import ChoiceState

MOST_INLINE = 2000


@dataclass(frozen=True)
class Version:
    """A variant as the picker sees it: one value id per option type id."""

    variant_id: int
    sku: str
    values: Mapping[int, int]
    can_be_bought: bool


@dataclass(frozen=True)
class Choice:
    """What is chosen: option type id to value id, and the variant that is, if it exists."""

    values: Mapping[int, int]
    version: Version | None


def choose(versions: Sequence[Version], *, sku: str = "", wanted: Mapping[int, int] | None = None) -> Choice:
    """The variant of a SKU, else the one that fits the wanted values best; buyable ones first, then in their order.

    Values for every option that no variant has together are kept: the combination is impossible.
    """
    by_sku = next((version for version in versions if sku and version.sku.casefold() == sku.casefold()), None)
    if by_sku is not None:
        return Choice(by_sku.values, by_sku)
    if not versions:
        return Choice({}, None)
    asked = {kind: value for kind, value in (wanted or {}).items() if kind in versions[0].values}
    fitting = [version for version in versions if asked.items() <= version.values.items()]
    if not fitting and len(asked) == len(versions[0].values):
        return Choice(asked, None)
    best = min(
        enumerate(fitting or versions),
        key=lambda at: (-len(asked.items() & at[1].values.items()), not at[1].can_be_bought, at[0]),
    )[1]
    if fitting:
        return Choice(best.values, best)
    return Choice({**best.values, **asked}, None)


def state_of(versions: Sequence[Version], chosen: Mapping[int, int], kind: int, value: int) -> ChoiceState:
    """What choosing `value` leads to while the other options stay as chosen."""
    combination = {**chosen, kind: value}
    found = [version for version in versions if version.values == combination]
    if not found:
        return "impossible"
    return "available" if any(version.can_be_bought for version in found) else "sold_out"


def selector_json(versions: Sequence[Version]) -> str:
    """Sorted value ids joined by commas, to [variant id, 1 when it can be bought]; empty when there are too many."""
    if len(versions) > MOST_INLINE:
        return ""
    combinations = {
        ",".join(map(str, sorted(version.values.values()))): [version.variant_id, int(version.can_be_bought)]
        for version in versions
    }
    return json.dumps(combinations, separators=(",", ":"))
