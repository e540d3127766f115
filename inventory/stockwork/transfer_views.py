"""Transfers over HTTP: a list, a form to plan one, and a page where each button is one action."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views import View

from catalog.workspace.screens import go_to, screen
from core.errors import DomainError
from inventory.models import Transfer, TransferLine, Warehouse
from inventory.stockwork.listing import MOST_PIECES, may, must_have, pieces_of
from inventory.stockwork.reading import ReadLines, read_lines, variants_called
from inventory.stockwork.transfer_pages import transfer_list, transfer_page
from inventory.stockwork.transfer_papers import packing_paper, packing_table
from inventory.stockwork.transfers import (
    cancel_transfer,
    draft_transfer,
    set_aside,
    set_line,
    ship_transfer,
    take_back,
)
from inventory.stockwork.transfers_in import close_transfer, receive_transfer

PLAN, SEND = "plan_transfer", "ship_transfer"
DUE = time(23, 59, tzinfo=UTC)


def _key() -> str:
    return str(uuid4())


def places() -> list[tuple[str, str]]:
    """The warehouses to choose from."""
    return [(place.code, place.name_i18n) for place in Warehouse.objects.filter(is_active=True).order_by("code")]


def _ends(codes: Sequence[str], asked: Mapping[str, Any]) -> dict[str, str]:
    """From where to where, when nobody has said: two different places."""
    start = asked.get("from_code") or next((code for code in codes if code != asked.get("to_code")), "")
    return {"from_code": start, "to_code": next((code for code in codes if code != start), "")}


class TransferForm(forms.Form):
    """From where to where, and what."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=_key)
    from_code = forms.ChoiceField(label=pgettext_lazy("place", "From"))
    to_code = forms.ChoiceField(label=pgettext_lazy("place", "To"))
    due = forms.DateField(
        label=gettext_lazy("Expected until"), required=False, widget=forms.DateInput({"type": "date"})
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)
    lines = forms.CharField(
        label=gettext_lazy("What is sent"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea({"rows": 6, "dir": "ltr"}),
        help_text=gettext_lazy("One variant per line: SKU or GTIN, then pieces. Lines can be added later too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read = ReadLines({})
        known = places()
        for name in ("from_code", "to_code"):
            self.fields[name].choices = known  # type: ignore[attr-defined]  # a choice field
        self.initial = {**_ends([code for code, _name in known], self.initial), **self.initial}
        for field in self.fields.values():
            if not isinstance(field.widget, forms.HiddenInput):
                field.widget.attrs["class"] = "input"

    def clean_lines(self) -> str:
        """Every line that cannot be read is named."""
        text: str = self.cleaned_data["lines"]
        self.read = read_lines(text)
        if self.read.problems:
            raise forms.ValidationError(list(self.read.problems))
        return text


class TransfersView(View):
    """The list, and the form to plan a transfer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must_have(request, "view_transfer")
        return self.page(request, TransferForm(initial=request.GET.dict()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Plan one."""
        must_have(request, PLAN)
        form = TransferForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            due = given["due"]
            try:
                made = draft_transfer(
                    from_code=given["from_code"],
                    to_code=given["to_code"],
                    lines=form.read.pieces,
                    note=given["note"],
                    due_at=datetime.combine(due, DUE) if due else None,
                    op_key=f"form:{given['key']}",
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                return go_to(reverse("admin:inventory_transfer", args=[made.number]))
        return self.page(request, form, status=422)

    @staticmethod
    def page(request: HttpRequest, form: TransferForm, status: int = 200) -> HttpResponse:
        """List and form."""
        context: dict[str, Any] = {
            "title": _("Transfers"),
            "page": transfer_list(request.GET.dict()),
            "form": form,
            "may_plan": may(request, PLAN),
        }
        return screen(request, "admin/inventory/transfers.html", status=status, **context)


PAPERS: Mapping[str, Callable[[Transfer], HttpResponse]] = {"csv": packing_table, "pdf": packing_paper}


class TransferView(View):
    """One transfer. A deed that is refused leaves what was typed where it is."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """The page, or the list to pack by: on paper, or as a table."""
        must_have(request, "view_transfer")
        paper = PAPERS.get(request.GET.get("format", ""))
        return paper(find(number)) if paper else self.page(request, number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """The deed its button names."""
        deed = request.POST.get("deed", "").partition(":")[0]
        permission, act, done = DEEDS.get(deed, DEEDS["line"])
        must_have(request, permission)
        find(number)
        try:
            act(number, request.POST)
        except (DomainError, ValueError) as refusal:
            return self.page(request, number, refusal=str(refusal))
        messages.success(request, str(done))
        return go_to(reverse("admin:inventory_transfer", args=[number]), anchor="scan" if deed == "scan" else "")

    @staticmethod
    def page(request: HttpRequest, number: str, *, refusal: str = "") -> HttpResponse:
        """The transfer; 422 with what was typed when a deed was refused."""
        context: dict[str, Any] = {
            "title": number,
            "page": transfer_page(find(number), typed=request.POST.dict() if refusal else None),
            "typed": request.POST if refusal else {},
            "refusal": refusal,
            "key": request.POST.get("key") or _key(),
            "scan_key": _key(),
            "losses": [choice for choice in TransferLine.Loss.choices if choice[0]],
            "may_plan": may(request, PLAN),
            "may_send": may(request, SEND),
        }
        return screen(request, "admin/inventory/transfer.html", status=422 if refusal else 200, **context)


def find(number: str) -> Transfer:
    """The transfer of the address. Raises `Http404`."""
    row = Transfer.objects.select_related("from_warehouse", "to_warehouse").filter(number=number).first()
    if row is None:
        raise Http404
    return row


Posted = Mapping[str, Any]


def _line(number: str, posted: Posted) -> None:
    read = read_lines(str(posted.get("line", "")))
    if read.problems or not read.pieces:
        raise ValueError(" ".join(read.problems) or _("Write a SKU or GTIN, then pieces."))
    for variant_id, count in read.pieces.items():
        set_line(number=number, variant_id=variant_id, quantity=count)


def _drop(number: str, posted: Posted) -> None:
    wanted = str(posted.get("deed", "")).partition(":")[2]
    line = TransferLine.objects.filter(transfer__number=number, pk=int(wanted) if wanted.isdecimal() else 0).first()
    if line is not None:
        set_line(number=number, variant_id=line.variant_id, quantity=0)


def _ship(number: str, posted: Posted) -> None:
    ship_transfer(
        number=number,
        shipped=pieces_of(posted, "n-"),
        at=timezone.now(),
        carrier=str(posted.get("carrier", "")).strip(),
        tracking_no=str(posted.get("tracking_no", "")).strip(),
    )


def _receive(number: str, posted: Posted) -> None:
    counts = pieces_of(posted, "n-")
    if not any(counts.values()):
        raise ValueError(_("Write how many pieces arrived."))
    receive_transfer(number=number, counts=counts, at=timezone.now(), op_key=str(posted.get("key", ""))[:36])


def _scan(number: str, posted: Posted) -> None:
    """A scanner at the gate: so many pieces of one variant have arrived, booked at once and once per key."""
    code, typed = str(posted.get("code", "")).strip(), str(posted.get("pieces", "")).strip() or "1"
    variant = variants_called([code]).get(code, 0)
    line = TransferLine.objects.filter(transfer__number=number, variant=variant).first()
    if line is None:
        raise ValueError(_("%(code)s is not part of this transfer.") % {"code": code[:80]})
    if not typed.isdecimal() or not 0 < int(typed) <= MOST_PIECES:
        raise ValueError(_("Write how many pieces arrived."))
    key = str(posted.get("key", ""))[:36]
    receive_transfer(number=number, counts={line.pk: int(typed)}, at=timezone.now(), op_key=key)


def _close(number: str, posted: Posted) -> None:
    lines = TransferLine.objects.filter(transfer__number=number).values_list("pk", flat=True)
    losses = {pk: str(posted.get(f"loss-{pk}") or posted.get("loss", "")) for pk in lines}
    close_transfer(number=number, losses=losses, at=timezone.now(), remark=str(posted.get("remark", "")))


Act = Callable[[str, Posted], Any]
DEEDS: Mapping[str, tuple[str, Act, str | Promise]] = {
    "line": (PLAN, _line, gettext_lazy("The transfer is changed.")),
    "drop": (PLAN, _drop, gettext_lazy("The line is out of the transfer.")),
    "aside": (
        PLAN,
        lambda number, _posted: set_aside(number=number),
        gettext_lazy("The pieces are set aside. Nobody can buy them now."),
    ),
    "back": (
        PLAN,
        lambda number, _posted: take_back(number=number),
        gettext_lazy("The pieces can be sold again, and the transfer can be changed."),
    ),
    "cancel": (
        PLAN,
        lambda number, posted: cancel_transfer(number=number, reason=str(posted.get("reason", ""))),
        gettext_lazy("The transfer is canceled."),
    ),
    "ship": (SEND, _ship, gettext_lazy("The transfer is on its way.")),
    "receive": (SEND, _receive, gettext_lazy("What arrived is on the shelf.")),
    "scan": (SEND, _scan, gettext_lazy("It is on the shelf.")),
    "close": (SEND, _close, gettext_lazy("The transfer is closed.")),
}
