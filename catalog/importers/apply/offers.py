"""Where a product is seen, as the file tells per market."""

from collections.abc import Mapping
from typing import Any

from catalog.actions.products import offer_product
from catalog.importers.apply.targets import Target
from catalog.importers.apply.vocabulary import market_ids
from catalog.importers.apply.words import shown, tidy
from catalog.importers.drafts import ImportedOffer, ImportedProduct
from catalog.importers.outcomes import FieldChange
from catalog.markup import clean_html
from catalog.models import ProductMarket

FIELDS = ("visible", "visible_from", "visible_until", "copy_html")
DEFAULTS: Mapping[str, Any] = {"visible": True, "visible_from": None, "visible_until": None, "copy_html": ""}


def new_rows(target: Target, imported: ImportedProduct) -> tuple[ProductMarket, ...]:
    """For a product that is new."""
    ids = market_ids(target)
    rows = []
    for told in imported.offers:
        wanted = _wanted(told, DEFAULTS)
        if told.market in ids and wanted != DEFAULTS:
            rows.append(
                ProductMarket(
                    market_id=ids[told.market],
                    visible=wanted["visible"],
                    visible_from=wanted["visible_from"],
                    visible_until=wanted["visible_until"],
                    copy_override_html=wanted["copy_html"],
                )
            )
    return tuple(rows)


def bring_offers(
    target: Target, product_id: int, told: tuple[ImportedOffer, ...], present: Mapping[str, ProductMarket]
) -> list[FieldChange]:
    """Change the offers the file speaks of. Returns what moved."""
    changes = []
    for each in told:
        if each.market not in market_ids(target):
            continue
        now = _now(present.get(each.market))
        wanted = _wanted(each, now)
        moved = [name for name in FIELDS if wanted[name] != now[name]]
        if moved:
            offer_product(product_id=product_id, market_code=each.market, **wanted)
        changes += [
            FieldChange(field=name, market=each.market, old=shown(now[name]), new=shown(wanted[name])) for name in moved
        ]
    return changes


def _now(row: ProductMarket | None) -> dict[str, Any]:
    if row is None:
        return dict(DEFAULTS)
    return {
        "visible": row.visible,
        "visible_from": row.visible_from,
        "visible_until": row.visible_until,
        "copy_html": tidy(row.copy_override_html),
    }


def _wanted(told: ImportedOffer, now: Mapping[str, Any]) -> dict[str, Any]:
    wanted = dict(now)
    for name in FIELDS:
        value = getattr(told, name)
        if value is not None or name in told.told:
            wanted[name] = DEFAULTS[name] if value is None else value
    wanted["copy_html"] = clean_html(tidy(str(wanted["copy_html"]))).strip()
    return wanted
