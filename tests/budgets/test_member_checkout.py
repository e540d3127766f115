"""What a member's checkout may ask: a guest's, and once each account, number, addresses, groups, credit and cards."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.checkout.cards_world import fill, kept, shopping_member
from tests.payments.stripe_world import stripe

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db
MOST = 20


def test_a_members_checkout_with_a_saved_card_stays_within_its_budget(stripe) -> None:
    _user, shopper = shopping_member()
    kept(stripe, shopper)
    fill(shopper)
    shopper.get("checkout/")

    with CaptureQueriesContext(connection) as first:
        assert "Visa ending 4242" in shopper.get("checkout/").text
    shopper.post("checkout/delivery/", **shopper.form())
    with CaptureQueriesContext(connection) as again:
        assert "Visa ending 4242" in shopper.get("checkout/").text

    assert max(len(first), len(again)) <= MOST
