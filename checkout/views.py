"""The checkout page over HTTP: guest first, one page, no script needed."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cart.edge import cart_of, cookie_cart_id, user_id_of
from cart.models import Cart
from cart.queries import quote_for_cart
from cart.types import Quote
from cart.words import delivery_problem
from checkout.actions import Placed, complete_checkout, destination_of, save_entry
from checkout.coming_back import see
from checkout.compliance import Law, law_on
from checkout.credit import add_card, holder_of, kept_credit, plan_for, remove_card
from checkout.entry import Entry, problems_of, read_entry
from checkout.errors import CreditMoved, MethodUnknown, NothingToOrder, QuoteMoved, RuleForbids
from checkout.guard import guard
from checkout.pages import Shop, Trouble, checkout_page
from checkout.queries import first_entry, placed_from
from checkout.risk import visitor_of
from checkout.saved_addresses import USE_ADDRESS, book_of, keep_for_next_time, with_saved
from checkout.saved_cards import ways_to_pay
from checkout.shown import destination_change, differences, unseal
from checkout.tax_number import check_tax_number, tax_number_fields, tax_number_problem
from checkout.types import Note
from checkout.views_payment import go_and_pay
from checkout.visits import origin_of
from core.errors import DomainError
from core.retries import Busy
from inventory.errors import OutOfStock
from markets.prefix import storefront_url
from markets.types import MarketContext
from orders.errors import QuoteNotOrderable
from payments.errors import CreditGone

REMOVE = "remove_card:"
CHANGED = (CreditMoved, CreditGone)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The one page. POST with `action=place` orders; any other POST shows it again with everything typed."""
    market = market_of(request)
    cart = cart_of(request, market)
    if cart is None:
        return _no_cart(request, market)
    if request.method == "GET":
        email = request.user.email if request.user.is_authenticated else ""
        entry = first_entry(cart=cart, user_id=user_id_of(request), email=email, market=market)
        return _show(request, cart, entry, Trouble())
    if not cart.lines.filter(place="cart").exists():
        return _no_cart(request, market)
    entry = _checked(request, replace(read_entry(request.POST, market), origin=origin_of(request)))
    action = request.POST.get("action", "")
    if action == USE_ADDRESS:
        return _shown_again(request, cart, with_saved(entry, request.POST, user_id_of(request), market))
    if action.startswith(REMOVE):
        return _without_card(request, cart, entry, action.removeprefix(REMOVE))
    if entry.gift_code and action in ("place", "add_card"):
        return _with_card(request, cart, entry)
    if action == "place":
        return _place(request, cart, entry)
    return _shown_again(request, cart, entry)


