"""A member's store credit: on the account's page, at the checkout, and never somebody else's."""

import pytest
from allauth.account.models import EmailAddress

from members.models import User
from payments.models import CreditAccount
from tests.factories.cart import item_in, open_shop
from tests.journeys.shopping import Shopper
from tests.payments.credit_world import credit

pytestmark = pytest.mark.django_db


def member(email: str, *, is_proven: bool = True) -> tuple[User, Shopper]:
    user = User.objects.create_user(email=email, password="long-enough-for-a-test")
    EmailAddress.objects.create(user=user, email=email, verified=is_proven, primary=True)
    shopper = Shopper()
    shopper.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user, shopper


def test_a_member_sees_own_credit_and_what_a_proven_address_got_as_a_guest() -> None:
    open_shop()
    user, shopper = member("one@example.com")
    credit("5.00", user_id=user.pk, email="one@example.com")
    credit("7.50", email="one@example.com")
    credit("99.00", email="else@example.com")
    shown = shopper.get("account/credit/")
    assert shown.status == 200
    assert "12.50" in shown.text
    assert "99.00" not in shown.text


def test_an_address_nobody_has_proven_opens_nothing() -> None:
    shop = open_shop()
    _user, shopper = member("one@example.com", is_proven=False)
    credit("7.50", email="one@example.com")
    shopper.add(item_in(shop, price="20.00"), 1)
    assert "7.50" not in shopper.get("account/credit/").text
    assert 'name="store_credit"' not in shopper.get("checkout/").text
    shopper.order(store_credit="1")
    assert CreditAccount.objects.get().balance_minor == 750


def test_the_page_of_credit_is_for_members_only() -> None:
    open_shop()
    assert Shopper().get("account/credit/").status == 302


def test_a_forged_link_opens_nothing() -> None:
    open_shop()
    credit("7.50")
    assert Shopper().get("credit/Mg:forged/").status == 404
