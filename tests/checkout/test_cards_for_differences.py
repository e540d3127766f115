"""Kept cards pay what an order costs more after a change, and operators can let go of them for their member."""

import pytest

from catalog.models import Variant
from core.models import AuditEntry
from orders.actions import grant_access
from orders.actions.changing import Asked, change_order
from orders.changes.pricing import project
from orders.changes.types import Added, Plan
from orders.models import ChangeState, Order, OrderChange
from payments.models import CardUse, SavedCard
from tests.admin.people import operator
from tests.checkout.cards_world import hear, kept, last_payment, shopping_member
from tests.checkout.test_credit_members import member
from tests.journeys.shopping import Shopper
from tests.payments.stripe_world import stripe

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db


def dearer(order: Order) -> tuple[OrderChange, str]:
    """One more piece is wanted; the change, and the path of the page that pays for it."""
    order.refresh_from_db()
    plan = Plan(added=(Added(variant_id=Variant.objects.latest("pk").pk, quantity=1),))
    asked = Asked(version=order.version, shown=project(order, plan).difference, reason="One more", key="more")
    change = change_order(number=order.number, plan=plan, asked=asked)
    return change, f"checkout/difference/{order.number}/{grant_access(number=order.number)}/"


def test_a_kept_card_pays_the_difference_and_the_change_is_made(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    change, page = dearer(Order.objects.get())

    assert "Visa ending 4242" in shopper.get(page).text
    answer = shopper.post(page, payment=f"saved:{card.pk}")

    payment = last_payment()
    assert answer.status == 303
    assert (payment.method, payment.state, payment.amount) == ("card", "captured", change.delta_total)
    assert stripe.books.find(payment.provider_ref)["payment_method"] == card.provider_ref
    assert CardUse.objects.get(payment=payment).card == card
    hear(stripe)
    shopper.follow(answer.location)
    change.refresh_from_db()
    assert change.state == ChangeState.CONFIRMED


def test_a_card_that_is_typed_for_a_difference_can_be_kept(stripe) -> None:
    _user, shopper = shopping_member()
    shopper.order()
    stripe.books.pay_on_page(last_payment().provider_ref)
    hear(stripe)
    _change, page = dearer(Order.objects.get())
    assert 'name="keep_card"' in shopper.get(page).text

    shopper.post(page, payment="card", keep_card="1")
    stripe.books.pay_on_page(last_payment().provider_ref)
    hear(stripe)

    assert SavedCard.objects.get().last_four == "4242"


def test_nobody_elses_card_pays_a_difference(stripe) -> None:
    _user, shopper = shopping_member()
    card = kept(stripe, shopper)
    _change, page = dearer(Order.objects.get())
    before = last_payment().pk
    _other, stranger = member("two@example.com")

    for somebody in (stranger, Shopper()):
        assert "Visa ending" not in somebody.get(page).text
        assert somebody.post(page, payment=f"saved:{card.pk}").status == 422
    assert last_payment().pk == before


def test_operators_see_cards_and_remove_them_as_far_as_they_may(stripe) -> None:
    user, shopper = shopping_member()
    card = kept(stripe, shopper)
    address = f"/admin/members/{user.pk}/cards/"
    looks = operator("members.view_user", "payments.view_savedcard")
    removes = operator("members.view_user", "payments.view_savedcard", "payments.delete_savedcard")

    assert operator("members.view_user").get(address).status_code == 403
    assert operator("payments.view_savedcard").get(address).status_code == 403
    assert "Visa ending 4242" in looks.get(address).content.decode()
    assert address in looks.get(f"/admin/members/user/{user.pk}/change/").content.decode()
    assert looks.post(address, {"card": card.pk}).status_code == 403
    assert removes.get("/admin/members/999999/cards/").status_code == 404
    for _press in range(2):
        assert removes.post(address, {"card": card.pk}).status_code == 302

    card.refresh_from_db()
    assert card.removed_at is not None
    assert AuditEntry.objects.filter(action="payments.remove_card").count() == 1
    assert "This member keeps no card." in looks.get(address).content.decode()
