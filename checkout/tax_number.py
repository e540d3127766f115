"""Buying as a business: the tax number in the checkout, what its register says, and the buyer the tax is asked for."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from checkout.entry import Entry
from core.limits import attempt
from markets.inputs import FieldView
from markets.landed.types import Buyer
from markets.models import BuyerTaxId, TaxIdStatus
from markets.tax_ids import Kind, TaxIdRefused, business_kind, check_tax_id, read_tax_id
from markets.tax_ids.actions import attach_to_order, buyer_fact
from markets.tax_ids.exemptions import exemption_for

FIELD = "tax_number"
ASKED_IN = frozenset({"GB", "NO", "CH", "AU", "NZ", "SG"})
"""Where a business number matters for the tax although we can ask no register: an operator confirms it."""
FOR_GUESTS = "checkout"
"""The reference of numbers nobody's account holds yet; the order keeps a row of its own."""
MOST_CHECKS, PER_SECONDS = 30, 3600
KEPT = timedelta(days=30)


def invoice_country(entry: Entry) -> str:
    """Where the buyer is, for tax numbers: the country of the invoice."""
    return entry.country if entry.billing_same else entry.bill_country


def kind_asked(entry: Entry) -> Kind | None:
    """The number a business buyer may give here; nothing where it changes nothing."""
    kind = business_kind(invoice_country(entry))
    if kind is None:
        return None
    return kind if kind.register or kind.country in ASKED_IN else None


def check_tax_number(entry: Entry, *, user_id: int | None, visitor: str) -> None:
    """Ask the register about the number that was typed, unless it was asked lately. No transaction may be open.

    A number that cannot be right is left to `tax_number_problem`. Whoever tries too many numbers is not asked for.
    """
    kind = kind_asked(entry)
    if kind is None or not entry.tax_number.strip():
        return
    if not attempt("tax-number", visitor or str(user_id), limit=MOST_CHECKS, seconds=PER_SECONDS):
        return
    try:
        check_tax_id(kind=kind, typed=entry.tax_number, user_id=user_id, reference="" if user_id else FOR_GUESTS)
    except TaxIdRefused:
        return


def tax_number_problem(entry: Entry) -> dict[str, str]:
    """What is wrong with the number, by field. It can always be left out: then the buyer is a consumer."""
    kind = kind_asked(entry)
    if kind is None or not entry.tax_number.strip():
        return {}
    try:
        read_tax_id(kind, entry.tax_number)
    except TaxIdRefused as refusal:
        return {FIELD: _("%(problem)s Correct it, or leave it empty.") % {"problem": str(refusal)}}
    return {}


def buyer_of(entry: Entry, *, user_id: int | None) -> Buyer:
    """The buyer as the tax is asked for: what is known of the number, and an exemption of the customer."""
    known = buyer_fact(_row(entry, user_id))
    exemption = exemption_for(
        user_id=user_id, country=entry.country, region=entry.ship.get("region", ""), on=timezone.now().date()
    )
    if not exemption:
        return known
    return Buyer(
        tax_id=known.tax_id,
        tax_id_country=known.tax_id_country,
        tax_id_status=known.tax_id_status,
        exemption_document=exemption,
    )


def keep_with_order(entry: Entry, *, user_id: int | None, number: str) -> None:
    """Freeze the number and its proof on the order."""
    row = _row(entry, user_id)
    if row is not None:
        attach_to_order(tax_id=row.pk, number=number)


def tax_number_fields(entry: Entry, problem: str, *, user_id: int | None = None) -> tuple[FieldView, ...]:
    """The field as it is shown, with what the register said; nothing where no number is asked."""
    kind = kind_asked(entry)
    if kind is None:
        return ()
    row = _row(entry, user_id)
    hint = _("Only if you buy for a business.") if row is None else _said(row)
    return (
        FieldView(
            name=FIELD,
            id="tax-number",
            label=str(kind.name),
            type="text",
            value=entry.tax_number,
            error=problem,
            hint=hint,
            autocomplete="off",
            inputmode="",
            optional=True,
            width="full",
            max_length=40,
        ),
    )


def forget_old_numbers() -> int:
    """Numbers that guests typed and no order rests on go after a month."""
    old = BuyerTaxId.objects.filter(user=None, reference=FOR_GUESTS, updated__lt=timezone.now() - KEPT)
    return old.delete()[0]


def _row(entry: Entry, user_id: int | None) -> BuyerTaxId | None:
    kind = kind_asked(entry)
    if kind is None or not entry.tax_number.strip():
        return None
    try:
        number = read_tax_id(kind, entry.tax_number)
    except TaxIdRefused:
        return None
    mine = BuyerTaxId.objects.numbered(number).filter(country=kind.country, kind=kind.code)
    return mine.filter(user=user_id, reference="" if user_id else FOR_GUESTS).first()


def _said(row: BuyerTaxId) -> str:
    if row.status == TaxIdStatus.VALID:
        return _("The register knows this number. The tax follows the rules for businesses.")
    if row.status == TaxIdStatus.INVALID:
        return _("The register does not know this number, so the tax is charged as for everybody.")
    return _("This number could not be checked yet, so the tax is charged. We write the result into your order.")
