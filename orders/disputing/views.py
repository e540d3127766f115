"""The screen of a dispute: its dates, the checklist with what the shop holds, the file to hand in, and its end."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from core.errors import DomainError
from orders.actions.sharing import home_of
from orders.disputing.bundle import Paper, evidence_zip
from orders.disputing.evidence import Found, evidence_for
from orders.disputing.forms import AssignForm, ChecklistForm, EndForm
from orders.models import DocumentFile, FileState, Order
from orders.workspace.views import screen
from payments.actions.disputes import answer_dispute, assign_dispute, give_dispute_up, keep_evidence
from payments.models import Dispute
from payments.queries import test_page_of

LOOK, ACT = "payments.view_dispute", "payments.handle_dispute"


class DisputeView(View):
    """GET shows it; POST with `step` keeps the checklist, assigns, answers or gives up."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        _must(request, LOOK)
        return self.page(_dispute(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One step. What is refused is said above, with everything that was typed."""
        _must(request, ACT)
        dispute = _dispute(pk)
        steps = {"keep": self._keep, "assign": self._assign, "answer": self._answer, "give_up": self._give_up}
        step = steps.get(request.POST.get("step", ""))
        if step is None:
            raise Http404
        try:
            refused = step(dispute)
        except DomainError as refusal:
            return self.page(_dispute(pk), refusal=str(refusal))
        if refused is not None:
            return self.page(dispute, refused=refused)
        messages.success(request, _("It is kept."))
        return HttpResponseRedirect(reverse("admin:workspace_dispute", args=[pk]))

    def _keep(self, dispute: Dispute) -> Form | None:
        form = ChecklistForm(dispute, self.request.POST)
        if not form.is_valid():
            return form
        keep_evidence(dispute_id=dispute.pk, pieces=form.pieces())
        return None

    def _assign(self, dispute: Dispute) -> Form | None:
        form = AssignForm(self.request.POST)
        if not form.is_valid():
            return form
        person = form.cleaned_data["person"]
        assign_dispute(dispute_id=dispute.pk, user_id=person.pk if person else None)
        return None

    def _answer(self, dispute: Dispute) -> Form | None:
        form = EndForm(self.request.POST)
        if not form.is_valid():
            return form
        answer_dispute(dispute_id=dispute.pk, note=form.cleaned_data["note"])
        return None

    def _give_up(self, dispute: Dispute) -> Form | None:
        form = EndForm(self.request.POST)
        if not form.is_valid():
            return form
        give_dispute_up(dispute_id=dispute.pk, reason=form.cleaned_data["note"])
        return None

    def page(self, dispute: Dispute, *, refused: Form | None = None, refusal: str = "") -> HttpResponse:
        """The page; 422 when something was refused."""
        order = _order(dispute)
        checklist = refused if isinstance(refused, ChecklistForm) else ChecklistForm(dispute)
        return screen(
            self.request,
            "admin/orders/dispute.html",
            status=422 if refused or refusal else 200,
            title=_("Dispute of %(number)s") % {"number": dispute.order_ref},
            dispute=dispute,
            order=order,
            rows=[_row(found, checklist) for found in evidence_for(dispute, order)] if order else [],
            assign=AssignForm(initial={"person": dispute.assigned_to_id}),
            end=refused if isinstance(refused, EndForm) else EndForm(),
            refusal=refusal,
            may_act=self.request.user.has_perm(ACT) and dispute.is_open,
            bank_url=test_page_of(dispute.payment),
        )


class EvidenceView(View):
    """The chosen evidence as one ZIP."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file, with the notes beside each kind and the order's documents."""
        _must(request, ACT)
        dispute = _dispute(pk)
        order = _order(dispute)
        if order is None:
            raise Http404
        kept = {piece.kind: piece for piece in dispute.evidence.all()}
        chosen = [one for one in evidence_for(dispute, order) if one.kind in kept and kept[one.kind].is_chosen]
        notes = {kind: piece.note for kind, piece in kept.items()}
        body = evidence_zip(chosen, notes, _papers(order) if any(one.kind == "order" for one in chosen) else ())
        return HttpResponse(
            body,
            content_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="dispute-{dispute.order_ref}.zip"',
                "Cache-Control": "private, no-store",
            },
        )


def _must(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _dispute(pk: int) -> Dispute:
    found = Dispute.objects.select_related("payment", "assigned_to").prefetch_related("evidence").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _order(dispute: Dispute) -> Order | None:
    """The order, or the one it was merged into."""
    return Order.objects.filter(number=home_of(dispute.order_ref)).first()


def _row(found: Found, form: ChecklistForm) -> dict[str, Any]:
    return {"found": found, "chosen": form[f"chosen_{found.kind}"], "note": form[f"note_{found.kind}"]}


def _papers(order: Order) -> list[Paper]:
    files = DocumentFile.objects.filter(document__order=order, state=FileState.READY).select_related("document")
    papers = []
    for file in files.order_by("pk"):
        with file.pdf.open("rb") as opened:
            papers.append(Paper(name=f"{file.document}.pdf", content=opened.read()))
    return papers
