"""Letting go of kept cards: by the member, at Stripe, with an erasure; and errands that are tried again."""

import pytest
from django.db import IntegrityError, transaction

from core.privacy import Subject, erase_person, export_person
from payments.actions import Asked, open_payment, remove_card, run_card_errands
from payments.errors import CardUnknown
from payments.models import CardErrand, CardOwner, CardUse, Payment, PaymentEvent, SavedCard
from payments.types import CardWish
from tests.checkout.cards_world import fill, hear, kept, shopping_member
from tests.factories.payments import order_ref
from tests.payments.stripe_world import PAGE, stripe

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db


def due_now() -> None:
    CardErrand.objects.update(next_attempt_at="2020-01-01T00:00Z")


def is_empty(card: SavedCard) -> bool:
    card.refresh_from_db()
    return card.removed_at is not None and (card.brand, card.last_four, card.provider_ref) == ("", "", "")


def test_a_member_removes_a_card_here_and_at_stripe(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    name = card.provider_ref
    assert "Visa ending 4242" in shopper.get("account/cards/").text

    assert shopper.post("account/cards/", card=card.pk).status == 303

    assert is_empty(card)
    assert "Visa ending 4242" not in shopper.get("account/cards/").text
    assert stripe.books.find(name)["customer"] is not None
    run_card_errands()
    assert stripe.books.find(name)["customer"] is None
    hear(stripe)
    assert not CardErrand.objects.exists()
    assert shopper.post("account/cards/", card=card.pk).status == 404


def test_while_stripe_is_silent_the_errand_waits_and_is_tried_again(stripe, settings) -> None:
    user, shopper = shopping_member()
    card = kept(stripe, shopper)
    name = card.provider_ref
    remove_card(user_id=user.pk, card_id=card.pk)
    address, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    run_card_errands()
    assert CardErrand.objects.get().attempts == 1
    assert run_card_errands() == 0
    settings.STRIPE_API_BASE = address
    due_now()
    stripe.books.lose_next_answer = True
    run_card_errands()
    due_now()
    run_card_errands()
    assert not CardErrand.objects.exists()
    assert stripe.books.find(name)["customer"] is None


def test_a_card_removed_in_stripes_own_pages_goes_here_however_often_it_is_told(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    stripe.books.detach(card.provider_ref)
    hear(stripe, times=20)
    assert is_empty(card)
    assert PaymentEvent.objects.filter(kind="payment_method.detached").count() == 1
    assert not PaymentEvent.objects.filter(processed_at=None).exists()
    assert not CardErrand.objects.exists()


def test_a_message_is_not_believed_while_stripe_still_has_the_card(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    stripe.books.tell("payment_method.detached", stripe.books.find(card.provider_ref))
    hear(stripe)
    card.refresh_from_db()
    assert card.removed_at is None


def test_a_customer_deleted_at_stripe_takes_the_cards_along_and_the_next_card_makes_a_new_one(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    stripe.books.delete_customer(card.owner.provider_ref)
    hear(stripe)
    assert is_empty(card)
    again = kept(stripe, fill(shopper))
    assert again.owner_id != card.owner_id
    assert CardOwner.objects.filter(closed_at=None).count() == 1


def test_a_person_takes_their_cards_along_and_stripe_forgets_them(stripe) -> None:
    user, shopper = shopping_member()
    card = kept(stripe, shopper)
    customer, name = card.owner.provider_ref, card.provider_ref
    subject = Subject(emails=frozenset({"one@example.com"}), user_id=user.pk)
    told = export_person(subject)["payments.SavedCard"]
    assert [(row["brand"], row["last_four"]) for row in told] == [("visa", "4242")]
    assert name not in str(told)

    with transaction.atomic():
        erase_person(subject)

    assert is_empty(card)
    owner = CardOwner.objects.get()
    assert (owner.user_id, owner.provider_ref, owner.closed_at is not None) == (None, "", True)
    run_card_errands()
    assert stripe.books.find(name)["customer"] is None
    assert stripe.books.find(customer).get("deleted") is True
    assert not CardErrand.objects.exists()
    hear(stripe)
    assert "payments.SavedCard" not in export_person(subject)


def test_who_leaves_before_the_money_comes_keeps_no_card(stripe) -> None:
    user, shopper = shopping_member()
    shopper.order(keep_card="1")
    erase_person(Subject(emails=frozenset({"one@example.com"}), user_id=user.pk))
    stripe.books.pay_on_page(Payment.objects.get().provider_ref)
    hear(stripe)
    assert not SavedCard.objects.exists()
    assert Payment.objects.get().state == "captured"


@pytest.mark.parametrize("state", ["foreign", "removed", "stopped", "unknown"])
def test_an_attempt_with_a_card_that_cannot_pay_opens_nothing(stripe, state) -> None:
    user, shopper = shopping_member()
    card = kept(stripe, shopper)
    before = Payment.objects.count()
    if state == "removed":
        remove_card(user_id=user.pk, card_id=card.pk)
    if state == "stopped":
        SavedCard.objects.update(stopped_at=card.agreed_at)
    stranger = shopping_member("two@example.com")[0]
    wish = CardWish(
        user_id=stranger.pk if state == "foreign" else user.pk, card_id=card.pk + (state == "unknown") * 1000
    )
    with pytest.raises(CardUnknown):
        open_payment(order_ref=order_ref(), amount=PAGE, provider="stripe", method="card", asked=Asked(card=wish))
    assert (Payment.objects.count(), CardUse.objects.count()) == (before, 1)


def test_the_database_takes_no_number_of_a_card(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedCard.objects.filter(pk=card.pk).update(last_four="424x")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedCard.objects.filter(pk=card.pk).update(removed_at=card.agreed_at)
