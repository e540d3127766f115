"""The checkout's pages as values: fields by country, deliveries as dates, methods of the market."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cart.types import Quote
from cart.words import duty_sentence_of, later_rows, tax_sentence
from checkout.compliance import Law, Question
from checkout.credit import CreditPlan
from checkout.credit_words import credit_sentence, credit_view
from checkout.entry import BILLING, RULE, Entry
from checkout.saved_addresses import Book, saved_input
from checkout.saved_cards import Ways
from checkout.shown import seal
from checkout.types import (
    CheckoutPage,
    CheckoutUrls,
    DeliveryChoice,
    DutyChoice,
    ErrorLink,
    Note,
    PaymentChoice,
)
from core.money import Money, to_minor
from markets.formatting import format_money
from markets.inputs import FieldView, address_inputs, country_input, input_id
from markets.prefix import storefront_url
from markets.queries import served_countries
from markets.types import MarketContext
from orders.downloading import consent_text
from payments.types import MethodView


@dataclass(frozen=True, kw_only=True)
class Shop:
    """Where and for whom the page is made."""

    market: MarketContext
    is_signed_in: bool
    ways: Ways
    """For what is left to pay."""
    credit: CreditPlan
    book: Book
    """The addresses of who is signed in."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What is said on the page besides the form."""

    problems: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    change: Note | None = None
    """What choosing another country did."""
    dearer: tuple[Note, ...] = ()
    """Why the total is much higher than the cart's."""


def checkout_page(*, entry: Entry, quote: Quote, shop: Shop, trouble: Trouble, law: Law) -> CheckoutPage:
    """The one page, with everything that was typed."""
    market, problems = shop.market, trouble.problems
    title = _("Checkout")
    amount = format_money(quote.total, market)
    return CheckoutPage(
        title=_("Error: %(title)s") % {"title": title} if problems else title,
        errors=_summary(problems),
        notes=trouble.notes,
        destination_note=trouble.change,
        contact_fields=(_email_field(entry, problems),),
        saved_address=saved_input(shop.book, entry, market),
        offers_address=shop.book.keeps,
        keep_address=entry.keep_address,
        country_field=country_input(entry.country, market.countries, market.language),
        address_fields=address_inputs(entry.country, entry.ship, problems, language=market.language),
        rule_fields=tuple(_rule_field(one, law.answers, problems) for one in law.questions),
        billing_same=entry.billing_same,
        billing_country_field=country_input(
            entry.bill_country, tuple(served_countries()), market.language, prefix=BILLING, by_name=True
        ),
        billing_fields=address_inputs(
            entry.bill_country, entry.bill, problems, language=market.language, prefix=BILLING
        ),
        delivery_choices=_deliveries(quote),
        delivery_error=problems.get("delivery", ""),
        payment_choices=payment_choices(shop.ways.methods, entry.payment),
        payment_error=problems.get("payment", ""),
        offers_keeping=shop.ways.keeps,
        keep_card=entry.keep_card,
        credit=credit_view(shop.credit, entry, problems.get("gift_code", "")),
        quote=quote,
        total_sentence=credit_sentence(shop.credit, market) or _total_sentence(quote, amount),
        tax_sentence=tax_sentence(quote, market),
        duty_sentence=duty_sentence_of(quote, market),
        duty_choices=_duty_choices(quote),
        later_rows=later_rows(quote.border),
        button_text=button_text(
            replace(market, order_button_text=law.button(market.order_button_text)), shop.credit.rest
        ),
        withdrawal_days=market.withdrawal_days,
        download_consent=wanted_consent(quote, market),
        download_agreed=entry.download_consent,
        form_key=str(entry.form_key),
        checkout_id=str(entry.form_key),
        fingerprint=seal(quote),
        is_signed_in=shop.is_signed_in,
        urls=_urls(market),
    )


def _total_sentence(quote: Quote, amount: str) -> str:
    """What is due with the order; all there is to pay only where nothing is paid on delivery."""
    if quote.border.is_paid_later:
        return _("You pay %(amount)s with this order.") % {"amount": amount}
    return _("%(amount)s is all you pay.") % {"amount": amount}


