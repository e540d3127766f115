"""The account's pages about addresses: what is kept, which comes first, and the form to write one."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from markets.addresses import format_address
from markets.inputs import FieldView, address_inputs, country_input
from markets.names import country_name
from markets.prefix import storefront_url
from markets.queries import served_countries
from markets.types import MarketContext
from members.address_book import (
    MOST,
    AddressGone,
    AddressWrong,
    addresses_of,
    keep_address,
    parts_of,
    prefer_address,
    remove_address,
)
from members.models import Address

signed_in = login_required(login_url="account_login")
LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class AddressView:
    """One address as its country prints it. `served`: some market delivers there."""

    pk: int
    lines: tuple[str, ...]
    phone: str
    is_first: bool
    served: bool
    url: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """What stands in the form, and what is wrong with it."""

    country: str
    parts: Mapping[str, str]
    problems: Mapping[str, str]
    first: bool = False


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """What is kept. POST with `first` or `remove`, an id each; one that is gone is simply not there."""
    user_id = request.user.pk or 0
    if request.method == "POST":
        return _act(request, user_id)
    market = _market(request)
    mine = addresses_of(user_id)
    shown = [_view(row, market) for row in mine]
    return render(request, "account/addresses.html", {"addresses": shown, "is_full": len(mine) >= MOST})


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, address_id: int | None = None) -> HttpResponse:
    """A new address, or another one in its place. POST with `action=country` shows the fields of another country."""
    user_id = request.user.pk or 0
    row = next((one for one in addresses_of(user_id) if one.pk == address_id), None)
    if address_id is not None and row is None:
        raise Http404
    if request.method != "POST":
        return _form(request, row, _stored(row, _market(request)))
    typed = _typed(request, row)
    if request.POST.get("action") != "save":
        return _form(request, row, typed)
    try:
        keep_address(
            user_id=user_id, country=typed.country, parts=typed.parts, first=typed.first, address_id=address_id
        )
    except AddressWrong as refusal:
        wrong = Written(country=typed.country, parts=typed.parts, problems=refusal.problems, first=typed.first)
        return _form(request, row, wrong, status=422)
    except AddressGone:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return _form(request, row, typed, status=409)
    messages.success(request, _("The address is kept."))
    return _back(request)


def _act(request: HttpRequest, user_id: int) -> HttpResponse:
    try:
        if "remove" in request.POST:
            remove_address(user_id=user_id, address_id=_number(request.POST["remove"]))
            messages.success(request, _("The address was removed."))
        else:
            prefer_address(user_id=user_id, address_id=_number(request.POST.get("first", "")))
            messages.success(request, _("This address comes first now."))
    except AddressGone:
        raise Http404 from None
    return _back(request)


def _form(request: HttpRequest, row: Address | None, written: Written, *, status: int = 200) -> HttpResponse:
    market = _market(request)
    title = _("Change the address") if row is not None else _("New address")
    fields = address_inputs(written.country, written.parts, written.problems, language=market.language)
    context = {
        "title": _("Error: %(title)s") % {"title": title} if written.problems else title,
        "heading": title,
        "country_field": country_input(written.country, _countries(row), market.language, by_name=True),
        "fields": fields,
        "problems": [_link(field) for field in fields if field.error],
        "first": written.first,
        "is_first": row is not None and row.is_default,
    }
    return render(request, "account/address.html", context, status=status)


def _link(field: FieldView) -> dict[str, str]:
    return {"field_id": field.id, "message": field.error}


def _countries(row: Address | None) -> tuple[str, ...]:
    """Where some market delivers to, and where a kept address is anyway: it may be corrected after a market closed."""
    return tuple(dict.fromkeys((*served_countries(), *([row.country] if row is not None else []))))


def _typed(request: HttpRequest, row: Address | None) -> Written:
    """The posted form. A country that was not offered falls back to the market's."""
    country = request.POST.get("country", "").upper()
    market = _market(request)
    return Written(
        country=country if country in _countries(row) else market.country,
        parts={name: value[:LONGEST] for name, value in request.POST.items() if isinstance(value, str)},
        problems={},
        first=request.POST.get("first") == "1",
    )


def _stored(row: Address | None, market: MarketContext) -> Written:
    if row is None:
        return Written(country=market.country, parts={}, problems={})
    return Written(country=row.country, parts=parts_of(row), problems={}, first=row.is_default)


def _view(row: Address, market: MarketContext) -> AddressView:
    return AddressView(
        pk=row.pk,
        lines=(*format_address(row.fields, row.country), country_name(row.country, market.language)),
        phone=row.phone,
        is_first=row.is_default,
        served=row.country in served_countries(),
        url=_url(market, "members:address", address_id=row.pk),
    )


def _back(request: HttpRequest) -> HttpResponse:
    answer = HttpResponseRedirect(_url(_market(request), "members:addresses"))
    answer.status_code = 303
    return answer


def _url(market: MarketContext, name: str, **kwargs: object) -> str:
    return storefront_url(name, market=market.code, language=market.language, kwargs=kwargs or None)


def _market(request: HttpRequest) -> MarketContext:
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    return market


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0
