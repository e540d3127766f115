"""Shipping papers over HTTP for operators: made when asked for, looked at, and printed for several orders at once."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from core.errors import DomainError
from orders.actions.paper_runs import AT_ONCE, MOST, start_paper_run
from orders.actions.papers import issue_paper, issue_papers, read_paper, read_papers_together
from orders.documents.refusals import DocumentDamaged
from orders.models import Order, PaperKind, ShippingPaper
from orders.views_documents import pdf_response
from orders.workspace.paper_runs import paper_runs
from orders.workspace.selection import selection_of
from orders.workspace.views import must

TOLD = 5
"""Refusals of a batch that are told one by one."""


class PaperView(View):
    """One paper of an order as it was made: always the same bytes."""

    def get(self, request: HttpRequest, number: str, paper: str) -> HttpResponse:
        """The PDF."""
        must(request, "view_shippingpaper")
        found = ShippingPaper.objects.filter(order__number=number, number=paper).first()
        if found is None:
            raise Http404
        try:
            return _private(pdf_response(read_paper(found), called=f"{found.number}.pdf"))
        except DocumentDamaged as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(_order(number))


class IssueView(View):
    """Make a paper of an order or of one of its parcels."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """The paper, on its own address; a refusal says what is missing."""
        _may_issue(request)
        kind, parcel = _kind(request), request.POST.get("parcel", "0")
        try:
            paper = issue_paper(number=number, kind=kind, parcel=int(parcel) if parcel.isdecimal() else 0)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(_order(number))
        return HttpResponseRedirect(reverse("admin:workspace_paper", args=[number, paper.number]))


class PrintPapersView(View):
    """One kind of paper for the chosen orders as one PDF: at once for a few, by a worker for many."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """What was printed before."""
        return paper_runs(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """What was chosen, newest first."""
        _may_issue(request)
        kind = _kind(request)
        ids = selection_of(request.POST).ids(user_id=request.user.pk, most=MOST)
        chosen = Order.objects.filter(pk__in=ids).order_by("-placed_at", "-pk").values_list("number", flat=True)
        if 0 < len(ids) <= AT_ONCE:
            return _printed(request, list(chosen), kind)
        try:
            job = start_paper_run(numbers=list(chosen), kind=kind)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:workspace_list"))
        return HttpResponseRedirect(reverse("admin:workspace_paper_run", args=[job.pk]))


def _printed(request: HttpRequest, numbers: Sequence[str], kind: PaperKind) -> HttpResponse:
    """The papers of a few orders; what refused is told on the list."""
    made = issue_papers(numbers=numbers, kind=kind)
    _tell_refused(request, made.refused)
    if not made.papers:
        messages.warning(request, _("There is nothing to print for the ticked orders."))
        return HttpResponseRedirect(reverse("admin:workspace_list"))
    try:
        pdf = read_papers_together(made.papers)
    except DocumentDamaged as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:workspace_list"))
    return _private(pdf_response(pdf, called=f"{kind.value}.pdf"))


def _tell_refused(request: HttpRequest, refused: Sequence[tuple[str, str]]) -> None:
    for number, why in refused[:TOLD]:
        messages.warning(request, f"{number}: {why}")
    if (rest := len(refused) - TOLD) > 0:
        sentence = ngettext("%(count)d more was refused.", "%(count)d more were refused.", rest)
        messages.warning(request, sentence % {"count": rest})


def _may_issue(request: HttpRequest) -> None:
    must(request, "issue_shippingpaper")
    must(request, "view_shippingpaper")


def _kind(request: HttpRequest) -> PaperKind:
    """Raises `PermissionDenied` for a word no button of ours says."""
    told = request.POST.get("kind", "")
    if told not in PaperKind.values:
        raise PermissionDenied
    return PaperKind(told)


def _order(number: str) -> str:
    return reverse("admin:workspace_order", args=[number])


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
