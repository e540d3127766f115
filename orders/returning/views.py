"""Returns over HTTP, for whoever holds the order's link: choose, check and send, follow, take back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from core.handing_over import hand_over
from core.limits import attempt
from orders.actions import grant_access
from orders.actions.returns import ReturnAsked, ReturnItem, ask_return, cancel_return, note_return_sent
from orders.errors import OrderUnknown
from orders.forms import FindForm
from orders.models import Order, Resolution
from orders.queries import order_by_email, order_by_link, order_for
from orders.returning.errors import FileRefused
from orders.returning.files import MOST_BYTES, MOST_FILES, Sent, put_away
from orders.returning.links import file_for_customer
from orders.returning.mine import mine_page
from orders.returning.pages import can_take, choose_page, follow_page, order_url, send_page
from orders.returning.rules import REASONS
from orders.returning.units import return_of
from orders.showing import finder, market_of, secret

TRIES_PER_HOUR = 20
PLACES = {"returns": "orders:return_new", "questions": "orders:questions"}
WHICH = {"returns": ("orders:return", "return_number"), "questions": ("orders:question", "ticket_number")}


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The entry for everybody: members see their orders, guests name theirs. Fields: `number`, `email`."""
    if request.method == "GET":
        return _start(request)
    form = FindForm(request.POST)
    if not form.is_valid():
        return _start(request, errors=tuple((name, str(said[0])) for name, said in form.errors.items()), status=422)
    number, email = form.cleaned_data["number"].strip().upper(), form.cleaned_data["email"]
    visitor = request.META.get("REMOTE_ADDR", "")
    if not all(
        (
            attempt("find-order", visitor, limit=TRIES_PER_HOUR, seconds=3600),
            attempt("find-order-number", number, limit=TRIES_PER_HOUR, seconds=3600),
        )
    ):
        message = _("That was tried too often. Wait an hour, or use the link in your email.")
        return _start(request, message=message, status=429)
    try:
        order = order_by_email(number=number, email=email)
    except OrderUnknown as refusal:
        return _start(request, message=str(refusal), status=404)
    token = grant_access(number=order.number, purpose="finder")
    return _see(order_url(order, token, market_of(request), "orders:return_new"))


def _start(
    request: HttpRequest, *, errors: tuple[tuple[str, str], ...] = (), message: str = "", status: int = 200
) -> HttpResponse:
    facts = {
        "errors": errors,
        "message": message,
        "number": request.POST.get("number", "")[:32],
        "email": request.POST.get("email", "")[:254],
        "days": market_of(request).return_days,
    }
    return secret(render(request, "storefront/returns_start.html", facts, status=status))


@require_GET
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """A member's returns and questions, and what else can be sent back."""
    page = mine_page(user_id=request.user.pk or 0, market=market_of(request))
    return render(request, "storefront/returns_mine.html", {"page": page})


@require_GET
@login_required
def open_place(request: HttpRequest, number: str, place: str, which: str = "") -> HttpResponse:
    """A page of one's own order, opened from the account: gives the member a link of their own."""
    if place not in PLACES:
        raise Http404
    try:
        order = order_for(user_id=request.user.pk or 0, is_operator=False, number=number)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    token = grant_access(number=order.number, purpose="account")
    name, argument = WHICH[place] if which else (PLACES[place], "")
    more = {argument: which} if which else {}
    return _see(order_url(order, token, market_of(request), name, **more))


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """The first two screens. `step` is `check` after the first and `send` after the second; `change` goes back."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    typed = _typed(request)
    wanted = request.GET.get("line", "")
    if request.method == "GET" and _is_number(wanted):
        typed[f"units_{wanted}"] = "1"
    items = _items(request)
    step = request.POST.get("step", "")
    if step not in ("check", "send"):
        return _choose(request, order, token, typed=typed)
    earlier = order.returns.filter(key=typed["key"]).first() if step == "send" else None
    if earlier is not None:  # the same form once more
        return _see(order_url(order, token, market_of(request), "orders:return", return_number=earlier.number))
    errors = _first_errors(order, items, typed)
    if errors:
        return _choose(request, order, token, typed=typed, errors=errors, status=422)
    if step == "send":
        return _send(request, order, token, typed=typed, items=items)
    return _check(request, order, token, typed=typed, items=items)


def _choose(
    request: HttpRequest,
    order: Order,
    token: str,
    *,
    typed: Mapping[str, str],
    errors: tuple[tuple[str, str], ...] = (),
    status: int = 200,
) -> HttpResponse:
    page = choose_page(order, token=token, market=market_of(request), typed=typed, errors=errors)
    return secret(render(request, "storefront/returns_choose.html", {"page": page}, status=status))


def _check(
    request: HttpRequest,
    order: Order,
    token: str,
    *,
    typed: Mapping[str, str],
    items: tuple[ReturnItem, ...],
    error: str = "",
) -> HttpResponse:
    page = send_page(
        order,
        items=items,
        token=token,
        market=market_of(request),
        typed=typed,
        errors=(("resolution", error),) if error else (),
    )
    return secret(render(request, "storefront/returns_send.html", {"page": page}, status=422 if error else 200))


def _send(
    request: HttpRequest, order: Order, token: str, *, typed: Mapping[str, str], items: tuple[ReturnItem, ...]
) -> HttpResponse:
    if not attempt("return", order.number, limit=TRIES_PER_HOUR, seconds=3600):
        return _check(
            request, order, token, typed=typed, items=items, error=_("That was tried too often. Wait an hour.")
        )
    asked = ReturnAsked(
        key=typed["key"],
        items=items,
        reason=typed["reason"],
        resolution=typed["resolution"] or Resolution.REFUND,
        note=typed["note"],
    )
    try:
        with put_away(uploads(request, "photos")) as photos:
            made = ask_return(number=order.number, asked=asked, photos=photos)
    except DomainError as refusal:
        return _check(request, order, token, typed=typed, items=items, error=str(refusal))
    return _see(order_url(order, token, market_of(request), "orders:return", return_number=made.number))


@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, number: str, token: str, return_number: str) -> HttpResponse:
    """One return: where it stands. POST `do` is `cancel`, or `sent` with `tracking`."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    found = return_of(order, return_number)
    if found is None:
        raise Http404
    market = market_of(request)
    if request.method == "GET":
        page = follow_page(found, token=token, market=market)
        return secret(render(request, "storefront/returns_follow.html", {"page": page}))
    try:
        if request.POST.get("do") == "cancel":
            cancel_return(number=number, return_number=return_number)
        else:
            tracking = request.POST.get("tracking", "")
            note_return_sent(number=number, return_number=return_number, tracking=tracking)
            messages.success(request, _("Thank you. We look out for your parcel."))
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return _see(order_url(order, token, market, "orders:return", return_number=return_number))


