"""Pre-sales and downloads of a variant, as its row says them."""

from typing import Any

from catalog.importers.drafts import ImportedDownloads, ImportedPresale
from catalog.importers.portolan import cells
from catalog.importers.portolan.groups import Cells, Emptied, Header

PRESALE = {
    "presale_from": ("release_on", cells.day),
    "presale_warehouse": ("warehouse_code", str),
    "presale_most": ("most_in_all", cells.positive),
    "presale_per_order": ("most_per_order", cells.positive),
    "presale_per_customer": ("most_per_customer", cells.positive),
}
"""Column: the fact, and how it is read. An emptied one is None, or no warehouse."""
TERMS = {
    "downloads_most": ("most_downloads", cells.positive),
    "download_days": ("days", cells.positive),
    "licence_keys": ("gives_keys", cells.yes_or_no),
}
DEFAULTS: dict[str, Any] = {"warehouse_code": "", "gives_keys": False}


def read_presale(row: Cells) -> ImportedPresale | None:
    """None when the row says nothing of a pre-sale."""
    facts = _facts(row, PRESALE)
    return ImportedPresale(told=frozenset(facts), **facts) if facts else None


def read_downloads(row: Cells, header: Header) -> ImportedDownloads | None:
    """None when the row says nothing of downloads."""
    facts = _facts(row, TERMS)
    files = tuple(name for title in header.families.get("download", ()) if (name := row.text(title.code)))
    return ImportedDownloads(told=frozenset(facts), files=files, **facts) if facts or files else None


def _facts(row: Cells, columns: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for column, (name, reader) in columns.items():
        found = row.read(column, reader)
        if found is not None:
            facts[name] = DEFAULTS.get(name) if isinstance(found, Emptied) else found
    return facts
