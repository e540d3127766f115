"""Size tables as a reader sees them: the own country's column first, centimetres and inches side by side. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

MM_PER_INCH = Decimal("25.4")
MM_PER_CM = Decimal(10)

TITLES = {
    "women_clothing": gettext_lazy("Women’s clothing"),
    "men_jackets": gettext_lazy("Men’s jackets"),
    "men_trousers_waist": gettext_lazy("Men’s trousers, waist"),
    "men_shirt_collar": gettext_lazy("Men’s shirts, collar"),
    "women_shoes": gettext_lazy("Women’s shoes"),
    "men_shoes": gettext_lazy("Men’s shoes"),
    "kids_clothing_height": gettext_lazy("Children’s clothing, by height"),
    "rings": gettext_lazy("Rings"),
    "bra_band": gettext_lazy("Bra bands"),
    "hats": gettext_lazy("Hats"),
}
HEADS = {
    "DE": pgettext_lazy("column of a size table", "Germany"),
    "EU": pgettext_lazy("column of a size table", "EU"),
    "FR": pgettext_lazy("column of a size table", "France"),
    "IT": pgettext_lazy("column of a size table", "Italy"),
    "UK": pgettext_lazy("column of a size table", "UK"),
    "US": pgettext_lazy("column of a size table", "US"),
    "JP": pgettext_lazy("column of a size table", "Japan"),
    "INT": pgettext_lazy("column of a size table", "International"),
    "UK_US": pgettext_lazy("column of a size table", "UK and US"),
    "JP_cm": pgettext_lazy("column of a size table", "Japan (cm)"),
    "US_inch": pgettext_lazy("column of a size table", "US (inch)"),
    "EU_cm": pgettext_lazy("column of a size table", "EU (cm)"),
    "cm": pgettext_lazy("column of a size table", "cm"),
    "foot_mm": pgettext_lazy("column of a size table", "Foot length"),
    "EU_height_cm": pgettext_lazy("column of a size table", "Height"),
    "EU_circumference_mm": pgettext_lazy("column of a size table", "EU (inside circumference)"),
    "diameter_mm": pgettext_lazy("column of a size table", "Inside diameter"),
    "age": pgettext_lazy("column of a size table", "Age"),
}
MEASURED = {"foot_mm": Decimal(1), "diameter_mm": Decimal(1), "EU_height_cm": MM_PER_CM, "cm": MM_PER_CM}
"""Columns that measure a body: millimetres per unit. They are shown in centimetres and in inches."""
SYSTEMS = {"GB": ("UK", "UK_US"), "US": ("US", "UK_US", "US_inch"), "JP": ("JP", "JP_cm"), "FR": ("FR",), "IT": ("IT",)}
REST = ("DE", "EU", "EU_cm", "EU_height_cm", "EU_circumference_mm", "cm")


@dataclass(frozen=True)
class SizeColumn:
    """A system of sizes; `own` is the reader's."""

    label: str
    own: bool


@dataclass(frozen=True)
class SizeChart:
    """Equal sizes side by side: every row has one text per column."""

    title: str
    columns: tuple[SizeColumn, ...]
    rows: tuple[tuple[str, ...], ...]


def chart_of(code: str, columns: Sequence[str], rows: Sequence[Mapping[str, object]], country: str) -> SizeChart:
    """The table for a reader in `country`: the column they know comes first."""
    own = own_column(columns, country)
    order = sorted(columns, key=lambda name: name != own)
    return SizeChart(
        title=str(TITLES.get(code, code.replace("_", " "))),
        columns=tuple(column for name in order for column in _heads(name, own)),
        rows=tuple(tuple(text for name in order for text in _cells(name, row.get(name))) for row in rows),
    )


def own_column(columns: Sequence[str], country: str) -> str | None:
    """The column whose sizes are common in a country; elsewhere those of the continent."""
    wanted = (*SYSTEMS.get(country, ()), *REST)
    return next((name for name in wanted if name in columns), None)


def _heads(name: str, own: str | None) -> Iterator[SizeColumn]:
    label = str(HEADS.get(name, name.replace("_", " ")))
    if name not in MEASURED:
        yield SizeColumn(label, own=name == own)
        return
    plain = "" if name == "cm" else label
    # Translators: head of a column of a size table: what is measured, and the unit.
    yield SizeColumn(_("%(what)s, cm") % {"what": plain} if plain else label, own=name == own)
    yield SizeColumn(_("%(what)s, inch") % {"what": plain} if plain else _("inch"), own=False)


def _cells(name: str, value: object) -> Iterator[str]:
    if name not in MEASURED:
        yield "" if value is None else str(value)
        return
    if value is None:
        yield from ("", "")
        return
    millimetres = Decimal(str(value)) * MEASURED[name]
    yield _short(millimetres / MM_PER_CM, "0.01")
    yield _short(millimetres / MM_PER_INCH, "0.1" if millimetres > MM_PER_CM * 5 else "0.01")


def _short(number: Decimal, step: str) -> str:
    rounded = number.quantize(Decimal(step), rounding=ROUND_HALF_UP).normalize()
    whole = rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded
    return number_format(whole)
