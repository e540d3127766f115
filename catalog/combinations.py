"""Combinations of option values, counted and walked without ever being written out. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from django.utils.translation import gettext as _

from core.errors import DomainError

Combination = tuple[str, ...]
"""One value code per pool, in the order of the pools."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NUMBER, CODE = "n", "code"
MOST_SKU = 80


class PatternProblem(DomainError):
    """The pattern for new SKUs cannot give every combination its own SKU."""

    code = "PATTERN_PROBLEM"


@dataclass(frozen=True, kw_only=True)
class Pool:
    """An option with those of its values that are to be combined."""

    option: str
    values: tuple[str, ...]


def count_missing(pools: Collection[Pool], existing: Collection[Combination]) -> int:
    """How many combinations do not exist. `existing` are distinct and made of the pools' values only."""
    return prod(len(pool.values) for pool in pools) - len(existing)


def walk_missing(pools: Collection[Pool], existing: Collection[Combination]) -> Iterator[Combination]:
    """The combinations that do not exist, in the order of the values; never more than one of them in memory."""
    known = frozenset(existing)
    return (one for one in product(*(pool.values for pool in pools)) if one not in known)


def combination_of(values: Mapping[str, str], pools: Collection[Pool]) -> Combination | None:
    """A variant's values in the order of the pools, or nothing when one of them is outside its pool."""
    chosen = tuple(values.get(pool.option, "") for pool in pools)
    inside = all(value in pool.values for value, pool in zip(chosen, pools, strict=True))
    return chosen if inside else None


def check_pattern(pattern: str, options: Collection[str]) -> None:
    """Raises `PatternProblem` for unknown placeholders and for a pattern that cannot tell combinations apart."""
    named = set(PLACEHOLDER.findall(pattern))
    unknown = sorted(named - {NUMBER, CODE, *options})
    if unknown:
        raise PatternProblem(
            _("The pattern names {%(name)s}. It may name: %(known)s.")
            % {"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in (CODE, *options, NUMBER))}
        )
    if NUMBER not in named and not set(options) <= named:
        raise PatternProblem(_("The pattern must name every option, or {n} for a running number."))


def sku_from(pattern: str, *, code: str, values: Mapping[str, str], number: int) -> str:
    """The SKU of one combination, in capitals. Raises `PatternProblem` when it becomes too long."""
    words = {**values, CODE: code, NUMBER: str(number)}
    sku = PLACEHOLDER.sub(lambda found: words[found[1]], pattern).strip().upper()
    if not sku or len(sku) > MOST_SKU:
        raise PatternProblem(
            _("The SKU “%(sku)s” is longer than %(most)d characters.") % {"sku": sku[:100], "most": MOST_SKU}
        )
    return sku
