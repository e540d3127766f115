"""The operators' screens of questions about orders."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views import View

from markets.names import language_name
from orders.actions.tickets import assign_ticket, note_on_ticket, solve_ticket, write_to_ticket
from orders.models import CannedAnswer, Ticket, TicketMessage, TicketState
from orders.returning.desk_forms import AnswerForm, AssignForm
from orders.returning.desk_list import ticket_list, ticket_state
from orders.returning.desk_page import desk_file
from orders.returning.desk_types import DeskSaid, DeskTicket
from orders.returning.files import put_away
from orders.returning.views import uploads
from orders.workspace.forms import KeyedForm, PressForm
from orders.workspace.operations import once
from orders.workspace.views import must, screen

MOST_PEOPLE = 200


class TicketListView(View):
    """The list of questions, what is due first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, "view_ticket")
        page = ticket_list(request.GET.dict())
        return screen(request, "admin/orders/returns_list.html", title=page.title, page=page, kind="questions")


class TicketScreen(View):
    """One question with its conversation."""

    def row(self) -> Ticket:
        """The question of the address. Raises `Http404`."""
        found = (
            Ticket.objects.select_related("order", "assignee", "return_request")
            .filter(number=self.kwargs["number"])
            .first()
        )
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page. `?say=` begins the answer with a prepared one."""
        must(request, "view_ticket")
        return self.show()

    def back(self) -> HttpResponse:
        """To the question's page."""
        return HttpResponseRedirect(reverse("admin:workspace_ticket", args=[self.kwargs["number"]]))

    def show(self, bound: Mapping[str, Form] | None = None) -> HttpResponse:
        """The page; with 422 when a form on it was refused."""
        row, forms = self.row(), dict(bound or {})
        page = desk_ticket(row, may_answer=self.request.user.has_perm("orders.answer_ticket"))
        begun = dict(page.answers).get(self.request.GET.get("say", ""), "")
        return screen(
            self.request,
            "admin/orders/returns_ticket.html",
            status=422 if bound else 200,
            title=row.number,
            page=page,
            refused=next(iter(forms.values()), None),
            answer_form=forms.get("answer") or AnswerForm(initial={"body": begun}),
            assign_form=AssignForm(people(), first=str(row.assignee_id or "")),
            solve_form=PressForm(auto_id="solve-%s"),
        )


class TicketOperation(TicketScreen):
    """One deed on a question, done once per form."""

    name: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People who may answer only."""
        must(request, "answer_ticket")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """An operation's address that is opened leads to the question."""
        return self.back()

    def form(self, row: Ticket) -> KeyedForm:
        """The form with what was sent."""
        return PressForm(self.request.POST)

    def act(self, row: Ticket, form: Any) -> str:
        """Call the action; returns the sentence that says it is done."""
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The deed."""
        row = self.row()
        form = self.form(row)
        said: list[str] = []
        if form.is_valid() and once(f"ticket.{self.name}", row.order, form, lambda: said.append(self.act(row, form))):
            if said:
                messages.success(request, said[0])
            return self.back()
        return self.show({self.name: form})


class AnswerView(TicketOperation):
    """Answer, or note something for the team."""

    name = "answer"

    def form(self, row: Ticket) -> KeyedForm:
        """What to say."""
        return AnswerForm(self.request.POST)

    def act(self, row: Ticket, form: Form) -> str:
        """Say it."""
        told = form.cleaned_data
        with put_away(uploads(self.request, "files"), takes_documents=True) as files:
            if told["is_internal"]:
                note_on_ticket(ticket_number=row.number, key=told["key"], body=told["body"], files=files)
                return _("The note is kept. Only operators read it.")
            write_to_ticket(
                ticket_number=row.number, key=told["key"], body=told["body"], files=files, by_customer=False
            )
        return _("The answer is sent.")


class AssignView(TicketOperation):
    """Say who takes care."""

    name = "assign"

    def form(self, row: Ticket) -> KeyedForm:
        """Who."""
        return AssignForm(people(), self.request.POST)

    def act(self, row: Ticket, form: Form) -> str:
        """Assign."""
        who = form.cleaned_data["who"]
        assign_ticket(ticket_number=row.number, user_id=int(who) if who else None)
        return _("It is noted who takes care.")


class SolveView(TicketOperation):
    """Nothing is left to say."""

    name = "solve"

    def act(self, row: Ticket, form: Form) -> str:
        """Solve."""
        solve_ticket(ticket_number=row.number)
        return _("The question is solved.")


def people() -> list[tuple[str, str]]:
    """Operators who may be asked to take care."""
    found = get_user_model().objects.filter(is_staff=True, is_active=True).order_by("pk")[:MOST_PEOPLE]
    return [(str(one.pk), one.get_username()) for one in found]


def desk_ticket(row: Ticket, *, may_answer: bool) -> DeskTicket:
    """The page of a question. Three queries besides its row."""
    order = row.order
    request = row.return_request
    return DeskTicket(
        number=row.number,
        subject=row.subject,
        category=row.get_category_display(),
        state=ticket_state(row),
        order=order.number,
        order_url=reverse("admin:workspace_order", args=[order.number]),
        return_number=request.number if request else "",
        return_url=reverse("admin:workspace_return", args=[request.number]) if request else "",
        customer=str(order.addresses["ship"].get("parts", {}).get("name", "")) or order.email,
        email=order.email,
        language=language_name(order.language, get_language() or "en"),
        due_at=row.due_at,
        is_late=bool(row.due_at and row.due_at < timezone.now()),
        assignee=row.assignee.get_username() if row.assignee else "",
        messages=tuple(_said(one) for one in row.messages.prefetch_related("attachments")),
        answers=_answers(row),
        may_answer=may_answer,
        is_solved=row.state == TicketState.SOLVED,
    )


def _said(message: TicketMessage) -> DeskSaid:
    return DeskSaid(
        who=pgettext("who did it", "the customer") if message.by_customer else message.actor,
        by_customer=message.by_customer,
        is_internal=message.is_internal,
        body=message.body,
        at=message.created,
        files=tuple(desk_file(one) for one in message.attachments.all()),
    )


def _answers(row: Ticket) -> tuple[tuple[str, str], ...]:
    """Prepared answers that fit, in the customer's language; those without words in it are left out."""
    fitting = CannedAnswer.objects.filter(category__in=["", row.category])
    texts = ((one.code, str(one.texts.get(row.order.language, ""))) for one in fitting)
    return tuple((code, text) for code, text in texts if text)
