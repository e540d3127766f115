"""Why a seller charges no tax, in the words of the law that its row keeps."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from markets.cache import remembered
from markets.models import UntaxedSeller
from markets.tax.types import UntaxedFact

MARK = "untaxed:"
NOT_COMPUTED = "not_computed"


TAXED = frozenset({"standard", "reduced", "zero"})
VOUCHER = "voucher"


def no_tax_sentence(told: Iterable[tuple[str, str]], language: str) -> str | None:
    """What is said of a sale without any tax, from its lines' pairs of reason and rule.

    None when a line is taxed, at zero percent: then the sum says it. Empty when the lines say it themselves, as a gift
    card's does.
    """
    pairs = list(told)
    reasons = {reason for reason, _rule in pairs}
    if reasons & TAXED:
        return None
    if reasons <= {VOUCHER}:
        return ""
    return untaxed_sentence(pairs, language) or _("We collect no tax for this destination.")


def untaxed_sentence(told: Iterable[tuple[str, str]], language: str) -> str:
    """Why lines bear no tax, from their pairs of reason and rule; empty when none was left without tax by its seller.

    One query at first for each rule, none when warm.
    """
    rules = {rule for reason, rule in told if reason == NOT_COMPUTED}
    notes = [note for rule in sorted(rules) if (note := _note(rule, language))]
    if notes:
        return _("No tax is charged by this shop: %(reason)s") % {"reason": " ".join(notes)}
    return _("We collect no tax for this destination.") if rules else ""


def _note(rule: str, language: str) -> str:
    if not rule.startswith(MARK):
        return ""
    kept = remembered(("untaxed note", rule), lambda: _read(int(rule.removeprefix(MARK))))
    return UntaxedFact(rule_id=rule, seller="", note=kept).told(language)


def _read(number: int) -> tuple[tuple[str, str], ...]:
    note = UntaxedSeller.objects.filter(pk=number).values_list("legal_note", flat=True).first() or {}
    return tuple(note.items())
