"""Questions about an order over HTTP, for whoever holds the order's link."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.limits import attempt
from orders.actions.tickets import Question, open_ticket, write_to_ticket
from orders.errors import OrderUnknown
from orders.models import Order, Ticket, TicketCategory
from orders.queries import order_by_link
from orders.returning.files import put_away
from orders.returning.pages import order_url
from orders.returning.ticket_pages import ask_page, talk_page
from orders.returning.views import form_key, uploads
from orders.showing import finder, market_of, secret

MESSAGES_PER_HOUR = 12


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Ask something about the order. Fields: `key`, `category`, `subject`, `body`, `files`, `return`."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    typed = _typed(request)
    if request.method == "GET":
        return _ask(request, order, token, typed=typed)
    errors = _errors(typed) or _too_often(request, order)
    if errors:
        return _ask(request, order, token, typed=typed, errors=errors)
    question = Question(
        key=typed["key"],
        category=typed["category"],
        subject=typed["subject"],
        body=typed["body"],
        return_number=typed["return"],
    )
    try:
        with put_away(uploads(request, "files"), takes_documents=True) as files:
            ticket = open_ticket(number=number, question=question, files=files)
    except DomainError as refusal:
        return _ask(request, order, token, typed=typed, errors=(("body", str(refusal)),))
    messages.success(request, _("Your question is with us. We answer here and by email."))
    return _see(order_url(order, token, market_of(request), "orders:question", ticket_number=ticket.number))


@require_http_methods(["GET", "POST"])
def talk(request: HttpRequest, number: str, token: str, ticket_number: str) -> HttpResponse:
    """One conversation. Fields: `key`, `body`, `files`."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    ticket = Ticket.objects.select_related("order").filter(order=order, number=ticket_number).first()
    if ticket is None:
        raise Http404
    typed = _typed(request)
    if request.method == "GET":
        return _talk(request, ticket, token, typed=typed)
    errors = _too_often(request, order)
    if not typed["body"].strip():
        errors = (("body", _("Write a few words.")),)
    if errors:
        return _talk(request, ticket, token, typed=typed, errors=errors)
    try:
        with put_away(uploads(request, "files"), takes_documents=True) as files:
            write_to_ticket(
                ticket_number=ticket.number, key=typed["key"], body=typed["body"], files=files, by_customer=True
            )
    except DomainError as refusal:
        return _talk(request, ticket, token, typed=typed, errors=(("body", str(refusal)),))
    messages.success(request, _("Your message is with us."))
    return _see(order_url(order, token, market_of(request), "orders:question", ticket_number=ticket.number))


def _ask(
    request: HttpRequest,
    order: Order,
    token: str,
    *,
    typed: Mapping[str, str],
    errors: tuple[tuple[str, str], ...] = (),
) -> HttpResponse:
    page = ask_page(order, token=token, market=market_of(request), typed=typed, errors=errors)
    return secret(render(request, "storefront/returns_ask.html", {"page": page}, status=422 if errors else 200))


def _talk(
    request: HttpRequest,
    ticket: Ticket,
    token: str,
    *,
    typed: Mapping[str, str],
    errors: tuple[tuple[str, str], ...] = (),
) -> HttpResponse:
    page = talk_page(ticket, token=token, market=market_of(request), typed=typed, errors=errors)
    return secret(render(request, "storefront/returns_talk.html", {"page": page}, status=422 if errors else 200))


def _typed(request: HttpRequest) -> dict[str, str]:
    category = request.POST.get("category", request.GET.get("about", ""))[:10]
    return {
        "key": form_key(request) if request.method == "POST" else "",
        "category": category if category in TicketCategory.values else "",
        "subject": request.POST.get("subject", "")[:160],
        "body": request.POST.get("body", "")[:5000],
        "return": request.POST.get("return", request.GET.get("return", ""))[:40],
    }


def _errors(typed: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    found = (
        ("category", _("Choose what it is about."), typed["category"]),
        ("subject", _("Say in a few words what it is about."), typed["subject"].strip()),
        ("body", _("Write a few words."), typed["body"].strip()),
    )
    return tuple((name, sentence) for name, sentence, value in found if not value)


def _too_often(request: HttpRequest, order: Order) -> tuple[tuple[str, str], ...]:
    """Per order and per visitor: nobody floods the desk."""
    visitor = request.META.get("REMOTE_ADDR", "")
    by_order = attempt("ticket-order", order.number, limit=MESSAGES_PER_HOUR, seconds=3600)
    by_visitor = attempt("ticket-visitor", visitor, limit=3 * MESSAGES_PER_HOUR, seconds=3600)
    return () if by_order and by_visitor else (("body", _("You wrote very often. Wait an hour, then write again.")),)


def _see(url: str) -> HttpResponse:
    return secret(HttpResponse(status=303, headers={"Location": url}))
