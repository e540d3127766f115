"""The operators' lists of returns and of questions: saved views, filters that live in the address, pages of rows."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from markets.queries import active_markets
from orders.models import Resolution, ReturnRequest, ReturnState, Ticket, TicketCategory, TicketState
from orders.returning import words
from orders.returning.desk_types import DeskList, DeskRow
from orders.returning.mine import TICKET_TONES
from orders.returning.rules import REASONS, WITHDRAWAL
from orders.states import RETURNS_WAITING
from orders.workspace.types import PageLinks, State, ViewTab

PER_PAGE = 25
Rows = QuerySet[Any]
RETURN_VIEWS: Mapping[str, Callable[[], Rows]] = {
    "waiting": lambda: ReturnRequest.objects.filter(state__in=RETURNS_WAITING),
    "to_decide": lambda: ReturnRequest.objects.filter(state=ReturnState.REQUESTED),
    "expected": lambda: ReturnRequest.objects.filter(state__in=[ReturnState.APPROVED, ReturnState.LABEL_SENT]),
    "to_inspect": lambda: ReturnRequest.objects.filter(state=ReturnState.RECEIVED),
    "to_settle": lambda: ReturnRequest.objects.filter(state=ReturnState.INSPECTED),
    "all": ReturnRequest.objects.all,
}
TICKET_VIEWS: Mapping[str, Callable[[], Rows]] = {
    "waiting": lambda: Ticket.objects.filter(state=TicketState.OPEN),
    "late": lambda: Ticket.objects.filter(state=TicketState.OPEN, due_at__lt=timezone.now()),
    "nobody": lambda: Ticket.objects.filter(state=TicketState.OPEN, assignee=None),
    "answered": lambda: Ticket.objects.filter(state=TicketState.ANSWERED),
    "all": Ticket.objects.all,
}


class Filter(forms.Form):
    """What cannot be understood is left out, never an error page."""

    def choices(self, **fields: Any) -> None:
        """Give the select fields their choices, with all of them first."""
        for name, found in fields.items():
            self.fields[name].choices = [("", pgettext("filter", "All")), *found]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class ReturnFilter(Filter):
    """By number (of the return or its order), email, reason, what it brings, and market."""

    q = forms.CharField(label=gettext_lazy("Return, order or email"), required=False, max_length=100)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    resolution = forms.ChoiceField(label=gettext_lazy("Wants"), required=False)
    market = forms.ChoiceField(label=gettext_lazy("Market"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices(
            reason=[(key, words.reason_words(key)) for key in (WITHDRAWAL, *REASONS)],
            resolution=Resolution.choices,
            market=[(one.code, one.name) for one in active_markets(language=get_language())],
        )


class TicketFilter(Filter):
    """By number, email, subject, what it is about, and market."""

    q = forms.CharField(label=gettext_lazy("Question, order or email"), required=False, max_length=100)
    category = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    market = forms.ChoiceField(label=gettext_lazy("Market"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices(
            category=TicketCategory.choices,
            market=[(one.code, one.name) for one in active_markets(language=get_language())],
        )


def return_list(params: Mapping[str, str]) -> DeskList:
    """The page of returns its address asks for; work first, oldest first."""
    labels = {
        "waiting": pgettext("saved view of returns", "Wait for us"),
        "to_decide": pgettext("saved view of returns", "To decide"),
        "expected": pgettext("saved view of returns", "On their way"),
        "to_inspect": pgettext("saved view of returns", "To look at"),
        "to_settle": pgettext("saved view of returns", "To settle"),
        "all": pgettext("saved view of returns", "All"),
    }
    return _list(
        _("Returns"), params, form=ReturnFilter(params), views=RETURN_VIEWS, labels=labels,
        url_name="admin:workspace_returns", row=_return_row, related=("order",),
    )  # fmt: skip


def ticket_list(params: Mapping[str, str]) -> DeskList:
    """The page of questions its address asks for; what is due first comes first."""
    labels = {
        "waiting": pgettext("saved view of questions", "Wait for us"),
        "late": pgettext("saved view of questions", "Late"),
        "nobody": pgettext("saved view of questions", "Nobody's"),
        "answered": pgettext("saved view of questions", "Wait for the customer"),
        "all": pgettext("saved view of questions", "All"),
    }
    return _list(
        _("Questions about orders"), params, form=TicketFilter(params), views=TICKET_VIEWS, labels=labels,
        url_name="admin:workspace_tickets", row=_ticket_row, related=("order", "assignee"),
    )  # fmt: skip


def exact_return(text: str) -> str:
    """The number of the one return that is named exactly, as a scanner would type it; empty for none."""
    return ReturnRequest.objects.filter(number__iexact=text.strip()).values_list("number", flat=True).first() or ""


def _list(  # noqa: PLR0913 (two lists are told apart by these, and by nothing else)
    title: str,
    params: Mapping[str, str],
    *,
    form: forms.Form,
    views: Mapping[str, Callable[[], Rows]],
    labels: Mapping[str, str],
    url_name: str,
    row: Callable[[Any], DeskRow],
    related: tuple[str, ...],
) -> DeskList:
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    view = params.get("view", "") if params.get("view") in views else "all"
    found = _filtered(views[view](), chosen).select_related(*related).order_by(*_order(view, url_name))
    page = Paginator(found, PER_PAGE).get_page(params.get("page"))
    kept = {"view": view, **{name: str(value) for name, value in chosen.items()}}

    def url(query: Mapping[str, str], number: int | None = None) -> str:
        return f"{reverse(url_name)}?{urlencode({**query, **({'page': str(number)} if number else {})})}"

    return DeskList(
        title=title,
        rows=tuple(row(one) for one in page.object_list),
        tabs=tuple(
            ViewTab(key=key, label=labels[key], count=make().count(), url=url({"view": key}), current=key == view)
            for key, make in views.items()
        ),
        form=form,
        view=view,
        is_filtered=bool(chosen),
        links=PageLinks(
            first=page.start_index(),
            last=page.end_index(),
            total=page.paginator.count,
            previous_url=url(kept, page.previous_page_number()) if page.has_previous() else "",
            next_url=url(kept, page.next_page_number()) if page.has_next() else "",
        ),
        clear_url=url({"view": view}),
    )


def _order(view: str, url_name: str) -> tuple[str, ...]:
    if view == "all":
        return ("-pk",)
    return ("due_at", "pk") if url_name.endswith("tickets") else ("created", "pk")


def _filtered(rows: Rows, chosen: Mapping[str, Any]) -> Rows:
    for name in ("reason", "resolution", "category"):
        if name in chosen:
            rows = rows.filter(**{name: chosen[name]})
    if "market" in chosen:
        rows = rows.filter(order__market=chosen["market"])
    if "q" in chosen:
        text = chosen["q"].strip()
        rows = rows.filter(
            Q(number__icontains=text) | Q(order__number__icontains=text.upper()) | Q(order__email__icontains=text)
        )
    return rows


def _return_row(row: ReturnRequest) -> DeskRow:
    today = timezone.now().date()
    return DeskRow(
        number=row.number,
        url=reverse("admin:workspace_return", args=[row.number]),
        order=row.order.number,
        order_url=reverse("admin:workspace_order", args=[row.order.number]),
        customer=row.order.email,
        at=row.created,
        subject=words.reason_words(row.reason),
        detail=row.get_resolution_display(),
        state=return_state(row),
        due=row.send_by,
        is_late=bool(
            row.send_by
            and row.send_by < today
            and row.state in (ReturnState.APPROVED, ReturnState.LABEL_SENT)
            and not row.tracking
        ),
    )


def _ticket_row(row: Ticket) -> DeskRow:
    return DeskRow(
        number=row.number,
        url=reverse("admin:workspace_ticket", args=[row.number]),
        order=row.order.number,
        order_url=reverse("admin:workspace_order", args=[row.order.number]),
        customer=row.order.email,
        at=row.created,
        subject=row.subject,
        detail=row.get_category_display(),
        state=ticket_state(row),
        due=row.due_at,
        is_late=bool(row.due_at and row.due_at < timezone.now()),
        who=row.assignee.get_username() if row.assignee else "",
    )


def return_state(row: ReturnRequest) -> State:
    """Where a return stands, with how urgent it is."""
    tone = {"ok": "brand"}.get(words.TONES[row.state], words.TONES[row.state])
    return State(label=row.get_state_display(), tone=tone)  # type: ignore[arg-type]  # one of the tones


def ticket_state(row: Ticket) -> State:
    """Who has the next word."""
    return State(label=row.get_state_display(), tone=TICKET_TONES[TicketState(row.state)])  # type: ignore[arg-type]
