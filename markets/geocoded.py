"""Addresses as maps and geocoders name their parts (road, suburb, hamlet, …), put into our fields and printed. Pure.

Which part is the street, the town or the district differs by country; so does where the house number stands.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markets.addresses import clean_address, format_address, has_district
from markets.postal import normalize_postal_code

STREET = ("road", "street", "pedestrian", "footway", "residential", "path", "square")
TOWN = ("postal_city", "town", "city", "village", "municipality", "hamlet", "county", "state")
DISTRICT = ("suburb", "city_district", "quarter", "neighbourhood")
PLACES = frozenset(
    {
        *(*STREET, *TOWN, *DISTRICT, "house_number", "housenumber", "postcode", "partial_postcode", "country"),
        *("country_code", "state_code", "county_code", "state_district", "province", "region", "district", "continent"),
        *("island", "archipelago", "local_administrative_area", "locality", "road_reference", "road_reference_intl"),
        *("borough", "allotments", "isolated_dwelling", "ISO3166-2-lvl4", "ISO3166-2-lvl6"),
    }
)
"""Everything else is the name of a building, a shop, an office: whoever receives there."""


@dataclass(frozen=True)
class Manner:
    """How a country writes a street, and which parts its addresses name besides."""

    number_first: bool = False
    between: str = " "
    after: str = ""
    district: tuple[str, ...] = ()
    town: tuple[str, ...] = TOWN
    region: tuple[str, ...] = ()
    all_districts: bool = False
    second: tuple[str, ...] = ()
    """Parts that follow the street on its line."""


NUMBER_FIRST = Manner(number_first=True)
MANNERS: Mapping[str, Manner] = {
    "AE": Manner(number_first=True, district=DISTRICT, town=(), region=("state", "city")),
    "AU": Manner(number_first=True, town=("suburb", *TOWN), region=("state_code", "state")),
    "BR": Manner(
        between=", ", district=("suburb", "neighbourhood"), region=("state_code", "state"), second=("quarter",)
    ),
    "CA": Manner(number_first=True, region=("state_code", "state")),
    "CL": Manner(region=("region", "state")),
    "ES": Manner(between=", "),
    "FR": NUMBER_FIRST,
    "GB": Manner(number_first=True, district=("quarter",)),
    "HU": Manner(after="."),
    "IE": Manner(number_first=True, district=("suburb", "city_district"), town=("town", "city"), region=("county",)),
    "KR": Manner(district=(), town=("city_district", "town"), region=("city",)),
    "IN": Manner(number_first=True, district=("suburb",), region=("state",)),
    "IT": Manner(between=", "),
    "LU": NUMBER_FIRST,
    "MY": Manner(number_first=True, district=("suburb",), town=("city", "town", "hamlet"), region=("state",)),
    "NZ": Manner(number_first=True, district=("suburb",)),
    "SG": Manner(number_first=True, town=(), second=("residential",)),
    "TH": Manner(
        number_first=True,
        district=("neighbourhood", "suburb"),
        all_districts=True,
        town=("city", "town"),
        region=("state",),
    ),
    "US": Manner(number_first=True, region=("state_code", "state")),
    "ZA": Manner(number_first=True, district=("suburb",)),
}


TOWN_NAMES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "DE": ((r"^Alt-(?=Berlin$)", ""),),
    "FR": ((r" \d{1,2}er? Arrondissement$", ""),),
    "GB": (
        (r"^(City of (Westminster|London)|London Borough of .*|Royal Borough of (Greenwich|Kensington.*))$", "London"),
        (r"^City of (?!London$)", ""),
    ),
    "IE": ((r"^The Metropolitan District of ", ""), (r" City$", "")),
}
"""How maps name the administration of a town, and how its post names the town."""
WATERS = re.compile(r" \(eaux territoriales\)$")


def fields_of(parts: Mapping[str, object], country: str) -> dict[str, str]:
    """Our fields out of a geocoder's parts; unknown parts are the name of a place. Nothing is made up."""
    said = {name: str(value).strip() for name, value in parts.items() if value is not None}
    manner = MANNERS.get(country, Manner())
    street = _first(said, STREET)
    town = _post_town(_first(said, manner.town), country)
    written = {
        "name": next((value for name, value in said.items() if name not in PLACES), ""),
        "street": _street(said, street or said.get("hamlet", ""), manner),
        "district": _first(said, manner.district),
        "city": town,
        "region": _first(said, manner.region),
        "postal_code": _postal_code(said, country),
    }
    if manner.all_districts:
        written["district"] = ", ".join(said[name] for name in manner.district if said.get(name))
    if country == "IE":
        written |= _irish(said)
    if written["district"] in {town, street}:
        written["district"] = ""
    if not has_district(country):
        written["extra"] = written.pop("district")
    return {name: value for name, value in written.items() if value}


def lines_of(parts: Mapping[str, object], country: str, *, with_country: bool = True) -> list[str]:
    """The address as its country prints it, from a geocoder's parts."""
    lines = format_address(clean_address(fields_of(parts, country), country), country)
    named = _country_named(str(parts.get("country", "")).strip(), country)
    if not with_country or not named or (lines and lines[-1].split(" ")[0] == named):
        return lines  # a city that is its own country is named once
    return [*lines, named]


def _post_town(town: str, country: str) -> str:
    """The town as its post calls it."""
    for pattern, usual in TOWN_NAMES.get(country, ()):
        town = re.sub(pattern, usual, town)
    return town


def _country_named(named: str, country: str) -> str:
    """The country as it stands below an address; maps add waters and islands to what is French."""
    if country != "FR":
        return named
    first, *more = WATERS.sub("", named).split(", ")
    return f"{more[0]}, {first}" if first == "France" and more else first


def _irish(said: Mapping[str, str]) -> dict[str, str]:
    """A county is named outside of cities, an electoral division where no town is."""
    found = {}
    if said.get("city"):
        found["region"] = ""
    if said.get("town") and not said.get("suburb"):
        found["district"] = ""
    return found


def _street(said: Mapping[str, str], street: str, manner: Manner) -> str:
    number = said.get("house_number") or said.get("housenumber") or ""
    if not street or not number:
        line = street or number
    elif manner.number_first:
        line = f"{number} {street}"
    else:
        line = f"{street}{manner.between}{number}{manner.after}"
    more = [said[name] for name in manner.second if said.get(name) and said[name] != street]
    return ", ".join([line, *more]) if line else ""


def _postal_code(said: Mapping[str, str], country: str) -> str:
    """The first of several codes that a large place has."""
    written = said.get("postcode") or said.get("partial_postcode") or ""
    return normalize_postal_code(written.replace(";", ",").split(",", maxsplit=1)[0].strip(), country)


def _first(said: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if said.get(name)), "")
