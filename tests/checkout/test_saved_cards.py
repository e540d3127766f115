"""Keeping a card while paying, and paying with it: members only, at Stripe's stand-in."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from orders.models import Lifecycle, Order
from payments.models import CardErrand, CardOwner, CardUse, Payment, RiskDecision, SavedCard
from tests.checkout.cards_world import THREE_D_SECURE, fill, hear, kept, last_payment, pay_with, shopping_member
from tests.journeys.shopping import Shopper
from tests.payments.stripe_world import stripe
from tests.soundness import broken

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db


def is_sound() -> None:
    assert broken("Q02") == []


def test_a_member_keeps_a_card_on_the_hosted_page(stripe) -> None:
    user, shopper = shopping_member()
    before = datetime.now(tz=UTC)
    card = kept(stripe, shopper)

    session = stripe.books.find(last_payment().provider_ref)
    intent = stripe.books.find(session["payment_intent"])
    method = stripe.books.of_kind("payment_method")[0]
    assert intent["payment_method_options"]["card"]["setup_future_usage"] == "on_session"
    assert (session["customer"], session["customer_email"]) == (method["customer"], None)
    assert (card.provider_ref, card.brand, card.last_four) == (method["id"], "visa", "4242")
    assert (card.expiry_year, card.expiry_month, card.owner.user_id) == (2030, 12, user.pk)
    assert before <= card.agreed_at <= datetime.now(tz=UTC)
    assert AuditEntry.objects.filter(action="payments.keep_card").count() == 1
    assert not CardErrand.objects.exists()
    is_sound()


def test_the_tick_is_never_set_beforehand_and_guests_are_not_asked(stripe) -> None:
    _user, shopper = shopping_member()
    tick = re.search(r"<input[^>]*name=\"keep_card\"[^>]*>", shopper.get("checkout/").text)
    assert tick is not None
    assert "checked" not in tick[0]
    assert 'name="keep_card"' not in fill(Shopper()).get("checkout/").text


def test_a_guest_who_sends_the_tick_keeps_nothing(stripe) -> None:
    shopper = fill(Shopper())
    shopper.order(keep_card="1")
    stripe.books.pay_on_page(last_payment().provider_ref)
    hear(stripe)
    assert Order.objects.get().lifecycle == Lifecycle.CONFIRMED
    assert not CardOwner.objects.exists()
    assert stripe.books.of_kind("customer") == []


def test_without_the_tick_nothing_is_kept(stripe) -> None:
    _user, shopper = shopping_member()
    shopper.order()
    stripe.books.pay_on_page(last_payment().provider_ref)
    hear(stripe)
    assert not SavedCard.objects.exists()
    assert stripe.books.of_kind("customer") == []


def test_nothing_is_offered_where_nobody_keeps_cards() -> None:
    _user, shopper = shopping_member()
    assert 'name="keep_card"' not in shopper.get("checkout/").text


def test_the_payment_element_keeps_a_card_too(stripe, settings) -> None:
    settings.STRIPE_MODE = "element"
    _user, shopper = shopping_member()
    shopper.order(keep_card="1")
    intent = stripe.books.find(last_payment().provider_ref)
    assert intent["payment_method_options"]["card"]["setup_future_usage"] == "on_session"
    stripe.books.confirm(intent["id"], "pm_card_visa")
    hear(stripe)
    assert SavedCard.objects.get().owner.provider_ref == intent["customer"]


def test_a_kept_card_pays_at_once_and_the_order_is_confirmed(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    fill(shopper)
    assert "Visa ending 4242" in shopper.get("checkout/").text

    answer = pay_with(shopper, card)

    order = Order.objects.latest("pk")
    payment = last_payment()
    intent = stripe.books.find(payment.provider_ref)
    assert (answer.status, order.lifecycle, order.payment_method) == (303, Lifecycle.CONFIRMED, "card")
    assert (payment.method, payment.state, intent["payment_method"]) == ("card", "captured", card.provider_ref)
    assert intent["customer"] == card.owner.provider_ref
    assert shopper.follow(shopper.follow(answer.location).location).status == 200
    hear(stripe, times=3)
    payment.refresh_from_db()
    assert payment.captured == order.total
    assert payment.transactions.filter(kind="fee").count() == 1
    assert RiskDecision.objects.filter(payment=payment, moment="before").exists()
    assert SavedCard.objects.count() == 1
    is_sound()


def test_two_presses_of_the_button_charge_once(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    fill(shopper)
    typed = shopper.form(payment=f"saved:{card.pk}")
    shown = shopper.post("checkout/delivery/", **typed)
    typed |= dict(re.findall(r'<input type="hidden" name="(form_key|fingerprint|due)" value="([^"]*)">', shown.text))
    for _press in range(2):
        assert shopper.post("checkout/", **typed, action="place").status == 303
    assert len([one for one in stripe.books.of_kind("payment_intent") if one["payment_method"]]) == 2
    assert Order.objects.count() == 2


@pytest.mark.parametrize(
    ("accepted", "lifecycle", "state"),
    [(True, Lifecycle.CONFIRMED, "captured"), (False, Lifecycle.PENDING_PAYMENT, "failed")],
)
def test_the_bank_asks_and_leads_back_the_same_way(stripe, accepted, lifecycle, state) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper, behaves=THREE_D_SECURE)
    fill(shopper)

    answer = pay_with(shopper, card)

    payment = last_payment()
    intent = stripe.books.find(payment.provider_ref)
    back = intent["next_action"]["redirect_to_url"]["return_url"]
    assert (payment.state, answer.location) == ("action_required", intent["next_action"]["redirect_to_url"]["url"])
    assert "/checkout/return/" in back
    stripe.books.finish_3ds(intent["id"], accepted=accepted)
    shopper.follow(back)
    payment.refresh_from_db()
    assert (Order.objects.latest("pk").lifecycle, payment.state) == (lifecycle, state)
    hear(stripe)
    is_sound()


def test_a_declined_card_is_said_and_the_order_is_paid_another_way(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    stripe.books.find(card.provider_ref)["_behaves"] = "pm_card_insufficientFunds"
    fill(shopper)

    retry = pay_with(shopper, card).location

    shown = shopper.follow(retry)
    assert "/checkout/retry/" in retry
    assert "Your saved card did not work. Nothing was charged." in shown.text
    assert "Visa ending 4242" in shown.text
    payment = last_payment()
    assert (payment.state, payment.failure_code) == ("failed", "insufficient_funds")
    hear(stripe)
    fields = {"payment": "card", "form_key": re.search(r'name="form_key" value="([^"]+)"', shown.text)[1]}
    assert shopper.client.post(retry, fields).status_code == 303
    stripe.books.pay_on_page(last_payment().provider_ref)
    hear(stripe)
    assert (Order.objects.count(), Order.objects.latest("pk").lifecycle) == (2, Lifecycle.CONFIRMED)
    is_sound()


def test_a_card_whose_bank_gave_it_up_is_not_offered_again(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    stripe.books.find(card.provider_ref)["_behaves"] = "pm_card_chargeDeclinedExpiredCard"
    fill(shopper)
    assert "Visa ending 4242" not in shopper.follow(pay_with(shopper, card).location).text
    assert "Its bank does not take it any more." in shopper.get("account/cards/").text


def test_a_lost_answer_of_the_charge_is_asked_for_and_nobody_pays_twice(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    fill(shopper)
    confirm = stripe.books.confirm_intent

    def charged_and_silent(name: str, params: dict) -> dict:
        stripe.books.lose_next_answer = True
        return confirm(name, params)

    stripe.books.confirm_intent = charged_and_silent
    retry = pay_with(shopper, card).location
    payment = last_payment()
    assert (payment.state, bool(payment.provider_ref)) == ("created", True)
    shopper.client.post(retry, {"payment": "card", "form_key": "try-2"})
    payment.refresh_from_db()
    assert (payment.state, Payment.objects.filter(order_ref=payment.order_ref).count()) == ("captured", 1)
    assert Order.objects.latest("pk").lifecycle == Lifecycle.CONFIRMED


def test_somebody_elses_card_is_refused_and_nothing_is_ordered(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    _other, thief = shopping_member("two@example.com")
    guest = fill(Shopper())
    for one in (thief, guest):
        assert "Visa ending 4242" not in one.get("checkout/").text
        answer = pay_with(one, card)
        assert answer.status == 422
        assert "Choose how you want to pay." in answer.text
    assert (Order.objects.count(), CardUse.objects.count()) == (1, 1)
    assert thief.post("account/cards/", card=card.pk).status == 404
    assert Shopper().get("account/cards/").status == 302
    card.refresh_from_db()
    assert card.removed_at is None


def test_the_second_card_asks_for_no_second_customer_and_the_same_card_takes_its_own_place(stripe) -> None:
    _user, shopper = shopping_member()
    first = kept(stripe, shopper)
    second = kept(stripe, fill(shopper))
    other = kept(stripe, fill(shopper), brand="mastercard", last4="4444")
    assert len(stripe.books.of_kind("customer")) == 1
    first.refresh_from_db()
    assert (first.removed_at is not None, first.last_four, first.provider_ref) == (True, "", "")
    assert [one["id"] for one in stripe.books.of_kind("payment_method", customer=None)] != []
    assert set(SavedCard.objects.filter(removed_at=None)) == {second, other}


def test_an_expired_card_is_said_on_the_account_and_not_offered(stripe) -> None:
    _user, shopper = shopping_member()
    kept(stripe, shopper, exp_year=2026, exp_month=10)
    fill(shopper)
    assert "Visa ending 4242" not in shopper.get("checkout/").text
    assert "Expired 10/2026." in shopper.get("account/cards/").text


def test_kept_cards_cost_the_checkout_one_query_however_many_there_are(stripe) -> None:
    _user, shopper = shopping_member()
    kept(stripe, shopper)
    fill(shopper)

    def cost() -> int:
        shopper.get("checkout/")
        with CaptureQueriesContext(connection) as queries:
            assert shopper.get("checkout/").status == 200
        return len(queries)

    one_card = cost()
    card = SavedCard.objects.get()
    for number in range(9):
        SavedCard.objects.create(
            owner=card.owner,
            provider_ref=f"pm_{number}",
            brand="jcb",
            last_four=f"000{number}",
            expiry_year=2031,
            expiry_month=1,
            agreed_at=card.agreed_at,
        )
    assert cost() == one_card
    with CaptureQueriesContext(connection) as queries:
        shopper.get("checkout/")
    assert len([one for one in queries if "payments_savedcard" in one["sql"]]) == 1


def test_the_checkout_of_a_guest_asks_nothing_about_cards(stripe) -> None:
    guest = fill(Shopper())
    guest.get("checkout/")
    with CaptureQueriesContext(connection) as queries:
        guest.get("checkout/")
    assert not [one for one in queries if "card" in one["sql"]]
