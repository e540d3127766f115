"""Bank transfers for operators: lines nobody could match, transfers that are awaited, transfers to send."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from core.errors import DomainError
from core.idempotency import claim, fingerprint
from core.money import to_minor
from payments.actions import confirm_payout, refuse_payout
from payments.models import BankAccount, BankLine, BankPayout, BankTransfer, RecipientChange
from payments.providers.bank.references import payout_reference, printed, references_in
from payments.queries import awaited_transfers
from payments.reconciliation.files.cells import RowProblem
from payments.statements.balances import missing_statements
from payments.statements.booking import book_line, set_line_aside
from payments.statements.importing import import_statement
from payments.statements.matching import MOST_COMPARED, Proposal, named_in, proposals_for
from payments.statements.outgoing import (
    PayoutProposal,
    book_payout_line,
    payout_proposals_for,
    payouts_that_may_show,
)
from payments.statements.several import NotDivisible, book_line_to_several, divide
from payments.statements.types import StatementUnreadable
from payments.workspace.bank_forms import BookLineForm, StatementForm
from payments.workspace.views import must, screen

SEE, DO, SEND = "payments.view_bankline", "payments.import_bankstatement", "payments.send_bankpayout"
AGREE = "payments.approve_recipientchange"
AT_ONCE = 25
"""Lines, transfers and payouts on one page."""


class TransferUnknown(DomainError):
    """No transfer has the reference that was typed."""

    code = "BANK_TRANSFER_UNKNOWN"

    def __init__(self) -> None:
        super().__init__(_("No transfer has this reference. Compare it with the payment of the order."))


@dataclass(frozen=True, kw_only=True)
class SeveralProposal:
    """Orders that a line names together and is enough for: `references` as the form takes them."""

    orders: tuple[str, ...]
    references: str
    is_exact: bool


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """A line nobody has decided about, and what it may be."""

    line: BankLine
    proposals: tuple[Proposal, ...] = ()
    several: SeveralProposal | None = None
    payouts: tuple[PayoutProposal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ToSend:
    """A transfer to a customer, and the reference it is to carry, as it is written at the bank."""

    payout: BankPayout
    reference: str
    change: RecipientChange | None = None
    """Another account that waits for a second person."""
    is_mine: bool = False
    """Whether whoever looks has asked for it."""


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """A transfer that has not come, and for how many days it has been awaited."""

    transfer: BankTransfer
    days: int
    is_closed: bool


class BankView(View):
    """All three lists on one page, each with its own pages."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """What waits, the oldest first."""
        must(request, SEE)
        return screen(
            request,
            "admin/payments/bank.html",
            title=_("Bank transfers"),
            lines=_lines(request),
            awaited=_awaited(request),
            payouts=_payouts(request),
            missing=missing_statements(),
            may_do=request.user.has_perm(DO),
            may_send=request.user.has_perm(SEND),
            may_agree=request.user.has_perm(AGREE),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """One click on a proposal, a typed reference, or a reason to set the line aside."""
        must(request, DO)
        form = BookLineForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose what the line is about."))
            return _back()
        try:
            messages.success(request, _decide(form))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return _back()


def _decide(form: BookLineForm) -> str:
    told = form.cleaned_data
    if told["choice"] == "aside":
        set_line_aside(line_id=told["line"], note=told["note"])
        return _("The line was set aside.")
    if told["choice"] == "payout":
        book_payout_line(line_id=told["line"], payout_id=told["payout"] or 0, note=told["note"])
        return _("The transfer is marked as sent.")
    names = references_in(told["reference"])
    found = BankTransfer.objects.in_bulk(names, field_name="reference")
    if not names or len(found) < len(names):
        raise TransferUnknown
    if len(names) > 1:
        ids = [found[name].pk for name in names]
        book_line_to_several(line_id=told["line"], transfer_ids=ids, note=told["note"])
        return _("The money was divided among the orders and booked.")
    book_line(line_id=told["line"], transfer_id=found[names[0]].pk, note=told["note"])
    return _("The money was booked.")


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:payments_bank"))


def _page(request: HttpRequest, name: str, rows: Any) -> Page[Any]:
    return Paginator(rows, AT_ONCE).get_page(request.GET.get(name))


def _lines(request: HttpRequest) -> Page[Any]:
    """The lines of the page with their proposals, all of them out of one reading of the awaited transfers."""
    waiting = BankLine.objects.filter(booking__isnull=True).select_related("account").order_by("booked_on", "pk")
    page = _page(request, "lines", waiting)
    came = any(line.amount_minor > 0 for line in page.object_list)
    went = any(line.amount_minor < 0 for line in page.object_list)
    awaited = list(awaited_transfers()[:MOST_COMPARED]) if came else []
    unseen = payouts_that_may_show() if went else []
    page.object_list = [
        WaitingLine(
            line=line,
            proposals=proposals_for(line, awaited),
            several=_several(line),
            payouts=payout_proposals_for(line, unseen),
        )
        for line in page.object_list
    ]
    return page


def _several(line: BankLine) -> SeveralProposal | None:
    transfers = named_in(line)
    if len(transfers) < 2:
        return None
    try:
        shares = divide(line, transfers)
    except NotDivisible:
        return None
    last, amount = shares[-1]
    return SeveralProposal(
        orders=tuple(one.payment.order_ref for one in transfers),
        references=" ".join(one.reference for one in transfers),
        is_exact=to_minor(amount) == last.payment.amount_minor - last.payment.captured_minor,
    )


def _payouts(request: HttpRequest) -> Page[Any]:
    waiting = BankPayout.objects.filter(state="waiting").select_related("transfer__payment").order_by("pk")
    page = _page(request, "payouts", waiting)
    asked = RecipientChange.objects.filter(state="asked", payout__in=[one.pk for one in page.object_list])
    changes = {one.payout_id: one for one in asked.select_related("asked_by")}
    page.object_list = [
        ToSend(
            payout=one,
            reference=printed(payout_reference(one.pk)),
            change=changes.get(one.pk),
            is_mine=one.pk in changes and changes[one.pk].asked_by_id == request.user.pk,
        )
        for one in page.object_list
    ]
    return page


def _awaited(request: HttpRequest) -> Page[Any]:
    now = timezone.now()
    page = _page(request, "awaited", awaited_transfers().filter(closed_at=None))
    page.object_list = [
        Awaited(transfer=one, days=(now - one.created).days, is_closed=one.closed_at is not None)
        for one in page.object_list
    ]
    return page


class PayoutView(View):
    """A person has sent a transfer at the bank, or cannot."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say so, once."""
        must(request, SEND)
        try:
            if request.POST.get("choice") == "refuse":
                refuse_payout(payout_id=pk, note=request.POST.get("note", "")[:500])
                messages.success(request, _("The refund has failed. Its money is still owed."))
            else:
                told = request.POST
                confirm_payout(payout_id=pk, bank_ref=told.get("bank_ref", ""), seen=told.get("seen", ""))
                messages.success(request, _("The transfer is marked as sent."))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return _back()