def wanted_consent(quote: Quote, market: MarketContext) -> str:
    """What the shopper is asked to agree to when something is downloaded where the law gives a right of withdrawal."""
    return consent_text() if quote.has_downloads and market.withdrawal_days else ""


def button_text(market: MarketContext, amount: Money) -> str:
    """The wording the market's law asks for, with the amount."""
    words = {"wording": market.order_button_text, "amount": format_money(amount, market)}
    if not to_minor(amount):
        return market.order_button_text or _("Place the order")
    if market.order_button_text:
        return pgettext("order button", "%(wording)s: %(amount)s") % words
    return pgettext("order button", "Order and pay %(amount)s") % words


def payment_choices(methods: Sequence[MethodView], chosen: str) -> tuple[PaymentChoice, ...]:
    """The market's methods in its order; the first is chosen until the shopper says otherwise."""
    codes = [method.code for method in methods]
    selected = chosen if chosen in codes else next(iter(codes), "")
    return tuple(
        PaymentChoice(code=method.code, label=method.label, detail=method.detail, selected=method.code == selected)
        for method in methods
    )


def _duty_choices(quote: Quote) -> tuple[DutyChoice, ...]:
    """To pay duty now or on delivery, each in one sentence; nothing where there is no choice."""
    if not quote.border.can_choose:
        return ()
    now = quote.border.is_paid_now
    return (
        DutyChoice(
            code="now",
            label=_("Pay import duty now"),
            sentence=_("You pay everything with this order, and nothing on delivery."),
            selected=now,
        ),
        DutyChoice(
            code="later",
            label=_("Pay import duty on delivery"),
            sentence=_("The carrier asks for it at the door; the amount here is an estimate."),
            selected=not now,
        ),
    )


def _summary(problems: Mapping[str, str]) -> tuple[ErrorLink, ...]:
    return tuple(ErrorLink(field_id=input_id(name), message=message) for name, message in problems.items())


def _email_field(entry: Entry, problems: Mapping[str, str]) -> FieldView:
    return FieldView(
        name="email",
        id="email",
        label=_("Email"),
        type="email",
        value=entry.email,
        error=problems.get("email", ""),
        hint=_("For the receipt and tracking. No account needed."),
        autocomplete="email",
        inputmode="email",
        optional=False,
        width="full",
        max_length=254,
    )


def _rule_field(one: Question, answers: Mapping[str, str], problems: Mapping[str, str]) -> FieldView:
    name = f"{RULE}{one.name}"
    return FieldView(
        name=name,
        id=input_id(name),
        label=one.label,
        type="text" if one.kinds else "checkbox",
        value=answers.get(one.name, ""),
        error=problems.get(name, ""),
        hint=one.hint,
        autocomplete="off",
        inputmode="",
        optional=not one.is_required,
        width="full",
        max_length=40,
    )


def _deliveries(quote: Quote) -> tuple[DeliveryChoice, ...]:
    return tuple(
        DeliveryChoice(
            code=option.code,
            earliest=option.earliest,
            latest=option.latest,
            price=option.price,
            is_free=option.is_free,
            detail=f"{option.carrier}, {option.name}",
            selected=quote.delivery is not None and option.code == quote.delivery.code,
        )
        for option in quote.delivery_options
    )


def _urls(market: MarketContext) -> CheckoutUrls:
    def url(name: str, **kwargs: str) -> str:
        return storefront_url(name, market=market.code, language=market.language, kwargs=kwargs or None)

    return CheckoutUrls(
        page=url("checkout:page"),
        country=url("checkout:country"),
        delivery=url("checkout:delivery"),
        cart=url("cart:page"),
        sign_in=f"{url('account_login')}?next={url('checkout:page')}",
        terms=url("content:page", code="terms"),
        privacy=url("content:page", code="privacy"),
        withdrawal=url("content:page", code="returns"),
    )
