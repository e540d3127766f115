"""Whether a number can be right: its form and its check digits, without asking anybody. Pure.

Traps of the number library that are put right here: it takes CPF and CNPJ of one repeated digit for valid, and takes
GR for the prefix of Greek VAT numbers, which is EL.
"""

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import ClassVar, cast

from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as NotANumber

from core.errors import DomainError
from markets.tax_ids.kinds import EU, NORTHERN_IRELAND, Kind

CODES = {"pccc": "PCCC_FORMAT", "cpf": "CPF_INVALID"}
NO_REPEATED = frozenset({"cpf", "cnpj"})
LONGEST = 40


class TaxIdRefused(DomainError):
    """The number cannot be one of its kind. `code` is stable for each kind."""

    code: ClassVar[str] = "TAX_ID_INVALID"

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.reason = CODES.get(kind.code, f"{kind.code.upper()}_INVALID")
        if kind.example:
            sentence = _("This is not a valid %(name)s. It looks like this: %(example)s.") % {
                "name": kind.name, "example": kind.example,
            }  # fmt: skip
        else:
            sentence = _("This is not a valid %(name)s. Check the digits.") % {"name": kind.name}
        super().__init__(sentence)


def read_tax_id(kind: Kind, typed: str) -> str:
    """The number as it is stored and sent: without spaces and signs, prefix included. Raises `TaxIdRefused`."""
    plain = re.sub(r"[\s.\-/·]", "", typed).upper()
    if not plain or len(plain) > LONGEST or not plain.isascii():
        raise TaxIdRefused(kind)
    if kind.pattern:
        if not re.fullmatch(kind.pattern, plain):
            raise TaxIdRefused(kind)
        return plain
    plain = _with_prefix(kind, plain)
    try:
        found = _validator(kind.module)(_as_library_wants(kind, plain))
    except NotANumber:
        raise TaxIdRefused(kind) from None
    if kind.code in NO_REPEATED and len(set(found)) == 1:
        raise TaxIdRefused(kind)
    return plain if kind.module in ("eu.vat", "gb.vat") else found


def vat_prefix(country: str) -> str:
    """How VAT numbers of the country begin: EL for Greece."""
    return "EL" if country == "GR" else country


def _with_prefix(kind: Kind, plain: str) -> str:
    if kind.module not in ("eu.vat", "gb.vat"):
        return plain
    prefix = vat_prefix(kind.country)
    if kind.country == "GR" and plain.startswith("GR"):
        plain = plain[2:]
    rest = plain.removeprefix(prefix)
    # a number of another member state is not one of this country
    if rest == plain and re.match(r"^[A-Z]{2}[A-Z0-9]", plain) and plain[:2] in _prefixes():
        raise TaxIdRefused(kind)
    return prefix + rest


@cache
def _prefixes() -> frozenset[str]:
    return frozenset({*(vat_prefix(country) for country in EU), NORTHERN_IRELAND, "GB"})


def _as_library_wants(kind: Kind, plain: str) -> str:
    if kind.code == "mva":
        rest = plain.removeprefix("NO")
        return rest if rest.endswith("MVA") else f"{rest}MVA"
    if kind.code == "uid":
        return re.sub(r"(MWST|TVA|IVA|TPV)$", "", plain)
    if kind.code == "houjin":
        return plain.removeprefix("T")
    if kind.code == "pib":
        return plain.removeprefix("RS")
    return plain


@cache
def _validator(module: str) -> Callable[[str], str]:
    return cast("Callable[[str], str]", import_module(f"stdnum.{module}").validate)