@require_GET
def attachment(request: HttpRequest, number: str, token: str, file_id: int) -> HttpResponseBase:
    """A file of this order, for whoever holds its link; notes of operators and what they saw stay theirs."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    row = file_for_customer(order, file_id)
    if row is None:
        raise Http404
    return hand_over(
        row.stored,
        called=row.called,
        content_type=row.content_type,
        size=row.size,
        by_proxy=settings.PRIVATE_FILES_BY_PROXY,
    )


def uploads(request: HttpRequest, name: str) -> list[Sent]:
    """The files of a form field as they came. Raises `FileRefused` for too many or too large ones."""
    files: list[UploadedFile[Any]] = request.FILES.getlist(name)
    if len(files) > MOST_FILES or any((one.size or 0) > MOST_BYTES for one in files):
        raise FileRefused
    return [Sent(called=str(one.name or "")[:120], content=one.read()) for one in files]


def _first_errors(order: Order, items: tuple[ReturnItem, ...], typed: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    errors: list[tuple[str, str]] = []
    if not items:
        errors.append(("goods", _("Choose what you want to send back.")))
    if typed["reason"] not in REASONS:
        errors.append(("reason", _("Choose why you send it back.")))
    whole = {item.line_id for item in items if item.part_id is None}
    if any(item.part_id and item.line_id in whole for item in items):
        errors.append(("goods", _("Choose a set as a whole or some of its pieces, not both.")))
    if not errors and not can_take(order, items, typed["reason"]):
        errors.append(("goods", _("Some of this cannot be returned for this reason. The list says why.")))
    return tuple(errors)


def _typed(request: HttpRequest) -> dict[str, str]:
    kept = {name: request.POST.get(name, "")[:20] for name in request.POST if name.startswith(("units_", "wanted_"))}
    return kept | {
        "key": form_key(request),
        "reason": request.POST.get("reason", "")[:60],
        "resolution": request.POST.get("resolution", "")[:16],
        "note": request.POST.get("note", "")[:2000],
    }


def _items(request: HttpRequest) -> tuple[ReturnItem, ...]:
    """Lines and pieces with a number above zero; what is no number counts as none."""
    found = []
    for name in request.POST:
        value = request.POST.get(name, "")
        line, _mark, part = name.removeprefix("units_").partition("_")
        if not name.startswith("units_") or not _is_number(line) or (part and not _is_number(part)):
            continue
        if not _is_number(value) or not int(value):
            continue
        wanted = request.POST.get(f"wanted_{name.removeprefix('units_')}", "")
        found.append(
            ReturnItem(
                line_id=int(line),
                part_id=int(part) if part else None,
                quantity=int(value),
                wanted_id=int(wanted) if _is_number(wanted) else None,
            )
        )
    return tuple(found)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def form_key(request: HttpRequest) -> str:
    """The key of the form that was sent, or a new one."""
    try:
        return str(UUID(request.POST.get("key", "")))
    except ValueError:
        return str(uuid4())


def _see(url: str) -> HttpResponse:
    return secret(HttpResponse(status=303, headers={"Location": url}))
