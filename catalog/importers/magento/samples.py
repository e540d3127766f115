"""The tables of Magento's sample data: fewer columns, and lists with one value on each line of a cell."""

from catalog.importers.foreign.packed import named
from catalog.importers.formats import Row

ATTRIBUTE = "attribute:"
FLAGS = {"eco_collection", "performance_fabric", "erin_recommends"}


def as_exported(row: Row) -> Row:
    """The row as Magento itself would export it. A row that is no sample comes back as it is."""
    if "type" in row.titles or "sample_set" not in row.titles:
        return row
    values = dict(row.values)
    values["type"] = _kind(row)
    values["categories"] = _categories(row.get("categories"))
    values["attributes"] = ",".join(
        f"{code.removeprefix(ATTRIBUTE)}={value}"
        for code in row.values
        if code.startswith(ATTRIBUTE) and (value := _attribute(code.removeprefix(ATTRIBUTE), row.get(code)))
    )
    values["bundle"] = "|".join(_pieces(row.get("sample_bundle")))
    return Row(row.line, values, dict(row.titles) | {code: code for code in values if code not in row.titles})


def _kind(row: Row) -> str:
    kinds = (("sample_bundle", "bundle"), ("grouped", "grouped"), ("download", "downloadable"))
    return next((kind for code, kind in kinds if row.get(code)), "simple")


def _categories(text: str) -> str:
    """Parents and children take turns on the lines: Gear, Bags, Collections, Erin Recommends."""
    lines = [line.strip().replace("/", "\\/") for line in text.splitlines() if line.strip()]
    return ",".join("/".join(lines[place : place + 2]) for place in range(0, len(lines), 2))


def _attribute(code: str, text: str) -> str:
    if code in FLAGS:
        return "Yes" if text == "1" else ""
    return "|".join(line.strip() for line in text.splitlines() if line.strip())


def _pieces(text: str) -> list[str]:
    """`Strap|radio:A,B` on each line; the first is what Magento offers."""
    found = []
    for line in text.splitlines():
        name, _bar, choice = line.partition("|")
        kind, _colon, skus = choice.partition(":")
        found += [f"name={named(name)},type={kind},sku={sku.strip()}" for sku in skus.split(",") if sku.strip()]
    return found
