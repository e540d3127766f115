"""Units of details, and what people who measure otherwise read instead. Pure; exact until a number is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.measures import US

PRECISION = 50
"""Digits of intermediate results: far more than any number of a detail has."""


class Dimension(StrEnum):
    """What a unit measures."""

    LENGTH = "length"
    AREA = "area"
    VOLUME = "volume"
    WEIGHT = "weight"
    TEMPERATURE = "temperature"
    POWER = "power"
    ENERGY = "energy"
    VOLTAGE = "voltage"
    CURRENT = "current"
    CHARGE = "charge"
    FREQUENCY = "frequency"
    PRESSURE = "pressure"
    SPEED = "speed"
    TIME = "time"
    SHARE = "share"


NAMES: Mapping[Dimension, str | Promise] = {
    Dimension.LENGTH: _("Length"),
    Dimension.AREA: pgettext_lazy("measure", "Area"),
    Dimension.VOLUME: pgettext_lazy("measure", "Volume"),
    Dimension.WEIGHT: _("Weight"),
    Dimension.TEMPERATURE: _("Temperature"),
    Dimension.POWER: pgettext_lazy("electricity", "Power"),
    Dimension.ENERGY: _("Energy"),
    Dimension.VOLTAGE: _("Voltage"),
    Dimension.CURRENT: pgettext_lazy("electricity", "Current"),
    Dimension.CHARGE: pgettext_lazy("electricity", "Charge"),
    Dimension.FREQUENCY: _("Frequency"),
    Dimension.PRESSURE: pgettext_lazy("measure", "Pressure"),
    Dimension.SPEED: _("Speed"),
    Dimension.TIME: pgettext_lazy("measure", "Time"),
    Dimension.SHARE: pgettext_lazy("measure", "Share"),
}


@dataclass(frozen=True)
class Unit:
    """A unit: in the unit its dimension is reckoned in, a number n of it is `(n + shift) * times / over`.

    `us` is the unit that the market's inches and ounces want instead.
    """

    code: str
    dimension: Dimension
    times: Decimal
    over: Decimal = Decimal(1)
    shift: Decimal = Decimal(0)
    us: str = ""


def _unit(
    code: str, dimension: Dimension, times: str, us: str = "", *, over: str = "1", shift: str = "0"
) -> tuple[str, Unit]:
    return code, Unit(code, dimension, Decimal(times), Decimal(over), Decimal(shift), us)


# Sources: the international yard and pound agreement of 1959 (1 in = 25.4 mm, 1 lb = 453.59237 g); NIST Handbook 44,
# appendix C (1 US gallon = 231 cubic inches); °F = °C × 9/5 + 32.
UNITS: Mapping[str, Unit] = dict(
    (
        _unit("mm", Dimension.LENGTH, "1", "in"),
        _unit("cm", Dimension.LENGTH, "10", "in"),
        _unit("m", Dimension.LENGTH, "1000", "ft"),
        _unit("km", Dimension.LENGTH, "1000000", "mi"),
        _unit("in", Dimension.LENGTH, "25.4"),
        _unit("ft", Dimension.LENGTH, "304.8"),
        _unit("mi", Dimension.LENGTH, "1609344"),
        _unit("cm²", Dimension.AREA, "1", "sq in"),
        _unit("m²", Dimension.AREA, "10000", "sq ft"),
        _unit("sq in", Dimension.AREA, "6.4516"),
        _unit("sq ft", Dimension.AREA, "929.0304"),
        _unit("ml", Dimension.VOLUME, "1", "fl oz"),
        _unit("cl", Dimension.VOLUME, "10", "fl oz"),
        _unit("l", Dimension.VOLUME, "1000", "gal"),
        _unit("m³", Dimension.VOLUME, "1000000", "cu ft"),
        _unit("fl oz", Dimension.VOLUME, "29.5735295625"),
        _unit("gal", Dimension.VOLUME, "3785.411784"),
        _unit("cu ft", Dimension.VOLUME, "28316.846592"),
        _unit("mg", Dimension.WEIGHT, "0.001"),
        _unit("g", Dimension.WEIGHT, "1", "oz"),
        _unit("kg", Dimension.WEIGHT, "1000", "lb"),
        _unit("oz", Dimension.WEIGHT, "28.349523125"),
        _unit("lb", Dimension.WEIGHT, "453.59237"),
        _unit("°C", Dimension.TEMPERATURE, "1", "°F"),
        _unit("°F", Dimension.TEMPERATURE, "5", shift="-32", over="9"),
        _unit("bar", Dimension.PRESSURE, "100000", "psi"),
        _unit("psi", Dimension.PRESSURE, "4.4482216152605", over="0.00064516"),
        _unit("km/h", Dimension.SPEED, "1", "mph"),
        _unit("mph", Dimension.SPEED, "1.609344"),
        _unit("W", Dimension.POWER, "1"),
        _unit("kW", Dimension.POWER, "1000"),
        _unit("Wh", Dimension.ENERGY, "1"),
        _unit("kWh", Dimension.ENERGY, "1000"),
        _unit("V", Dimension.VOLTAGE, "1"),
        _unit("mA", Dimension.CURRENT, "1"),
        _unit("A", Dimension.CURRENT, "1000"),
        _unit("mAh", Dimension.CHARGE, "1"),
        _unit("Ah", Dimension.CHARGE, "1000"),
        _unit("Hz", Dimension.FREQUENCY, "1"),
        _unit("kHz", Dimension.FREQUENCY, "1000"),
        _unit("MHz", Dimension.FREQUENCY, "1000000"),
        _unit("GHz", Dimension.FREQUENCY, "1000000000"),
        _unit("s", Dimension.TIME, "1"),
        _unit("min", Dimension.TIME, "60"),
        _unit("h", Dimension.TIME, "3600"),
        _unit("%", Dimension.SHARE, "1"),
    )
)


def converted(number: Decimal, source: Unit, target: Unit) -> Decimal:
    """A number of one unit in another of the same dimension, not rounded. Raises `ValueError` for another dimension."""
    if source.dimension is not target.dimension:
        raise ValueError(f"{source.code} and {target.code} measure different things")
    with localcontext(prec=PRECISION):
        in_base = (number + source.shift) * source.times / source.over
        return (in_base * target.over / target.times - target.shift).normalize()


def unit_shown(unit: str, system: str) -> str:
    """The unit people of a market read instead of this one; the same where the table knows no other."""
    known = UNITS.get(unit)
    return known.us if known is not None and known.us and system == US else unit


def fitting(number: Decimal) -> Decimal:
    """To which step a converted number is shown: tenths, below one hundredths, below a tenth thousandths."""
    size = abs(number)
    return Decimal("0.1") if size >= 1 or not size else Decimal("0.01" if size >= Decimal("0.1") else "0.001")


def measured(number: Decimal, unit: str, system: str) -> str:
    """A number with its unit as people of a market read it: as it is, or in inches, ounces and degrees Fahrenheit."""
    other = unit_shown(unit, system)
    if other == unit:
        return f"{_written(number)} {unit}".strip()
    exact = converted(number, UNITS[unit], UNITS[other])
    return f"{_written(exact.quantize(fitting(exact)))} {other}"


def unit_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every unit under what it measures, for a select."""
    groups: dict[Dimension, list[tuple[str, str]]] = {}
    for unit in UNITS.values():
        groups.setdefault(unit.dimension, []).append((unit.code, unit.code))
    return [(str(NAMES[dimension]), units) for dimension, units in groups.items()]


def _written(number: Decimal) -> str:
    """Without needless zeros: 20, not 20.0 or 2E+1."""
    whole = number == number.to_integral_value()
    return number_format(number.quantize(Decimal(1)) if whole else number.normalize())
