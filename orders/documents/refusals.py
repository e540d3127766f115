"""Why a document is not issued: a fact is missing or does not add up. A person is asked, and nothing is invented."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.errors import DomainError

WORDS: Mapping[str, str | Promise] = {
    "seller": gettext_lazy("the seller of this order"),
    "seller_name": gettext_lazy("the seller's name"),
    "seller_address": gettext_lazy("the seller's street, postal code and city"),
    "seller_tax_number": gettext_lazy("the seller's tax number"),
    "seller_register": gettext_lazy("the seller's entry in the commercial register"),
    "registration_number": gettext_lazy("the number of the seller's tax registration where tax was charged"),
    "japanese_number": gettext_lazy("the seller's Japanese registration number, T and 13 digits"),
    "swiss_number": gettext_lazy("the seller's Swiss UID with the suffix MWST, TVA or IVA"),
    "exchange_rate": pgettext_lazy("missing on an invoice", "the exchange rate to the currency of the tax"),
    "sums": gettext_lazy("lines, delivery and taxes that add up to the total"),
    "invoice": gettext_lazy("the invoice that the credit note corrects"),
    "left": gettext_lazy("enough of the invoice that was not credited yet"),
    "consignee": pgettext_lazy("missing on a paper", "the name and address of whom the parcel goes to"),
    "goods": pgettext_lazy("missing on a paper", "goods in the parcel"),
    "value": pgettext_lazy("missing on a paper", "a value above nothing for each of the goods"),
    "weight": pgettext_lazy("missing on a paper", "the weight of each of the goods"),
    "scheme_number": pgettext_lazy(
        "missing on a paper", "the number of the registration under which import tax was charged"
    ),
    "unpaid": pgettext_lazy("missing on a paper", "an order that is not paid yet (a paid one has its invoice)"),
    "border": pgettext_lazy("missing on a paper", "a customs border between the warehouse and the address"),
    "sdr_rate": pgettext_lazy("missing on a paper", "the exchange rate to special drawing rights (a CN23 needs none)"),
    "cn22_weight": pgettext_lazy("missing on a paper", "a weight of 2 kg at most (use a CN23)"),
    "cn22_value": pgettext_lazy("missing on a paper", "a value of 300 special drawing rights at most (use a CN23)"),
}


class DocumentRefused(DomainError):
    """The document would not be a lawful one. `missing` are keys of `WORDS`."""

    code = "DOCUMENT_REFUSED"

    def __init__(self, *missing: str) -> None:
        self.missing = tuple(dict.fromkeys(missing))
        told = ", ".join(str(WORDS[one]) for one in self.missing)
        super().__init__(_("The document cannot be issued yet. Missing: %(list)s.") % {"list": told})


class DocumentNotReady(DomainError):
    """Its number is given and its file is being made."""

    code = "DOCUMENT_NOT_READY"
    message = gettext_lazy("This document is being written. It is ready in a minute.")


class DocumentDamaged(DomainError):
    """The stored file is not the one that was made; nobody gets it."""

    code = "DOCUMENT_DAMAGED"
    message = gettext_lazy("This document cannot be opened right now. Write to us and we send it to you.")
