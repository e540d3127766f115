"""The kinds of numbers buyers are asked for: one for business per country, and identity numbers where customs want one.

`module` is the checker of the number library, "" where the library has none: then `pattern` alone decides.
Sources: the library's own modules; the patterns of SA, AE, PH, KR (PCCC) from CROSSBORDER sections 0.8, 3 and 11.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

EU = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
NORTHERN_IRELAND = "XI"
VAT = gettext_lazy("VAT number")


@dataclass(frozen=True)
class Kind:
    """A kind of number. `name` is what it is called in its country; `register` can be asked whether it is valid."""

    code: str
    country: str
    name: str | Promise
    module: str = ""
    pattern: str = ""
    purpose: Literal["business", "identity"] = "business"
    register: Literal["", "vies"] = ""
    example: str = ""


def _eu(country: str) -> Kind:
    return Kind("vat", country, VAT, "eu.vat", register="vies", example=_EXAMPLES.get(country, ""))


_EXAMPLES = {"DE": "DE136695976", "FR": "FR40303265045", "AT": "ATU00000024", "GR": "EL094259216"}
_OTHERS = (
    Kind("vat", NORTHERN_IRELAND, VAT, "eu.vat", register="vies"),
    Kind("vat", "GB", VAT, "gb.vat", example="GB980780684"),
    Kind("uid", "CH", pgettext_lazy("tax number", "UID"), "ch.uid", example="CHE-107.787.577"),
    Kind("mva", "NO", pgettext_lazy("tax number", "Organisation number"), "no.mva"),
    Kind("vsk", "IS", VAT, "is_.vsk"),
    Kind("cnpj", "BR", "CNPJ", "br.cnpj", example="16.727.230/0001-97"),
    Kind("rfc", "MX", "RFC", "mx.rfc", example="GODE561231GR8"),
    Kind("rut", "CL", "RUT", "cl.rut", example="76.086.428-5"),
    Kind("nit", "CO", "NIT", "co.nit"),
    Kind("cuit", "AR", "CUIT", "ar.cuit"),
    Kind("ruc", "PE", "RUC", "pe.ruc"),
    Kind("abn", "AU", "ABN", "au.abn"),
    Kind("ird", "NZ", pgettext_lazy("tax number", "IRD number"), "nz.ird"),
    Kind("bn", "CA", pgettext_lazy("tax number", "Business number"), "ca.bn"),
    Kind("uen", "SG", "UEN", "sg.uen"),
    Kind("gstin", "IN", "GSTIN", "in_.gstin"),
    Kind("houjin", "JP", pgettext_lazy("tax number", "Corporate number"), "jp.cn"),
    Kind("brn", "KR", pgettext_lazy("tax number", "Business registration number"), "kr.brn"),
    Kind("ubn", "TW", pgettext_lazy("tax number", "Unified business number"), "tw.ubn"),
    Kind("tin", "TH", "TIN", "th.tin"),
    Kind("npwp", "ID", "NPWP", "id.npwp"),
    Kind("mst", "VN", "MST", "vn.mst"),
    Kind("uscc", "CN", pgettext_lazy("tax number", "Unified social credit code"), "cn.uscc"),
    Kind("hp", "IL", pgettext_lazy("tax number", "Company number"), "il.hp"),
    Kind("tin", "ZA", pgettext_lazy("tax number", "Tax reference number"), "za.tin"),
    Kind("vkn", "TR", "VKN", "tr.vkn"),
    Kind("pib", "RS", "PIB", "rs.pib"),
    Kind("vat", "SA", VAT, pattern=r"3\d{13}3", example="300000000000003"),
    Kind("trn", "AE", "TRN", pattern=r"100\d{12}", example="100000000000003"),
    Kind("tin", "PH", "TIN", pattern=r"\d{9}(\d{3}|\d{5})?"),
)
BUSINESS: Mapping[str, Kind] = {country: _eu(country) for country in EU} | {kind.country: kind for kind in _OTHERS}
_IDENTITIES = (
    Kind("cpf", "BR", "CPF", "br.cpf", purpose="identity", example="390.533.447-05"),
    Kind("rfc", "MX", "RFC", "mx.rfc", purpose="identity", example="GODE561231GR8"),
    Kind("curp", "MX", "CURP", "mx.curp", purpose="identity"),
    Kind("rut", "CL", "RUT", "cl.rut", purpose="identity", example="12.531.909-2"),
    Kind(
        "pccc", "KR", pgettext_lazy("identity number", "Personal customs clearance code"), pattern=r"P\d{12}",
        purpose="identity", example="P123456789012",
    ),
    Kind("nik", "ID", "NIK", "id.nik", purpose="identity"),
    Kind("npwp", "ID", "NPWP", "id.npwp", purpose="identity"),
    Kind("pan", "IN", "PAN", "in_.pan", purpose="identity"),
    Kind("ric", "CN", pgettext_lazy("identity number", "Resident identity number"), "cn.ric", purpose="identity"),
    Kind("tckn", "TR", pgettext_lazy("identity number", "Identity number"), "tr.tckimlik", purpose="identity"),
    Kind("idnr", "IL", pgettext_lazy("identity number", "Identity number"), "il.idnr", purpose="identity"),
    Kind("codice_fiscale", "IT", "Codice fiscale", "it.codicefiscale", purpose="identity"),
    Kind("nif", "PT", "NIF", "pt.nif", purpose="identity"),
)  # fmt: skip
IDENTITIES: Mapping[tuple[str, str], Kind] = {(kind.country, kind.code): kind for kind in _IDENTITIES}
ASKED: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "cpf": (("cpf",), True),
    "rfc_or_curp": (("rfc", "curp"), True),
    "rut": (("rut",), True),
    "pccc": (("pccc",), True),
    "nik_or_npwp": (("nik", "npwp"), True),
    "kyc_document": (("pan",), False),
    "resident_id_number": (("ric",), True),
    "tckn": (("tckn",), True),
    "teudat_zehut_for_high_value": (("idnr",), False),
    "codice_fiscale_optional": (("codice_fiscale",), False),
    "nif_optional": (("nif",), False),
}
"""What a market's `required_buyer_ids` mean: any one of these kinds, and whether the parcel cannot go without."""


@dataclass(frozen=True)
class Wanted:
    """An identity number to ask for: one of `kinds`."""

    kinds: tuple[Kind, ...]
    is_required: bool


def business_kind(country: str) -> Kind | None:
    """The number a business buyer of the country has; nothing where none is known."""
    return BUSINESS.get(country.upper())


def identity_kinds(country: str, asked: Iterable[str]) -> tuple[Wanted, ...]:
    """The identity numbers that imports into the country need, by what its market asks for."""
    found = []
    for name in asked:
        codes, is_required = ASKED.get(name, ((), False))
        kinds = tuple(IDENTITIES[country, code] for code in codes if (country, code) in IDENTITIES)
        if kinds:
            found.append(Wanted(kinds, is_required))
    return tuple(found)


def kind_of(country: str, code: str) -> Kind | None:
    """The kind by its country and code."""
    business = BUSINESS.get(country)
    return business if business is not None and business.code == code else IDENTITIES.get((country, code))
