"""What markets hold about people: tax numbers and exemptions of buyers. Sellers' addresses are of companies."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.privacy import Holding, Personal, Subject, register, rows_of
from markets.models import BuyerTaxId, TaxExemption


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The numbers the person gave, and their exemptions."""
    if subject.user_id is None:
        return {}
    return {
        "markets.BuyerTaxId": rows_of(
            BuyerTaxId.objects.filter(user_id=subject.user_id),
            "country", "kind", "number", "status", "checked_at", "reference",
        ),
        "markets.TaxExemption": rows_of(
            TaxExemption.objects.filter(user_id=subject.user_id),
            "country", "region", "number", "effective_from", "effective_to",
        ),
    }  # fmt: skip


def erase(subject: Subject) -> Mapping[str, int]:
    """Numbers that no order rests on go; the others lose the account they came from."""
    if subject.user_id is None:
        return {}
    mine = BuyerTaxId.objects.filter(user_id=subject.user_id)
    gone = mine.filter(reference="").delete()[0]
    return {"markets.BuyerTaxId": gone + mine.update(user=None)}


register(
    Holding(
        app="markets",
        personal=(
            Personal(
                model="markets.LegalEntity",
                fields=("email", "phone", "address"),
                purpose="Who sells, as every page and paper has to say.",
                fate="kept",
                reason="A company, not a customer.",
            ),
            Personal(
                model="markets.DoubtfulRate",
                fields=("decided_by",),
                purpose="Which operator decided about an exchange rate.",
                fate="kept",
                reason="What operators do to the books stays on record.",
            ),
            Personal(
                model="markets.BuyerTaxId",
                fields=("user", "number", "number_print", "evidence"),
                purpose="Who owes the tax of a sale, and what customs ask of whoever imports.",
                fate="pseudonymised",
                reason="A sale without tax needs its proof for as long as the tax office may ask.",
            ),
            Personal(
                model="markets.TaxExemption",
                fields=("user", "number", "document", "approved_by"),
                purpose="Proof that a customer owes no tax.",
                fate="kept",
                reason="A sale without tax needs its proof for as long as the tax office may ask.",
            ),
        ),
        export=export,
        erase=erase,
    )
)
