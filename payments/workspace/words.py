"""What to do about a difference, in a sentence."""

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from payments.models import ReconciliationItem, StatementEntry

STEPS: dict[str, Promise] = {
    "unknown_here": _(
        "Look the row up at the provider. If it belongs to an order, try again; if it is not of this shop, explain it."
    ),
    "missing_there": _("Ask the provider where the money is. Try again once it answers, or explain why it stays away."),
    "amount_differs": _("Compare both amounts with the provider's page, then book the difference or explain it."),
    "in_doubt": _("Decide the payment case first. The row is matched by itself afterwards."),
    "rate_missing": _("Write the exchange rate of the day down, then try again."),
    "unexplained": _("Find out at the provider what the movement is, then book or explain it."),
    "payout_differs": _("Compare the payout with the bank statement and with its rows, then explain the rest."),
    "proof": _("Open the proof of the order and look at the line that differs."),
}

DETAILS: dict[str, Promise] = {
    "row": _("Row of the provider"),
    "kind": _("Kind"),
    "net": _("Net amount"),
    "reference": _("Reference"),
    "theirs": _("The provider says"),
    "ours": _("We have booked"),
    "first": _("Told first"),
    "now": _("Told now"),
    "payout": _("Payout"),
    "rows": _("Sum of its rows"),
    "fact": _("Report"),
    "check": _("Line of the proof"),
    "left": _("On one side"),
    "right": _("On the other"),
}


def next_step(item: ReconciliationItem) -> str:
    """The sentence for an open difference; nothing is left to do about a resolved one."""
    return str(STEPS[item.kind]) if item.state == "open" else str(_("Nothing is left to do."))


def proof_link(item: ReconciliationItem) -> str:
    """The way to the proof of the order, where there is such a page; a dash otherwise."""
    try:
        address = reverse("admin:workspace_proof", args=[item.order_ref])
    except NoReverseMatch:
        return "–"
    return format_html('<a href="{}">{}</a>', address, item.order_ref)


def details(item: ReconciliationItem) -> str:
    """What is known about it, one thing after the other."""
    kinds = dict(StatementEntry.Kind.choices)
    known = [(DETAILS[name], kinds.get(value, value)) for name, value in item.detail.items() if name in DETAILS]
    return format_html_join(" · ", "{}: {}", known)
