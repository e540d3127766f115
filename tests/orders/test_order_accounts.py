"""After a guest's purchase: an account with a password, opened by a code in the mail; the order goes into it."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from members.models import User
from orders.actions import claim_order, grant_access
from orders.errors import OrderUnknown
from orders.models import Order, OrderEvent
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import EMAIL
from tests.factories.orders import paid_order
from tests.journeys.shopping import Answer, Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"
CODE = re.compile(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]+)*)\s*$", re.MULTILINE)


@shared_world
def order() -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market), 1))


def link_to(order: Order) -> str:
    return f"orders/{order.number}/{grant_access(number=order.number)}/"


def proven(email: str) -> User:
    user = User.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def code_from(answer: Answer, shopper: Shopper) -> Answer:
    found = CODE.search(str(mail.outbox[-1].body))
    assert found
    return Answer(shopper.client.post(answer.location, {"code": found[1]}))


def test_a_guest_is_offered_an_account_and_need_not_take_it(order: Order) -> None:
    page = Shopper().get(link_to(order)).text

    assert "Keep your orders in one place" in page
    assert 'autocomplete="new-password"' in page
    assert "You need none of this to follow the order." in page


def test_a_password_and_the_code_from_the_mail_open_the_account_with_the_order_in_it(order: Order) -> None:
    shopper, link = Shopper(), link_to(order)

    begun = shopper.post(f"{link}account/", password=PASSWORD)
    assert Order.objects.get().user is None
    assert "_auth_user_id" not in shopper.client.session
    done = code_from(begun, shopper)

    assert done.location.endswith(link)
    assert "This order is in your account now." in shopper.follow(done.location).text
    order.refresh_from_db()
    user = User.objects.get()
    assert (order.user, order.group.customer, user.email) == (user, user, EMAIL)
    assert (user.language, user.market_code) == ("en", "de")
    assert order.number in shopper.get("account/").text
    assert "Keep your orders in one place" not in shopper.get(link).text


def test_whoever_has_the_link_but_not_the_mail_gets_neither_account_nor_order(order: Order) -> None:
    shopper, link = Shopper(), link_to(order)
    begun = shopper.post(f"{link}account/", password=PASSWORD)

    Answer(shopper.client.post(begun.location, {"code": "WRONGX"}))

    assert "_auth_user_id" not in shopper.client.session
    assert not EmailAddress.objects.filter(verified=True).exists()
    shopper.get(link)
    order.refresh_from_db()
    assert order.user is None


def test_an_address_that_has_an_account_is_told_the_same_and_its_owner_is_written_to(order: Order) -> None:
    proven(EMAIL)
    shopper = Shopper()

    begun = shopper.post(f"{link_to(order)}account/", password=PASSWORD)

    assert begun.status == 302
    assert "account" in str(mail.outbox[-1].body)
    assert User.objects.count() == 1
    assert "_auth_user_id" not in shopper.client.session


def test_a_member_puts_an_order_with_their_own_address_into_their_account(order: Order) -> None:
    shopper, link = Shopper(), link_to(order)
    user = proven(EMAIL)
    shopper.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    assert "Put it into my account" in shopper.get(link).text
    shopper.get(link)
    assert Order.objects.get().user is None

    answer = shopper.post(f"{link}account/")
    shopper.follow(answer.location)

    order.refresh_from_db()
    assert order.user == user
    assert OrderEvent.objects.filter(order=order, kind="order.claimed").count() == 1


def test_a_member_with_another_address_cannot_take_the_order(order: Order) -> None:
    shopper, link = Shopper(), link_to(order)
    stranger = proven("stranger@example.com")
    shopper.client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")

    assert "Put it into my account" not in shopper.get(link).text
    shopper.follow(shopper.post(f"{link}account/").location)

    order.refresh_from_db()
    assert order.user is None
    with pytest.raises(OrderUnknown):
        claim_order(number=order.number, user_id=stranger.pk, emails=["stranger@example.com"])


def test_an_order_that_is_somebodys_is_not_taken_by_another_with_the_same_address(order: Order) -> None:
    first, second = proven(EMAIL), proven("second@example.com")
    claim_order(number=order.number, user_id=first.pk, emails=[EMAIL])
    claim_order(number=order.number, user_id=first.pk, emails=[EMAIL])

    with pytest.raises(OrderUnknown):
        claim_order(number=order.number, user_id=second.pk, emails=[EMAIL])

    order.refresh_from_db()
    assert order.user == first


@pytest.mark.parametrize("password", ["", "short", "12345678"])
def test_a_weak_password_gets_a_sentence_at_the_field(order: Order, password: str) -> None:
    answer = Shopper().post(f"{link_to(order)}account/", password=password)

    assert answer.status == 422
    assert 'href="#join-password"' in answer.text
    assert "<title>Error:" in answer.text
    assert not User.objects.exists()


def test_a_wrong_link_offers_nothing(order: Order) -> None:
    answer = Shopper().post(f"orders/{order.number}/{'x' * 32}/account/", password=PASSWORD)

    assert answer.status == 404
    assert not User.objects.exists()
