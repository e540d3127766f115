"""Sheets: a form whose fields are cells. What was shown travels with it, so that only changed cells are looked at."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from catalog.finding import variants_matching
from catalog.models import Product, Variant

CELL = "c-"
BASE = "base"
MOST_CELLS = 4500
"""Fewer than the fields a form may have (`DATA_UPLOAD_MAX_NUMBER_FIELDS`)."""


@dataclass(frozen=True, kw_only=True)
class SheetCell:
    """An input of a sheet. `now` is what stands in the database where that is not what was shown."""

    name: str
    value: str
    label: str
    kind: str = "money"
    hint: str = ""
    error: str = ""
    now: str = ""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What came back from a sheet: all cells as typed, what was shown in them, and what is wrong with some."""

    values: Mapping[str, str]
    base: Mapping[str, str]
    errors: Mapping[str, str]
    now: Mapping[str, str]

    @property
    def changed(self) -> dict[str, str]:
        """The cells that say something else than what was shown."""
        return {name: value for name, value in self.values.items() if value != self.base.get(name, "")}


NOTHING = Typed(values={}, base={}, errors={}, now={})


def read_sheet(posted: QueryDict) -> Typed:
    """The cells of a form. A base that cannot be read counts as empty: then nothing is overwritten unseen."""
    try:
        base = json.loads(posted.get(BASE, ""))
    except ValueError:
        base = {}
    known = base if isinstance(base, dict) else {}
    values = {name: str(posted[name]).strip() for name in posted if name.startswith(CELL)}
    return Typed(values=values, base={str(k): str(v) for k, v in known.items()}, errors={}, now={})


def base_of(cells: Iterable[tuple[str, str]]) -> str:
    """What cells show, for the form to carry. Empty ones are left out."""
    return json.dumps({name: value for name, value in cells if value}, separators=(",", ":"))


def numbers_of(name: str, count: int) -> tuple[int, ...] | None:
    """The numbers in a cell's name, `c-3-17-1`; nothing when they are not so many numbers."""
    parts = name.removeprefix(CELL).split("-")
    if len(parts) != count or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return None
    return tuple(map(int, parts))


def variants_for(params: Mapping[str, str]) -> QuerySet[Variant]:
    """Live variants that a sheet's filter asks for: of a product, of a category, by SKU or GTIN."""
    rows = Variant.objects.exclude(status=Variant.Status.ARCHIVED).select_related("product")
    text = params.get("q", "").strip()
    if text:
        rows = rows.filter(pk__in=variants_matching(text))
    if params.get("category"):
        rows = rows.filter(product__primary_category__code=params["category"])
    if params.get("product"):
        product = Product.objects.filter(code=params["product"]).values_list("pk", flat=True).first()
        return rows.filter(product_id=product or 0).order_by("position", "pk")
    return rows.order_by("pk")
