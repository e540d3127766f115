"""Paying with gift cards and store credit over HTTP: typing codes, mixing with a card, running out, giving back."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from checkout.models import Checkout
from core.money import from_minor, to_minor
from core.outbox import drain
from orders.actions import cancel_order, credit_what_failed, expire_order, refund_order
from orders.actions.refund_shares import ways_back
from orders.errors import NothingToRefund, RefundTooLarge
from orders.models import Lifecycle, Order, OrderHold, OrderRefund, PaymentState, RefundState
from orders.proving.nightly import prove_money
from orders.types import RefundWish
from payments.actions import process_inbox, refresh_payment, submit_due_refunds
from payments.actions.credit import block_credit, withdraw_credit
from payments.credit.codes import new_code
from payments.credit.holders import link_token
from payments.models import CreditAccount, CreditEntry, Payment, SandboxCharge
from payments.tasks import run_sandbox
from tests.factories.cart import item_in, open_shop
from tests.factories.payments import fact, settled
from tests.journeys.shopping import Answer, Shopper
from tests.payments.credit_world import card, credit, eur
from tests.soundness import broken

pytestmark = pytest.mark.django_db


def ready(price: str = "20.00", count: int = 2) -> Shopper:
    """Somebody with two pieces in the cart."""
    shopper = Shopper()
    shopper.add(item_in(open_shop(), price=price), count)
    return shopper


def type_code(shopper: Shopper, code: str, **changes: object) -> Answer:
    return shopper.post("checkout/", **shopper.form(gift_code=code, **changes), action="add_card")


def settle_everything() -> None:
    for _ in range(4):
        run_sandbox()
        drain(limit=200)
        submit_due_refunds()
        process_inbox()


def is_sound() -> None:
    assert broken("Q02") == []


def is_proven() -> None:
    """The nightly proof finds the same money everywhere."""
    assert prove_money()[1].failures == []


def pay_rest(shopper: Shopper, ordered: Answer) -> None:
    """Pay at the sandbox and come back."""
    assert ordered.status == 303
    shopper.choose(ordered.location, "succeed")
    refresh_payment(payment_ref=Payment.objects.get(provider="sandbox").ref)


def test_a_card_pays_its_part_and_the_sandbox_the_rest() -> None:
    shopper, issued = ready(), card("15.00")

    shown = type_code(shopper, issued.code.lower())

    assert shown.status == 200
    assert f"ending in <bdi>{issued.account.last_four}" in shown.text
    assert issued.code not in shown.text
    ordered = shopper.order()
    order = Order.objects.get()
    assert order.lifecycle == Lifecycle.PENDING_PAYMENT
    assert order.tax_total.amount > 0
    assert (order.discount_total, order.payment_state) == (eur("0.00"), PaymentState.PARTLY_PAID)
    assert not OrderHold.objects.exists()
    assert Payment.objects.get(provider="sandbox").amount == order.total - eur("15.00")
    pay_rest(shopper, ordered)
    order.refresh_from_db()
    assert (order.lifecycle, order.payment_state) == (Lifecycle.CONFIRMED, PaymentState.PAID)
    settle_everything()
    is_sound()


def test_cards_that_cover_everything_ask_no_provider() -> None:
    shopper, first, second = ready(), card("15.00"), card("100.00")
    type_code(shopper, first.code)
    shown = type_code(shopper, second.code)
    assert 'name="payment"' not in shown.text

    answer = shopper.order(payment="")

    order = Order.objects.get()
    assert answer.status == 303
    assert order.payment_state == PaymentState.PAID
    assert [payment.provider for payment in Payment.objects.order_by("pk")] == ["credit", "credit"]
    assert sum(one.captured_minor for one in Payment.objects.all()) == to_minor(order.total)
    page = shopper.follow(shopper.follow(answer.location).location)
    assert "Gift card ending in" in page.text
    settle_everything()
    is_sound()


def test_the_return_key_in_the_code_field_takes_the_card_and_orders_nothing() -> None:
    shopper, issued = ready(), card()
    answer = shopper.post("checkout/", **shopper.form(gift_code=issued.code), action="place")
    assert answer.status == 200
    assert issued.account.last_four in answer.text
    assert not Order.objects.exists()


def test_a_card_is_taken_off_again() -> None:
    shopper, issued = ready(), card()
    type_code(shopper, issued.code)
    answer = shopper.post("checkout/", **shopper.form(), action=f"remove_card:{issued.account.pk}")
    assert "ending in" not in answer.text
    assert Checkout.objects.get().credit["cards"] == []


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ("wrong", "We do not know this code"),
        ("blocked", "We do not know this code"),
        ("expired", "This gift card has expired."),
        ("currency", "This gift card is in CHF. It cannot pay an order in EUR."),
        ("empty", "There is nothing left on this gift card."),
    ],
)
def test_a_code_that_cannot_pay_says_why_and_keeps_what_was_typed(trouble: str, sentence: str) -> None:
    shopper, issued = ready(), card()
    rows = CreditAccount.objects.filter(pk=issued.account.pk)
    if trouble == "blocked":
        block_credit(account_id=issued.account.pk, reason="lost")
    elif trouble == "expired":
        rows.update(expires_on=timezone.localdate() - timedelta(days=1))
    elif trouble == "currency":
        rows.update(currency="CHF")
    elif trouble == "empty":
        rows.update(balance_minor=0)
    typed = new_code() if trouble == "wrong" else issued.code

    answer = type_code(shopper, typed, street="Kastanienallee 99")

    assert answer.status == 422
    assert sentence in answer.text
    assert 'href="#gift-code"' in answer.text
    assert 'value="Kastanienallee 99"' in answer.text
    assert f'value="{typed}"' in answer.text


def test_after_ten_wrong_codes_none_is_looked_at() -> None:
    shopper, issued = ready(), card()
    for _try in range(10):
        assert "We do not know this code" in type_code(shopper, new_code()).text
    assert "too many wrong codes" in type_code(shopper, issued.code).text


def test_a_card_that_was_spent_meanwhile_orders_nothing_and_shows_the_new_rest() -> None:
    shopper, issued = ready(), card("15.00")
    type_code(shopper, issued.code)
    typed = shopper.form()
    typed.update(dict(re.findall(r'name="(fingerprint|due)" value="([^"]*)"', shopper.get("checkout/").text)))
    withdraw_credit(account_id=issued.account.pk, reason="stolen")

    answer = shopper.post("checkout/", **typed, action="place")

    assert answer.status == 409
    assert "What is left to pay has changed" in answer.text
    assert not Order.objects.exists()
    assert not Payment.objects.exists()


def test_a_rest_that_was_changed_in_the_browser_orders_nothing() -> None:
    shopper, issued = ready(), card("15.00")
    type_code(shopper, issued.code)
    assert shopper.order(due="1").status == 409
    assert not Order.objects.exists()


def test_store_credit_that_a_mailed_link_opened_is_a_choice() -> None:
    shopper, account = ready(), credit("12.50")
    token = link_token(account.pk)
    assert "12.50" in shopper.get(f"credit/{token}/").text
    assert 'name="store_credit"' not in shopper.get("checkout/").text
    shopper.post(f"credit/{token}/")
    assert 'name="store_credit"' in shopper.get("checkout/").text

    shopper.order(store_credit="1")

    account.refresh_from_db()
    assert account.balance_minor == 0
    assert Payment.objects.get(provider="credit").amount == eur("12.50")
    is_sound()


def unpaid_with_card() -> tuple[Order, CreditAccount]:
    shopper, issued = ready(), card("15.00")
    type_code(shopper, issued.code)
    shopper.order()
    return Order.objects.get(), issued.account


def test_an_order_that_expires_gives_the_card_its_money_back() -> None:
    order, account = unpaid_with_card()
    assert expire_order(number=order.number)
    settle_everything()
    order.refresh_from_db()
    account.refresh_from_db()
    assert (order.lifecycle, account.balance) == (Lifecycle.EXPIRED, eur("15.00"))
    is_sound()


def test_an_order_that_is_canceled_before_it_is_paid_gives_the_card_its_money_back() -> None:
    order, account = unpaid_with_card()
    cancel_order(number=order.number, reason="Changed their mind")
    settle_everything()
    account.refresh_from_db()
    assert account.balance == eur("15.00")
    is_sound()


def test_money_that_comes_after_the_card_got_its_part_back_goes_back_too() -> None:
    order, _account = unpaid_with_card()
    late = Payment.objects.get(provider="sandbox")
    Order.objects.filter(pk=order.pk).update(pay_by=timezone.now() - timedelta(minutes=1))
    assert expire_order(number=order.number)
    settle_everything()
    settled(late, fact(late, "captured"))
    settle_everything()
    order.refresh_from_db()
    back = OrderRefund.objects.latest("pk")
    assert order.lifecycle == Lifecycle.EXPIRED
    assert (back.payment_ref, back.amount, back.is_excess) == (late.ref, late.amount, True)


def paid_with_card(amount: str = "15.00") -> tuple[Order, CreditAccount, Payment]:
    shopper, issued = ready(), card(amount)
    type_code(shopper, issued.code)
    pay_rest(shopper, shopper.order())
    order = Order.objects.get()
    return order, issued.account, Payment.objects.get(provider="sandbox")


def test_a_refund_goes_to_the_sandbox_first_and_then_to_the_card_to_the_cent() -> None:
    order, account, sandbox = paid_with_card()
    line = order.lines.get()
    for unit in (1, 2):
        refund_order(
            number=order.number,
            lines=[RefundWish(line_id=line.pk, quantity=1)],
            shipping=unit == 2,
            reason="Broken",
            key=str(unit),
        )
        settle_everything()
    account.refresh_from_db()
    sandbox.refresh_from_db()
    order.refresh_from_db()
    assert sandbox.refunded == sandbox.captured == order.total - eur("15.00")
    assert account.balance == eur("15.00")
    assert order.payment_state == PaymentState.REFUNDED
    first, second = OrderRefund.objects.order_by("pk")
    assert (first.state, second.state) == (RefundState.SUCCEEDED, RefundState.SUCCEEDED)
    assert first.shares.count() == 1
    assert [share.amount for share in second.shares.all()] == [
        sandbox.captured - first.amount,
        second.amount - (sandbox.captured - first.amount),
    ]
    is_sound()
    is_proven()


def test_a_refund_asked_twice_and_handed_over_twice_goes_back_once() -> None:
    order, account, _sandbox = paid_with_card()
    line = order.lines.get()
    wish = [RefundWish(line_id=line.pk, quantity=2)]
    for _again in range(2):
        refund_order(number=order.number, lines=wish, shipping=True, reason="Broken", key="one")
        settle_everything()
    account.refresh_from_db()
    assert account.balance == eur("15.00")
    assert CreditEntry.objects.filter(kind="refund").count() == 1
    is_sound()


def test_what_a_payment_refuses_stays_owed_until_it_is_given_as_store_credit() -> None:
    order, account, sandbox = paid_with_card()
    line = order.lines.get()
    wish = [RefundWish(line_id=line.pk, quantity=2)]
    refund = refund_order(number=order.number, lines=wish, shipping=True, reason="Broken", key="one")
    SandboxCharge.objects.update(refunded_minor=F("captured_minor"))
    settle_everything()
    refund.refresh_from_db()
    line.refresh_from_db()
    account.refresh_from_db()
    assert [share.state for share in refund.shares.all()] == ["failed", "succeeded"]
    assert (refund.state, line.qty_refunded, account.balance) == (RefundState.SENT, 2, eur("15.00"))
    assert OrderHold.objects.filter(key=f"refund:{refund.number}", resolved_at=None).exists()
    with pytest.raises(RefundTooLarge):
        ways_back(order, 1)

    credit_what_failed(refund_number=refund.number)

    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert CreditAccount.objects.get(kind="store_credit").balance == sandbox.captured
    with pytest.raises(NothingToRefund):
        credit_what_failed(refund_number=refund.number)
    is_sound()


def test_the_customer_may_agree_to_store_credit_instead() -> None:
    order, _account, sandbox = paid_with_card()
    line = order.lines.get()
    agreed = refund_order(
        number=order.number,
        lines=[RefundWish(line_id=line.pk, quantity=1)],
        shipping=False,
        reason="Torn",
        key="c",
        to="credit",
    )
    settle_everything()
    order.refresh_from_db()
    sandbox.refresh_from_db()
    given = CreditAccount.objects.get(kind="store_credit")
    assert given.balance == agreed.amount
    assert sandbox.refunded_minor == 0
    assert order.payment_state == PaymentState.PARTLY_REFUNDED
    refund_order(
        number=order.number,
        lines=[RefundWish(line_id=line.pk, quantity=1)],
        shipping=True,
        reason="Torn",
        key="d",
    )
    settle_everything()
    order.refresh_from_db()
    assert order.payment_state == PaymentState.REFUNDED
    went = sum(one.refunded_minor for one in Payment.objects.all()) + given.balance_minor
    assert from_minor(went, "EUR") == order.total
    is_sound()
    is_proven()