class StatementView(View):
    """A statement: stored, matched and booked as far as references go, or refused as a whole."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form, for the account of the address where one is named."""
        must(request, DO)
        asked = request.GET.get("account", "")
        account = BankAccount.objects.filter(pk=int(asked)).first() if asked.isdecimal() else None
        return self.page(StatementForm(account=account or BankAccount.objects.filter(active=True).first()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        must(request, DO)
        form = StatementForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            fresh, booked = _bring_in(form)
        except StatementUnreadable as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, problems=refusal.problems, status=422)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, status=422)
        stored = ngettext("%(count)d new line was stored.", "%(count)d new lines were stored.", fresh)
        matched = ngettext(
            "%(count)d line was booked by its reference.", "%(count)d lines were booked by their references.", booked
        )
        messages.success(request, f"{stored % {'count': fresh}} {matched % {'count': booked}}")
        return _back()

    def page(self, form: StatementForm, *, problems: tuple[RowProblem, ...] = (), status: int = 200) -> HttpResponse:
        """The form; 422 when something was refused, with everything that was typed."""
        return screen(
            self.request,
            "admin/payments/bank_statement.html",
            status=status,
            title=_("Bring in a bank statement"),
            form=form,
            problems=problems,
        )


def _bring_in(form: StatementForm) -> tuple[int, int]:
    told = form.cleaned_data
    content = told["file"].read()
    said = {name: str(value) for name, value in told.items() if name not in ("key", "file")}
    mark = fingerprint(said | {"file": hashlib.sha256(content).hexdigest()})
    with claim("admin.bank_statement", told["key"], mark, stale_after=timedelta(minutes=10)) as mine:
        if not mine.is_replay:
            done = import_statement(
                account_id=told["account"].pk, name=told["file"].name, content=content, columns=form.columns()
            )
            mine.finish({"fresh": done.statement.fresh, "booked": done.booked})
    return int(mine.response["fresh"]), int(mine.response["booked"])
