"""Reading reference files: the table, its date, its rows and a checksum of what was read."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "data"
CURRENCIES = Path(__file__).resolve().parents[2] / "core" / "data" / "currency_minor_units.json"
ORDER = (
    "currency_minor_units",
    "places",
    "vat_rates",
    "territory_exceptions",
    "low_value_rules",
    "customs",
    "payment_methods_by_country",
    "invoice_requirements",
    "tracking_status_map",
    "size_conversion",
    "demo",
    "markets",
    "compliance_rules",
)
"""The order of loading: what others point at comes first."""


@dataclass(frozen=True)
class ReferenceFile:
    """One reference file as read."""

    table: str
    as_of: date
    checksum: str
    content: dict[str, Any]


def read_file(path: Path) -> ReferenceFile:
    """The file at `path`. Raises `OSError`, and `ValueError` or `KeyError` when it is not a reference file."""
    text = path.read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError(f"{path.name} is not a table")
    return ReferenceFile(
        table=content["meta"]["table"],
        as_of=date.fromisoformat(content["meta"]["as_of"]),
        checksum=hashlib.sha256(text.encode()).hexdigest(),
        content=content,
    )


def read_folder(folder: Path = FOLDER) -> dict[str, ReferenceFile]:
    """Every reference file of the folder, by table, in the order of loading. Currencies live with `core`."""
    paths = {path.stem: path for path in sorted(folder.glob("*.json"))}
    paths.setdefault("currency_minor_units", CURRENCIES)
    return {table: read_file(paths[table]) for table in ORDER if table in paths}
