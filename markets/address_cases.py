"""Comparing our printed addresses with a folder of worked cases: which are alike, which are not, and for what reason.

A case has a geocoder's parts and the lines expected. Files are YAML, one per country, named by its code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from markets.geocoded import lines_of
from markets.reference.files import read_folder

STREETS = frozenset({"road", "street", "pedestrian", "footway", "residential", "house_number"})
OTHERWISE: Mapping[str, str] = {
    "AE": "the emirate is printed in the script of the street",
    "HU": "the Hungarian post prints town, street and code in this order",
    "IL": "the Israeli post prints the code after the town",
    "JP": "addresses in Japanese begin with the code and end with the receiver",
    "KR": "addresses in Korean begin with the province, and the country stands last",
    "PT": "the archipelago is not part of a Portuguese address",
    "TW": "the country stands last, and a neighbourhood is no part of the address",
}
"""Why we print otherwise than the cases, where we do."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One case. `reason` is empty when the lines are alike; `in_scope` is false where we deliver nothing."""

    country: str
    number: int
    title: str
    in_scope: bool
    reason: str
    got: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()

    @property
    def is_alike(self) -> bool:
        """Whether it is printed as expected."""
        return self.in_scope and not self.reason


def compare_folder(folder: Path) -> Iterator[Compared]:
    """Every case of every file, in the order of countries. Raises `OSError`, `yaml.YAMLError`."""
    served = countries_planned()
    for path in sorted(folder.glob("*.yaml")):
        country = path.stem.upper()
        with path.open(encoding="utf-8") as file:
            for number, case in enumerate((one for one in yaml.safe_load_all(file) if one), start=1):
                yield _compare(country, number, case, is_served=country in served)


def countries_planned() -> frozenset[str]:
    """Where a market of the reference data delivers."""
    rows = read_folder()["markets"].content["rows"]
    return frozenset(code for row in rows if row.get("active_by_default", True) for code in row["countries"])


def _compare(country: str, number: int, case: Mapping[str, Any], *, is_served: bool) -> Compared:
    parts = case["components"]
    title = str(case.get("description") or "")
    if not is_served:
        return Compared(country=country, number=number, title=title, in_scope=False, reason="no market delivers there")
    if not STREETS & set(parts):
        return Compared(
            country=country, number=number, title=title, in_scope=False, reason="no street: a place, not an address"
        )
    expected = tuple(line.strip() for line in str(case["expected"]).strip().splitlines())
    got = tuple(lines_of(parts, country))
    reason = "" if got == expected else OTHERWISE.get(country, "printed otherwise, for no reason we know")
    return Compared(
        country=country, number=number, title=title, in_scope=True, reason=reason, got=got, expected=expected
    )
