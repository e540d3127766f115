"""How the demo shop's customers buy: a cart, a checkout, a payment at the sandbox, by the shop's own actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.utils import timezone

from cart.actions import add_line, open_cart
from cart.queries import quote_for_cart
from catalog.models import Variant
from checkout.actions import Way, complete_checkout, destination_of, pay_order
from checkout.entry import Entry
from checkout.shown import seal
from core.money import Money
from markets.queries import market_by_code
from markets.types import MarketContext
from orders.models import Order
from orders.origins import Origin, Touch
from payments.actions import refresh_payment
from payments.models import Payment, SandboxCharge
from payments.providers.sandbox.choosing import choose
from payments.queries import methods_for

ADDRESSES: Mapping[str, Mapping[str, str]] = {
    "de": {"name": "{letter}. M.", "street": "Kastanienallee {number}", "postal_code": "10435", "city": "Berlin"},
    "fr": {"name": "{letter}. D.", "street": "{number} rue de la Roquette", "postal_code": "75011", "city": "Paris"},
    "gb": {"name": "{letter}. T.", "street": "{number} Chapel Street", "postal_code": "M3 5BZ", "city": "Manchester"},
    "us": {
        "name": "{letter}. R.",
        "street": "4{number} SW Morrison St",
        "postal_code": "97204",
        "city": "Portland",
        "region": "OR",
        "phone": "+1 503 555 0142",
    },
    "jp": {
        "name": "{letter}. S.",
        "street": "1-2-{number}",
        "postal_code": "150-0001",
        "city": "渋谷区",
        "region": "東京都",
        "phone": "+81 3 1234 5678",
    },
    "ae": {
        "name": "م. ع.",
        "street": "Sheikh Zayed Road {number}",
        "city": "Dubai",
        "region": "Dubai",
        "phone": "+971 4 123 4567",
    },
    "ch": {"name": "{letter}. B.", "street": "Langstrasse {number}", "postal_code": "8004", "city": "Zürich"},
}
"""Where the customers of each market live, each in a house of their own; of their names, the first letters."""

CAMPAIGNS = (
    ("newsletter", "email", "autumn-table"),
    ("search.example", "cpc", "kettles"),
    ("newsletter", "email", "back-in-stock"),
)
"""Source, medium and campaign of links that nobody has ever followed."""


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """What one customer buys: SKUs with pieces. Its number makes it the same purchase whenever it is seeded."""

    number: int
    market: str
    language: str
    goods: Sequence[tuple[str, int]]

    @property
    def key(self) -> UUID:
        """Of its checkout."""
        return uuid5(NAMESPACE_URL, f"https://meridian.example/demo/purchases/{self.number}")

    @property
    def email(self) -> str:
        """Nobody's: the domain is set aside for examples."""
        return f"customer-{self.number:02}@example.com"


def order_of(purchase: Purchase) -> Order | None:
    """The order it became, if it was seeded before."""
    return Order.objects.filter(group__checkout=purchase.key).first()


def place(purchase: Purchase) -> str:
    """Put the goods into a cart and order them; the order's number."""
    market = market_by_code(purchase.market, language=purchase.language)
    ids = dict(Variant.objects.filter(sku__in=[sku for sku, _pieces in purchase.goods]).values_list("sku", "pk"))
    cart = open_cart(market=market, user_id=None)
    for sku, pieces in purchase.goods:
        add_line(cart_id=cart.pk, market=market, variant_id=ids[sku], quantity=pieces)
    cart.refresh_from_db()
    typed = _entry(purchase, market)
    quote = quote_for_cart(cart=cart, market=market, destination=destination_of(typed))
    entry = Entry(**{**vars(typed), "payment": _method(market, quote.total), "shown": seal(quote)})
    placed = complete_checkout(cart_id=cart.pk, entry=entry, market=market, user_id=None, prefix=settings.ORDER_PREFIX)
    return placed.number


def pay(purchase: Purchase, number: str, *, choice: str = "succeed") -> None:
    """Go to the sandbox's pay page, press the button of this name, and come back."""
    market = market_by_code(purchase.market, language=purchase.language)
    method = Order.objects.values_list("payment_method", flat=True).get(number=number)
    page = f"{settings.SHOP_URL}/{market.code}/{market.language}/checkout/"
    pay_order(number=number, method=method, key=choice, market=market, way=Way(return_url=page, cancel_url=page))
    payment = Payment.objects.of_order(number).latest("pk")
    choose(charge_pk=SandboxCharge.objects.get(payment_ref=payment.ref).pk, choice=choice)
    refresh_payment(payment_ref=payment.ref)


def _entry(purchase: Purchase, market: MarketContext) -> Entry:
    own = {"letter": chr(ord("A") + purchase.number % 26), "number": purchase.number}
    return Entry(
        email=purchase.email,
        country=market.country,
        ship={name: part.format(**own) for name, part in ADDRESSES[purchase.market].items()},
        bill_country=market.country,
        form_key=purchase.key,
        origin=_origin(purchase),
    )


def _origin(purchase: Purchase) -> Origin | None:
    """Every second customer came by one of the shop's pretended campaigns."""
    if purchase.number % 2:
        return None
    source, medium, campaign = CAMPAIGNS[purchase.number // 2 % len(CAMPAIGNS)]
    landing = f"/{purchase.market}/{purchase.language}/"
    touch = Touch(at=timezone.now(), landing=landing, source=source, medium=medium, campaign=campaign)
    first = replace(
        touch, at=touch.at - timedelta(days=2), referrer="journal.example", source="", medium="", campaign=""
    )
    return Origin(first=first if purchase.number % 4 else touch, last=touch)


def _method(market: MarketContext, total: Money) -> str:
    """The card where the market takes one at the sandbox, or else its first way to pay there."""
    codes = [way.code for way in methods_for(market, total) if way.provider == "sandbox"]
    return "card" if "card" in codes else codes[0]
