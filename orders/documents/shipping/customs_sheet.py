"""The posts' customs declarations CN22 and CN23 as what is printed. Pure.

Their fields are those of the Universal Postal Union and stand in English and French, its languages of forms, whatever
the customer speaks.
"""

from collections.abc import Mapping
from typing import Any

from orders.documents.barcodes import code128, is_item_number
from orders.documents.sheet import Heading
from orders.documents.shipping.shares import totals
from orders.documents.shipping.sheet import amount_of, kilograms

FIELDS: Mapping[str, tuple[str, str]] = {
    "title": ("Customs declaration", "Déclaration en douane"),
    "may_be_opened": ("May be opened officially", "Peut être ouvert d’office"),
    "operator": ("Designated operator", "Opérateur désigné"),
    "from": ("From", "De"),
    "to": ("To", "À"),
    "contents": ("Quantity and detailed description of contents", "Quantité et description détaillée du contenu"),
    "description": ("Detailed description of contents", "Description détaillée du contenu"),
    "quantity": ("Quantity", "Quantité"),
    "net_weight": ("Net weight", "Poids net"),
    "value": ("Value", "Valeur"),
    "hs_code": ("HS tariff number", "N° tarifaire du SH"),
    "origin": ("Country of origin", "Pays d’origine"),
    "total_weight": ("Total weight", "Poids total"),
    "total_value": ("Total value", "Valeur totale"),
    "postage": ("Postal charges", "Frais de port"),
    "category": ("Category of item", "Catégorie de l’envoi"),
    "sale_of_goods": ("Sale of goods", "Vente de marchandises"),
    "invoice": ("Invoice number", "N° de la facture"),
    "sender_reference": ("Sender’s customs reference", "Référence en douane de l’expéditeur"),
    "telephone": ("Telephone", "Téléphone"),
    "email": ("E-mail", "Courriel"),
    "certify": (
        "I certify that the particulars given in this customs declaration are correct and that this item does not"
        " contain any dangerous article or articles prohibited by legislation or by postal or customs regulations.",
        "Je certifie que les renseignements donnés dans la présente déclaration en douane sont exacts et que cet envoi"
        " ne contient aucun objet dangereux ou interdit par la législation ou la réglementation postale ou douanière.",
    ),
    "signature": ("Date and sender’s signature", "Date et signature de l’expéditeur"),
}


def customs_form(facts: Mapping[str, Any], heading: Heading, *, form: str) -> dict[str, Any]:
    """A CN22 or a CN23 (`form`). The barcode is the item number of the post; a carrier's own number is printed."""
    _pieces, grams, value = totals(facts["goods"])
    tracked = next(iter(facts["tracking"]), "")
    scheme = f"{facts['scheme']} {facts['scheme_number']}" if facts["scheme"] else ""
    numbers = ", ".join(f"{country} {number}" for country, number in facts["seller"]["numbers"])
    return {
        "template": "customs",
        "form": form.upper(),
        "language": "en",
        "issued_on": heading.issued_on.isoformat(),
        "number": heading.number,
        "fields": {name: list(words) for name, words in FIELDS.items()},
        "operator": facts["carrier"],
        "sender": _party(facts["seller"]),
        "recipient": _party(facts["consignee"]),
        "barcode": code128(tracked if is_item_number(tracked) else heading.number),
        "barcode_words": tracked if is_item_number(tracked) else heading.number,
        "tracking": tracked,
        "rows": [_row(one, facts["currency"]) for one in facts["goods"]],
        "total_weight": kilograms(max(grams, facts["gross_grams"])),
        "total_value": amount_of(value, facts["currency"]),
        "postage": amount_of(facts["freight"], facts["currency"]),
        "invoice": facts["invoice"]["number"] if facts["invoice"] else "",
        "sender_reference": scheme or numbers,
    }


def _party(party: Mapping[str, Any]) -> dict[str, Any]:
    lines = list(party["lines"])
    name = [] if party["name"] in lines else [party["name"]]
    return {"lines": [*name, *lines], "telephone": party["phone"], "email": party["email"]}


def _row(one: Mapping[str, Any], currency: str) -> dict[str, str]:
    return {
        "description": one["description"],
        "quantity": str(one["quantity"]),
        "net_weight": kilograms(one["grams"]),
        "value": amount_of(one["value"], currency),
        "hs_code": one["hs_code"],
        "origin": one["origin"],
    }
