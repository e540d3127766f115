"""Which payment a line is about: by its reference, certainly; otherwise proposals for a person, never a booking."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from payments.models import BankLine, BankTransfer
from payments.providers.bank.references import nearly, references_in

MOST_PROPOSALS = 5
MOST_COMPARED = 2000


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A payment a line may be about, and the sentence that says why. The most likely come first."""

    transfer: BankTransfer
    why: str
    weight: int


def said_by(line: BankLine) -> str:
    """Everything in which a payer may have written the reference."""
    return " \n ".join((line.creditor_ref, line.remittance, line.end_to_end))


def transfer_of(line: BankLine) -> BankTransfer | None:
    """The one transfer whose reference the line names. None when it names none of ours, or several."""
    found = BankTransfer.objects.filter(reference__in=references_in(said_by(line))).select_related("payment")[:2]
    return found[0] if len(found) == 1 else None


def proposals_for(line: BankLine, awaited: Sequence[BankTransfer]) -> tuple[Proposal, ...]:
    """Payments the line may be about, out of those that are awaited or were lately. Money that went is about none."""
    if line.amount_minor <= 0:
        return ()
    found = [proposal for transfer in awaited if (proposal := _proposal(line, transfer)) is not None]
    found.extend(_by_amount(line, awaited))
    best: dict[int, Proposal] = {}
    for proposal in sorted(found, key=lambda one: -one.weight):
        best.setdefault(proposal.transfer.pk, proposal)
    return tuple(best.values())[:MOST_PROPOSALS]


def named_in(line: BankLine) -> tuple[BankTransfer, ...]:
    """Every transfer the line names, in the order in which it does."""
    names = references_in(said_by(line)) if line.amount_minor > 0 else ()
    if len(names) < 2:
        return ()
    found = {one.reference: one for one in BankTransfer.objects.filter(reference__in=names).select_related("payment")}
    return tuple(found[name] for name in names if name in found)


def _proposal(line: BankLine, transfer: BankTransfer) -> Proposal | None:
    """By what the payer wrote: the reference itself, one with a slip, or the number of the order."""
    text = said_by(line).upper()
    if transfer.reference in references_in(text):
        return Proposal(transfer=transfer, why=_("The reference is named, beside others."), weight=4)
    if nearly(transfer.reference, text):
        return Proposal(transfer=transfer, why=_("The reference differs in one place."), weight=3)
    if _squeezed(transfer.payment.order_ref) in _squeezed(text):
        return Proposal(transfer=transfer, why=_("The number of the order is named."), weight=2)
    return None


def _by_amount(line: BankLine, awaited: Iterable[BankTransfer]) -> list[Proposal]:
    """The amount, where only one awaited transfer misses exactly this."""
    same = [transfer for transfer in awaited if _missing(transfer) == (line.amount_minor, line.currency)]
    if len(same) != 1:
        return []
    return [Proposal(transfer=same[0], why=_("No other awaited transfer is about this amount."), weight=1)]


def _missing(transfer: BankTransfer) -> tuple[int, str]:
    payment = transfer.payment
    return payment.amount_minor - payment.captured_minor, payment.currency


def _squeezed(text: str) -> str:
    """Letters and digits only."""
    return "".join(letter for letter in text.upper() if letter.isalnum())
