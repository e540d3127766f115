"""Size tables as a reader sees them: the own country's column first, measures in centimetres or inches. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.measures import MM_PER_CM, MM_PER_INCH, US, shortened

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
    "cm": pgettext_lazy("column of a size table", "Head size"),
    "foot_mm": pgettext_lazy("column of a size table", "Foot length"),
    "EU_height_cm": pgettext_lazy("column of a size table", "Height"),
    "EU_circumference_mm": pgettext_lazy("column of a size table", "EU (inside circumference)"),
    "diameter_mm": pgettext_lazy("column of a size table", "Inside diameter"),
    "age": pgettext_lazy("column of a size table", "Age"),
}
MEASURED = {"foot_mm": Decimal(1), "diameter_mm": Decimal(1), "EU_height_cm": MM_PER_CM, "cm": MM_PER_CM}
"""Columns that measure a body: millimetres per unit. They are shown in centimetres or in inches."""
STEPS: Mapping[str, tuple[Promise, ...]] = {
    "clothing": (
        gettext_lazy("Chest: lay the tape around the widest part, under the arms, and keep it level."),
        gettext_lazy("Waist: measure around the narrowest part without pulling the tape tight."),
        gettext_lazy("Hips: measure around the widest part with your feet together."),
    ),
    "shoes": (
        gettext_lazy("Stand on a sheet of paper with your heel against a wall."),
        gettext_lazy("Mark the tip of your longest toe and measure from the wall to the mark."),
        gettext_lazy("Measure both feet in the evening and go by the longer one."),
    ),
    "kids": (gettext_lazy("Measure the child without shoes, back to the wall, from the floor to the crown."),),
    "jewellery": (gettext_lazy("Measure a ring that fits straight across the inside, at its widest."),),
    "accessories": (gettext_lazy("Lay the tape around the head, a finger above the ears and the eyebrows."),),
}
"""How to measure, by group of tables."""
SYSTEMS = {"GB": ("UK", "UK_US"), "US": ("US", "UK_US", "US_inch"), "JP": ("JP", "JP_cm"), "FR": ("FR",), "IT": ("IT",)}
REST = ("DE", "EU", "EU_cm", "EU_height_cm", "EU_circumference_mm", "cm")


@dataclass(frozen=True)
class SizeColumn:
    """A system of sizes, or a measure of the body; `own` is the reader's."""

    label: str
    own: bool
    is_measured: bool = False


@dataclass(frozen=True)
class SizeCell:
    """A size. Of a measure `text` is in centimetres, and `inches` says the same."""

    text: str
    inches: str = ""


@dataclass(frozen=True)
class SizeChart:
    """Equal sizes side by side: every row has one cell per column."""

    title: str
    columns: tuple[SizeColumn, ...]
    rows: tuple[tuple[SizeCell, ...], ...]

    @property
    def is_measured(self) -> bool:
        return any(column.is_measured for column in self.columns)


@dataclass(frozen=True)
class SizeGuide:
    """The charts of a product. `begins_in_inches`: what the market uses; readers can ask for the other."""

    charts: tuple[SizeChart, ...]
    steps: tuple[str, ...]
    begins_in_inches: bool

    @property
    def is_measured(self) -> bool:
        return any(chart.is_measured for chart in self.charts)


def guide_of(charts: Sequence[SizeChart], groups: Sequence[str], units: str) -> SizeGuide:
    """The guide in a market's units, with how to measure for these groups of tables, each once."""
    steps = tuple(str(step) for group in dict.fromkeys(groups) for step in STEPS.get(group, ()))
    return SizeGuide(tuple(charts), steps, begins_in_inches=units == US)


def chart_of(code: str, columns: Sequence[str], rows: Sequence[Mapping[str, object]], country: str) -> SizeChart:
    """The table for a reader in `country`: the column they know comes first."""
    own = own_column(columns, country)
    order = sorted(columns, key=lambda name: name != own)
    return SizeChart(
        title=str(TITLES.get(code, code.replace("_", " "))),
        columns=tuple(SizeColumn(_head(name), own=name == own, is_measured=name in MEASURED) for name in order),
        rows=tuple(tuple(_cell(name, row.get(name)) for name in order) for row in rows),
    )


def own_column(columns: Sequence[str], country: str) -> str | None:
    """The column whose sizes are common in a country; elsewhere those of the continent."""
    wanted = (*SYSTEMS.get(country, ()), *REST)
    return next((name for name in wanted if name in columns), None)


def _head(name: str) -> str:
    """The head of a column; the unit of a measure stands beside it, as chosen."""
    return str(HEADS.get(name, name.replace("_", " ")))


def _cell(name: str, value: object) -> SizeCell:
    if value is None:
        return SizeCell("")
    if name not in MEASURED:
        return SizeCell(str(value))
    millimetres = Decimal(str(value)) * MEASURED[name]
    step = "0.1" if millimetres > MM_PER_CM * 5 else "0.01"
    return SizeCell(shortened(millimetres / MM_PER_CM, "0.01"), shortened(millimetres / MM_PER_INCH, step))
