"""The withdrawal function over HTTP: no sign-in, two steps (the form, and the button that confirms it), a receipt."""

from uuid import UUID, uuid4

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.limits import attempt
from core.signing import make_token, read_token
from markets.prefix import storefront_url
from orders.actions import Declared, declare_withdrawal
from orders.errors import NothingToWithdraw, OrderUnknown
from orders.forms import WithdrawForm
from orders.models import Lifecycle, Order, WithdrawalStatement
from orders.queries import order_by_link
from orders.showing import finder, market_of, secret
from orders.types import WithdrawPage
from orders.withdraw_pages import Filled, empty_form, receipt_of, withdraw_page

TRIES_PER_HOUR = 20
RECEIPT = "withdrawal"


@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """The function for everybody, by order number and email. Fields: `key`, `name`, `order`, `email`."""
    market = market_of(request)
    if not market.withdrawal_days:
        raise Http404
    if request.method == "GET":
        return _form(request, withdraw_page(empty_form(None), market=market))
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _form(
            request, withdraw_page(Filled(typed=_typed(request), errors=_errors(form)), market=market), status=422
        )
    if not attempt("withdraw", request.META.get("REMOTE_ADDR", ""), limit=TRIES_PER_HOUR, seconds=3600):
        message = _("That was tried too often. Wait an hour, or send us your withdrawal by email.")
        return _form(request, withdraw_page(Filled(typed=_typed(request), message=message), market=market), status=429)
    return _declare(request, form, order=None, token="", line_ids=())


@require_http_methods(["GET", "POST"])
def declare_for(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """The function of one order, by its mailed link. Fields besides: `line`, once for each chosen line."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    if not order.withdrawal_days or order.lifecycle not in (Lifecycle.CONFIRMED, Lifecycle.COMPLETED):
        return _see(_url(request, "orders:page", number=number, token=token))
    market = market_of(request)
    if request.method == "GET":
        page = withdraw_page(empty_form(order), market=market, order=order, token=token)
        return _form(request, page) if page.lines else _last_receipt(request, order, token)
    chosen = tuple(int(line) for line in request.POST.getlist("line") if line.isascii() and line.isdigit())
    typed = {**_typed(request), "order": order.number}
    form = WithdrawForm(typed)
    errors = _errors(form) if not form.is_valid() else ()
    if not chosen:
        errors = (*errors, ("line", _("Choose what you withdraw from.")))
    if errors:
        page = withdraw_page(Filled(typed=typed, chosen=chosen, errors=errors), market=market, order=order, token=token)
        return _form(request, page, status=422)
    return _declare(request, form, order=order, token=token, line_ids=chosen)


@require_GET
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """What was declared, when, and whether it was in time. The address is a signed key to one statement."""
    try:
        number = read_token(RECEIPT, receipt)
    except BadSignature:
        raise Http404 from None
    statement = WithdrawalStatement.objects.filter(number=number).first()
    if statement is None:
        raise Http404
    return secret(render(request, "storefront/withdraw_receipt.html", {"page": receipt_of(statement)}))


def _declare(
    request: HttpRequest, form: WithdrawForm, *, order: Order | None, token: str, line_ids: tuple[int, ...]
) -> HttpResponse:
    typed = form.cleaned_data
    declared = Declared(
        key=_key(request), name=typed["name"], named_order=typed["order"], email=typed["email"], line_ids=line_ids
    )
    try:
        statement = declare_withdrawal(
            declared=declared, market=market_of(request), number=order.number if order is not None else None
        )
    except NothingToWithdraw as refusal:
        if order is not None:
            return _last_receipt(request, order, token)
        page = withdraw_page(Filled(typed=_typed(request), message=str(refusal)), market=market_of(request))
        return _form(request, page, status=409)
    return _see(_receipt_url(request, statement))


def _last_receipt(request: HttpRequest, order: Order, token: str) -> HttpResponse:
    """Everything is withdrawn already: what was declared last, or the order when it was canceled."""
    last = WithdrawalStatement.objects.filter(order=order).order_by("-received_at").first()
    return _see(_receipt_url(request, last) if last else _url(request, "orders:page", number=order.number, token=token))


def _form(request: HttpRequest, page: WithdrawPage, *, status: int = 200) -> HttpResponse:
    return secret(render(request, "storefront/withdraw.html", {"page": page}, status=status))


def _typed(request: HttpRequest) -> dict[str, str]:
    return {"key": _key(request)} | {
        name: request.POST.get(name, "")[:most] for name, most in (("name", 200), ("order", 60), ("email", 254))
    }


def _errors(form: WithdrawForm) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(messages[0])) for name, messages in form.errors.items())


def _key(request: HttpRequest) -> str:
    try:
        return str(UUID(request.POST.get("key", "")))
    except ValueError:
        return str(uuid4())


def _receipt_url(request: HttpRequest, statement: WithdrawalStatement) -> str:
    return _url(request, "orders:withdrawal_receipt", receipt=make_token(RECEIPT, statement.number))


def _url(request: HttpRequest, name: str, **kwargs: str) -> str:
    market = market_of(request)
    return storefront_url(name, market=market.code, language=market.language, kwargs=kwargs)


def _see(url: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": url})
