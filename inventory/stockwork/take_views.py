"""Stock takes over HTTP: a list with a form to plan one, and a page to count, scan, review and book."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from catalog.workspace.screens import go_to, screen
from core.errors import DomainError
from core.idempotency import claim, fingerprint
from inventory.models import StockTake
from inventory.stockwork.listing import may, must_have, pieces_of
from inventory.stockwork.take_files import count_list, count_paper, read_counts
from inventory.stockwork.take_pages import take_list, take_page
from inventory.stockwork.takes import (
    approve_difference,
    begin_counting,
    cancel_take,
    count_scanned,
    count_shelves,
    end_counting,
    explain_differences,
    forget_count,
    plan_take,
)
from inventory.stockwork.takes_booking import book_take
from inventory.stockwork.transfer_views import places

COUNT, BOOK, AGREE = "count_stock", "book_stocktake", "approve_difference"
MOST_AT_ONCE = 10_000
MOVES_ON = frozenset({"begin", "end", "book", "cancel"})
"""Deeds after which other lines are what one wants to see."""


class TakeForm(forms.Form):
    """Where, what of it, and how."""

    warehouse_code = forms.ChoiceField(label=gettext_lazy("Warehouse"))
    scope = forms.ChoiceField(label=gettext_lazy("What is counted"), choices=StockTake.Scope.choices)
    part = forms.CharField(
        label=gettext_lazy("Which"), max_length=80, required=False,
        help_text=gettext_lazy("The beginning of the shelves, or the code of the category."),
    )  # fmt: skip
    review_above = forms.IntegerField(
        label=gettext_lazy("Second person above"), min_value=0, max_value=100_000, initial=5,
        help_text=gettext_lazy("Differences of more pieces need somebody else's word."),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)
    is_blind = forms.BooleanField(
        label=gettext_lazy("Do not show what the books say while it is counted"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse_code"].choices = places()  # type: ignore[attr-defined]  # a choice field
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        """A part of the warehouse has to be named."""
        found = super().clean() or {}
        needs_part = found.get("scope") in (StockTake.Scope.SHELF, StockTake.Scope.CATEGORY)
        if needs_part and not found.get("part", "").strip():
            self.add_error("part", _("Say which."))
        return found


class TakesView(View):
    """The list, and the form to plan a stock take."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must_have(request, "view_stocktake")
        return self.page(request, TakeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Plan one."""
        must_have(request, BOOK)
        form = TakeForm(request.POST)
        if form.is_valid():
            try:
                made = plan_take(**form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                return go_to(reverse("admin:inventory_take", args=[made.number]))
        return self.page(request, form, status=422)

    @staticmethod
    def page(request: HttpRequest, form: TakeForm, status: int = 200) -> HttpResponse:
        """List and form."""
        context: dict[str, Any] = {
            "title": _("Stock takes"),
            "page": take_list(request.GET.dict()),
            "form": form,
            "may_plan": may(request, BOOK),
        }
        return screen(request, "admin/inventory/takes.html", status=status, **context)


PAPERS: Mapping[str, Callable[[StockTake], HttpResponse]] = {"csv": count_list, "pdf": count_paper}


class TakeView(View):
    """One stock take. A deed that is refused leaves what was typed where it is."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """The page, or the list to count by: on paper, or as a table."""
        must_have(request, "view_stocktake")
        paper = PAPERS.get(request.GET.get("format", ""))
        return paper(find(number)) if paper else self.page(request, number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """The deed its button names."""
        deed, _colon, line = request.POST.get("deed", "count").partition(":")
        permission, act, done = DEEDS.get(deed, DEEDS["count"])
        must_have(request, permission)
        find(number)
        try:
            told = act(number, request, int(line) if line.isdecimal() else 0)
        except (DomainError, ValueError) as refusal:
            return self.page(request, number, refusal=str(refusal))
        messages.success(request, str(told or done))
        return go_to(
            reverse("admin:inventory_take", args=[number]),
            query="" if deed in MOVES_ON else request.GET.urlencode(),
            anchor="scan" if deed == "scan" else "",
        )

    @staticmethod
    def page(request: HttpRequest, number: str, *, refusal: str = "") -> HttpResponse:
        """The stock take; 422 with what was typed when a deed was refused."""
        typed = request.POST.dict() if refusal else None
        context: dict[str, Any] = {
            "title": number,
            "page": take_page(find(number), request.GET.dict(), person_id=request.user.pk, typed=typed),
            "refusal": refusal,
            "key": str(uuid4()),
            "may_count": may(request, COUNT),
            "may_book": may(request, BOOK),
            "may_agree": may(request, AGREE),
        }
        return screen(request, "admin/inventory/take.html", status=422 if refusal else 200, **context)


def find(number: str) -> StockTake:
    """The stock take of the address. Raises `Http404`."""
    row = StockTake.objects.select_related("warehouse").filter(number=number).first()
    if row is None:
        raise Http404
    return row


def _count(number: str, request: HttpRequest, _line: int) -> str:
    return _entered(count_shelves(number=number, counts=pieces_of(request.POST, "n-")))


def _entered(count: int) -> str:
    return ngettext("%(count)d shelf is counted.", "%(count)d shelves are counted.", count) % {"count": count}


def _scan(number: str, request: HttpRequest, _line: int) -> str:
    code, typed = request.POST.get("code", "").strip(), request.POST.get("pieces", "1").strip() or "1"
    if not typed.lstrip("-").isdecimal() or abs(int(typed)) > MOST_AT_ONCE:
        raise ValueError(_("Write how many pieces."))
    meaning = {"code": code, "pieces": typed}
    told = ""
    with claim("admin.stock_take", f"{number}:{request.POST.get('key', '')[:64]}", fingerprint(meaning)) as mine:
        if not mine.is_replay:
            line = count_scanned(number=number, code=code, pieces=int(typed))
            told = _("%(code)s: %(count)d counted.") % {"code": code, "count": line.counted or 0}
            mine.finish({"told": told})
    return told or str(mine.response.get("told", ""))


def _upload(number: str, request: HttpRequest, _line: int) -> str:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise ValueError(_("Choose a file."))
    return _entered(count_shelves(number=number, counts=read_counts(find(number), file.read())))


def _end(number: str, request: HttpRequest, _line: int) -> None:
    end_counting(number=number, rest_is_zero=request.POST.get("rest") == "zero")


def _explain(number: str, request: HttpRequest, _line: int) -> None:
    """Whichever button is pressed, every reason on the page is saved: nothing that was typed is lost."""
    words = {
        int(name.removeprefix("reason-")): (str(reason), request.POST.get(name.replace("reason-", "remark-"), ""))
        for name, reason in request.POST.items()
        if name.startswith("reason-") and name.removeprefix("reason-").isdecimal()
    }
    explain_differences(number=number, words=words)


Act = Callable[[str, HttpRequest, int], str | None]


def _plain(act: Callable[..., Any]) -> Act:
    """A deed that needs nothing but the stock take."""

    def do(number: str, _request: HttpRequest, _line: int) -> None:
        act(number=number)

    return do


def _of_line(act: Callable[..., Any]) -> Act:
    """A deed on one line."""

    def do(number: str, _request: HttpRequest, line: int) -> None:
        act(number=number, line_id=line)

    return do


DEEDS: Mapping[str, tuple[str, Act, str | Promise]] = {
    "begin": (BOOK, _plain(begin_counting), gettext_lazy("Counting has begun.")),
    "count": (COUNT, _count, ""),
    "scan": (COUNT, _scan, ""),
    "upload": (COUNT, _upload, ""),
    "end": (BOOK, _end, gettext_lazy("Counting is over. Look at the differences.")),
    "recount": (BOOK, _of_line(forget_count), gettext_lazy("This shelf is to be counted again.")),
    "explain": (BOOK, _explain, gettext_lazy("The reasons are saved.")),
    "agree": (AGREE, _of_line(approve_difference), gettext_lazy("You have agreed to this difference.")),
    "book": (BOOK, _plain(book_take), gettext_lazy("The differences are booked.")),
    "cancel": (BOOK, _plain(cancel_take), gettext_lazy("The stock take is canceled. Nothing was booked.")),
}
