"""Gift cards as goods: untaxed, mailed when they are paid, ended when their price goes back, never paid with credit."""

import re

import pytest
from django.core import mail

from catalog.models import ProductType, Variant
from core.models import Message
from core.money import Money, to_minor
from core.notifications import deliver_due
from core.outbox import drain
from markets.types import MarketContext
from orders.actions import fail_refund, refund_order
from orders.errors import GiftCardSpent
from orders.models import Lifecycle, Order, OrderRefund
from orders.types import RefundWish
from payments.actions import process_inbox, submit_due_refunds
from payments.actions.credit_taking import CreditWish, take_credit
from payments.credit.queries import card_by_code
from payments.models import CreditAccount, CreditEntry
from payments.tasks import run_sandbox
from tests.factories.cart import cart_with, item_in, open_shop, quote_of
from tests.factories.orders import paid_order
from tests.journeys.shopping import Shopper
from tests.payments.credit_world import card
from tests.soundness import broken

pytestmark = pytest.mark.django_db


def a_gift_card(market: MarketContext, price: str = "25.00") -> Variant:
    """A variant whose product is of the kind gift card."""
    variant = item_in(market, price=price, stock=0)
    kind = ProductType.objects.create(code="gift", name="Gift card", kind="giftcard", requires_shipping=False)
    variant.product.product_type = kind
    variant.product.save(update_fields=["product_type"])
    return variant


def settle_everything() -> None:
    for _ in range(4):
        run_sandbox()
        drain(limit=200)
        submit_due_refunds()
        process_inbox()


def is_sound() -> None:
    assert broken("Q02") == []


def bought(quantity: int = 2) -> Order:
    market = open_shop()
    order = paid_order(market, (a_gift_card(market), quantity))
    settle_everything()
    order.refresh_from_db()
    return order


def test_a_gift_card_bears_no_tax_and_leaves_the_delivery_of_the_rest_taxed() -> None:
    market = open_shop()
    quote = quote_of(cart_with(market, (a_gift_card(market), 1), (item_in(market, price="20.00"), 1)), market)
    taxes = {(line.owner, line.reason): line.amount for line in quote.tax_lines}
    assert taxes["line", "voucher"].amount == 0
    assert taxes["line", "standard"].amount > 0
    shipping = [line for line in quote.tax_lines if line.owner == "shipping" and line.base.amount]
    assert shipping
    assert all(line.reason == "standard" for line in shipping)
    assert quote.total == Money("45.00", "EUR") + quote.shipping_total


def test_paying_makes_one_card_per_unit_and_mails_the_codes_in_the_orders_language() -> None:
    order = bought(2)
    cards = list(CreditAccount.objects.filter(kind="gift_card").order_by("pk"))
    assert [one.balance for one in cards] == [Money("25.00", "EUR")] * 2
    assert order.lifecycle == Lifecycle.COMPLETED
    messages = Message.objects.filter(kind="gift_card")
    assert {message.language for message in messages} == {order.language}
    codes = {re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", message.text)[0] for message in messages}
    assert {card_by_code(code, visitor="reader") for code in codes} == set(cards)
    drain(limit=200)
    assert CreditAccount.objects.count() == 2
    is_sound()


def test_the_words_with_a_code_are_forgotten_once_they_were_sent(settings) -> None:
    settings.MESSAGES_NOT_KEPT = frozenset({"gift_card"})
    bought(1)
    deliver_due()
    sent = [message for message in mail.outbox if "gift card over" in message.subject]
    assert re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", str(sent[0].body))
    kept = Message.objects.get(kind="gift_card")
    assert (kept.state, kept.text, kept.html) == ("sent", "", "")


def wish(order: Order, quantity: int) -> list[RefundWish]:
    return [RefundWish(line_id=order.lines.get().pk, quantity=quantity)]


def test_a_refund_ends_as_many_cards_as_are_paid_back() -> None:
    order = bought(2)
    refund_order(number=order.number, lines=wish(order, 1), shipping=False, reason="Unwanted", key="one")
    settle_everything()
    assert sorted(CreditAccount.objects.values_list("state", "balance_minor")) == [("active", 2500), ("canceled", 0)]
    assert OrderRefund.objects.get().amount == Money("25.00", "EUR")
    is_sound()


def test_a_card_that_was_spent_in_part_is_not_paid_back_and_nothing_changes() -> None:
    order = bought(2)
    used = CreditAccount.objects.earliest("pk")
    take_credit(order_ref="ELSE-1", currency="EUR", wishes=[CreditWish(account_id=used.pk, minor=1)])
    with pytest.raises(GiftCardSpent):
        refund_order(number=order.number, lines=wish(order, 2), shipping=False, reason="Unwanted", key="two")
    assert not OrderRefund.objects.exists()
    assert not CreditEntry.objects.filter(kind="cancel").exists()
    refund_order(number=order.number, lines=wish(order, 1), shipping=False, reason="Unwanted", key="one")
    used.refresh_from_db()
    assert used.balance_minor == 2499


def test_a_refund_that_fails_for_good_gives_the_cards_their_value_again() -> None:
    order = bought(1)
    refund = refund_order(number=order.number, lines=wish(order, 1), shipping=False, reason="Unwanted", key="one")
    fail_refund(refund_number=refund.number, code="closed")
    account = CreditAccount.objects.get()
    assert (account.state, account.balance_minor) == ("active", 2500)
    again = refund_order(number=order.number, lines=wish(order, 1), shipping=False, reason="Unwanted", key="two")
    account.refresh_from_db()
    assert (account.state, account.balance_minor, to_minor(again.amount)) == ("canceled", 0, 2500)


def test_gift_cards_are_not_paid_with_gift_cards() -> None:
    market = open_shop()
    shopper, issued = Shopper(), card("100.00")
    shopper.add(a_gift_card(market), 1)
    shopper.add(item_in(market, price="20.00"), 1)
    shown = shopper.post("checkout/", **shopper.form(gift_code=issued.code), action="add_card")
    assert 'name="payment"' in shown.text
    shopper.order()
    order = Order.objects.get()
    paid = sum(-entry.amount_minor for entry in CreditEntry.objects.filter(kind="spend"))
    assert paid == to_minor(order.total) - 2500