@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Another country or delivery was chosen: the page again, nothing typed lost."""
    market = market_of(request)
    cart = cart_of(request, market)
    if cart is None:
        return _no_cart(request, market)
    return _shown_again(request, cart, _checked(request, read_entry(request.POST, market)))


def _with_card(request: HttpRequest, cart: Cart, entry: Entry) -> HttpResponse:
    """A code was typed, perhaps with the return key: take the card and show the new amount, never order at once."""
    market = market_of(request)
    try:
        save_entry(cart_id=cart.pk, entry=entry, market=market, user_id=user_id_of(request))
        add_card(
            cart_id=cart.pk,
            typed=entry.gift_code,
            currency=market.currency,
            visitor=visitor_of(request),
        )
    except NothingToOrder:
        return _no_cart(request, market)
    except DomainError as refusal:
        return _shown_again(request, cart, entry, {"gift_code": str(refusal)})
    return _shown_again(request, cart, replace(entry, gift_code=""))


def _without_card(request: HttpRequest, cart: Cart, entry: Entry, account_id: str) -> HttpResponse:
    if account_id.isdecimal():
        remove_card(cart_id=cart.pk, account_id=int(account_id))
    return _shown_again(request, cart, entry)


def market_of(request: HttpRequest) -> MarketContext:
    """The market of the address."""
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    return market


def _shown_again(
    request: HttpRequest, cart: Cart, entry: Entry, problems: Mapping[str, str] | None = None
) -> HttpResponse:
    """Keep what was typed, then show the page with it."""
    market = market_of(request)
    try:
        save_entry(cart_id=cart.pk, entry=entry, market=market, user_id=user_id_of(request))
    except NothingToOrder:
        return _no_cart(request, market)
    quote = quote_for_cart(cart=cart, market=market, destination=destination_of(entry, user_id_of(request)))
    change = destination_change(unseal(entry.shown), quote, market)
    trouble = Trouble(problems=problems or {}, change=change, dearer=guard(cart, quote, market))
    return _show(request, cart, entry, trouble, quote=quote, status=422 if problems else 200)


def _place(request: HttpRequest, cart: Cart, entry: Entry) -> HttpResponse:
    market = market_of(request)
    quote = quote_for_cart(cart=cart, market=market, destination=destination_of(entry, user_id_of(request)))
    plan = plan_for({**kept_credit(cart), "store": entry.store_credit}, quote, holder_of(request))
    methods = ways_to_pay(market, plan.rest, user_id_of(request)).codes
    problems = problems_of(
        entry,
        delivery_problem=delivery_problem(quote),
        methods=methods if plan.rest.amount else (entry.payment,),
    )
    problems |= tax_number_problem(entry)
    problems |= law_on(quote, entry, market).problems()
    if problems:
        return _shown_again(request, cart, entry, problems)
    try:
        placed = complete_checkout(
            cart_id=cart.pk,
            entry=entry,
            market=market,
            user_id=user_id_of(request),
            prefix=settings.ORDER_PREFIX,
            holder=holder_of(request),
        )
    except QuoteMoved as moved:
        return _show(request, cart, entry, Trouble(notes=(_moved(entry, moved.quote, market),)), status=409)
    except CHANGED as refusal:
        note = Note(tone="warn", title=str(refusal), text=_("Look at the new amount, then order if it suits you."))
        return _show(request, cart, entry, Trouble(notes=(note,)), status=409)
    except (OutOfStock, QuoteNotOrderable, RuleForbids, MethodUnknown, Busy) as refusal:
        note = Note(
            tone="warn", title=str(refusal), text=_("Nothing was ordered or charged. Look at your order again.")
        )
        return _show(request, cart, entry, Trouble(notes=(note,)), status=409)
    except NothingToOrder:
        return _no_cart(request, market)
    if not placed.is_replay:
        keep_for_next_time(entry, user_id_of(request))
    return _after_placing(request, placed, entry)


def _after_placing(request: HttpRequest, placed: Placed, entry: Entry) -> HttpResponse:
    """On to the provider. A second press of the button finds the same order and the same payment."""
    return go_and_pay(request, placed=placed, method=entry.payment, key=str(placed.checkout_id))


def _show(
    request: HttpRequest, cart: Cart, entry: Entry, trouble: Trouble, *, quote: Quote | None = None, status: int = 200
) -> HttpResponse:
    market = market_of(request)
    destination = destination_of(entry, user_id_of(request))
    quote = quote or quote_for_cart(cart=cart, market=market, destination=destination)
    if not quote.lines:
        return _no_cart(request, market)
    if any(problem.blocking for line in quote.lines for problem in line.problems):
        return see(storefront_url("cart:page", market=market.code, language=market.language))
    credit = kept_credit(cart) if entry.credit is None else entry.credit
    plan = plan_for(credit, quote, holder_of(request))
    shop = Shop(
        market=market,
        is_signed_in=bool(request.user.is_authenticated),
        ways=ways_to_pay(market, plan.rest, user_id_of(request)),
        credit=plan,
        book=book_of(user_id_of(request), market),
    )
    fields = tax_number_fields(entry, trouble.problems.get("tax_number", ""), user_id=user_id_of(request))
    law = law_on(quote, entry, market)
    notes = trouble.notes + trouble.dearer + _quote_notes(quote) + (() if trouble.notes else _forbidden_notes(law))
    shown = checkout_page(entry=entry, quote=quote, shop=shop, trouble=replace(trouble, notes=notes), law=law)
    shown = replace(shown, contact_fields=(*shown.contact_fields, *fields))
    return private(render(request, "storefront/checkout.html", {"page": shown}, status=status))


def _checked(request: HttpRequest, entry: Entry) -> Entry:
    """The entry, after its register was asked about a business number."""
    check_tax_number(entry, user_id=user_id_of(request), visitor=visitor_of(request))
    return entry


def _quote_notes(quote: Quote) -> tuple[Note, ...]:
    said = [problem.message for problem in quote.problems]
    said += [f"{line.name}: {problem.message}" for line in quote.lines for problem in line.problems]
    return tuple(Note(tone="warn", title=message, text="") for message in said)


def _forbidden_notes(law: Law) -> tuple[Note, ...]:
    text = _("Take these goods out of the cart, or choose another destination.")
    return tuple(Note(tone="bad", title=sentence, text=text) for sentence in law.forbidden)


def _moved(entry: Entry, quote: Quote, market: MarketContext) -> Note:
    return Note(
        tone="warn",
        title=_("Something changed since this page was shown. Nothing was ordered or charged."),
        text=_("Look at the new total, then order if it suits you."),
        details=differences(unseal(entry.shown), quote, market),
    )


def _no_cart(request: HttpRequest, market: MarketContext) -> HttpResponse:
    """The button pressed again: the same order and payment. Going back: the order. Otherwise the empty cart."""
    found = placed_from(cart_id=cookie_cart_id(request), form_key=_form_key(request), user_id=user_id_of(request))
    if found is None or found.order_number is None:
        return see(storefront_url("cart:page", market=market.code, language=market.language))
    if request.POST.get("action") == "place":
        placed = Placed(number=found.order_number, checkout_id=found.pk, is_replay=True)
        return go_and_pay(request, placed=placed, method=found.payment_method, key=str(found.pk))
    return see(
        storefront_url(
            "checkout:return", market=market.code, language=market.language, kwargs={"checkout": str(found.pk)}
        )
    )


def _form_key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("form_key", ""))
    except ValueError:
        return None


def private(response: HttpResponse) -> HttpResponse:
    """Never kept anywhere."""
    patch_cache_control(response, private=True, no_store=True)
    return response
