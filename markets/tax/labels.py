"""What a tax line is called on a page, in the reader's language."""

from decimal import Decimal

from django.utils.translation import gettext as _

from markets.formatting import format_percent
from markets.names import country_name
from markets.tax.types import TaxLine


def tax_label(*, label: str, rate: Decimal, place: str, reason: str, included: bool, language: str) -> str:
    """One phrase: "VAT 19% (Germany), included", or why nothing is collected."""
    country = country_name(place[:2], language)
    if reason == "not_registered":
        return _("No tax collected by us for %(country)s") % {"country": country}
    if reason in WITHOUT_TAX:
        return _without_tax(reason, country)
    words = {"tax": _tax_name(label), "rate": format_percent(rate, language), "country": country}
    if included:
        return _("%(tax)s %(rate)s (%(country)s), included") % words
    return _("%(tax)s %(rate)s (%(country)s)") % words


WITHOUT_TAX = frozenset(
    {
        "export",
        "below_threshold",
        "reverse_charge",
        "exempt",
        "not_computed",
        "no_import_tax",
        "in_duty",
        "on_delivery",
        "not_taxed",
        "voucher",
    }
)


def _without_tax(reason: str, country: str) -> str:
    """Why there is no tax on it."""
    if reason == "below_threshold":
        return _("No import tax in %(country)s on an order of this value") % {"country": country}
    if reason == "on_delivery":
        return _("Tax of %(country)s is collected on delivery") % {"country": country}
    return {
        "export": _("Free of tax as an export"),
        "reverse_charge": _("Free of tax: the buyer accounts for it (reverse charge)"),
        "exempt": _("Free of tax: an exemption is on file"),
        "not_computed": _("No tax is charged by this shop"),
        "no_import_tax": _("No sales tax collected by us"),
        "in_duty": _("Tax is part of the import charge"),
        "voucher": _("No tax on a gift card: tax is due when it is spent"),
    }.get(reason) or _("Not taxed")


def label_of_line(line: TaxLine, language: str) -> str:
    """The same for a calculator's line."""
    return tax_label(
        label=line.label,
        rate=line.rate,
        place=line.place,
        reason=line.reason,
        included=line.included,
        language=language,
    )


def tax_note(*, display: str, is_collected: bool) -> str:
    """The note beside prices: with tax, or without and what happens then."""
    if display == "gross":
        return _("Tax included. Delivery is shown before you pay.")
    if is_collected:
        return _("Tax is added at checkout.")
    return _("We collect no sales tax for this destination.")


def _tax_name(label: str) -> str:
    return {
        "consumption_tax": _("Consumption tax"),
        "icms": _("ICMS"),
        "sales_tax": _("Sales tax"),
        "gst": _("GST"),
    }.get(label) or _("VAT")
