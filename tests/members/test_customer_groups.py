"""Prices of a group of customers: for its members only, on every page alike, until their last day."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog import actions
from catalog.models import Variant
from core.models import AuditEntry
from core.money import Money
from members.groups import audiences_of, let_go, take_in
from members.models import CustomerGroup, GroupMember, User
from orders.models import Order
from tests.admin.people import operator
from tests.checkout.cards_world import shopping_member
from tests.factories.catalog import price_list
from tests.journeys.shopping import Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
MAY = ("members.view_groupmember", "members.add_groupmember", "members.view_user")


@shared_world
def world() -> tuple[User, Shopper, CustomerGroup]:
    user, shopper = shopping_member()
    group = CustomerGroup.objects.create(code="gold", name="Gold")
    variant = Variant.objects.get()
    rows = price_list("de", code="de-gold", kind="member", audience_key="gold")
    actions.set_price(price_list_id=rows.pk, variant_id=variant.pk, amount=Money(Decimal("15.00"), "EUR"))
    actions.refresh_derived(product_ids=[variant.product_id])
    return user, shopper, group


def page_of(shopper: Shopper) -> str:
    slug = Variant.objects.get().product.routes.get(language="en", current=True).slug
    return shopper.get(f"p/{slug}/").text


def test_members_of_the_group_see_and_pay_its_price_everywhere(world) -> None:
    user, shopper, group = world
    assert "€15.00" not in page_of(shopper)
    take_in(group=group, user_id=user.pk)

    assert "€15.00" in page_of(shopper)
    assert "Your price" in page_of(shopper)
    assert "€15.00" in shopper.get("search/?q=" + Variant.objects.get().product.name).text
    assert "€15.00" in shopper.get("cart/").text
    shopper.order()
    line = Order.objects.get().lines.get()
    assert line.unit_final.amount == Decimal("15.00")
    assert line.price_source["kind"] == "member"


def test_guests_and_other_members_pay_what_everybody_pays(world) -> None:
    user, _shopper, group = world
    take_in(group=group, user_id=user.pk)
    guest = fill_cart_of(Shopper())
    assert "€15.00" not in guest.get("cart/").text
    assert "€15.00" not in page_of(guest)


def fill_cart_of(shopper: Shopper) -> Shopper:
    shopper.add(Variant.objects.earliest("pk"), 1)
    return shopper


def test_membership_ends_on_its_last_day_or_at_once(world) -> None:
    user, shopper, group = world
    today = timezone.localdate()
    take_in(group=group, user_id=user.pk, last_day=today)
    assert audiences_of(user.pk) == ("public", "gold")
    take_in(group=group, user_id=user.pk, last_day=today - timedelta(days=1))
    assert audiences_of(user.pk) == ("public",)
    assert "€15.00" not in shopper.get("cart/").text
    assert let_go(group=group, user_id=user.pk)
    assert not let_go(group=group, user_id=user.pk)
    assert AuditEntry.objects.filter(action="members.join_group").count() == 2


def test_a_price_that_ends_between_page_and_button_is_shown_before_it_is_paid(world) -> None:
    user, shopper, group = world
    take_in(group=group, user_id=user.pk)
    typed = shopper.form()
    let_go(group=group, user_id=user.pk)
    answer = shopper.post("checkout/", **typed, action="place")
    assert answer.status == 409
    assert not Order.objects.exists()


def test_operators_say_who_belongs_to_a_group(world) -> None:
    user, _shopper, group = world
    client = operator("members.view_customergroup", "members.change_customergroup", *MAY)
    address = reverse("admin:members_customergroup_change", args=[group.pk])
    page = client.get(address).content.decode()
    assert "Gold" in page
    form = {
        "code": "gold",
        "name": "Gold",
        "members-TOTAL_FORMS": "1",
        "members-INITIAL_FORMS": "0",
        "members-MIN_NUM_FORMS": "0",
        "members-MAX_NUM_FORMS": "1000",
        "members-0-user": str(user.pk),
        "members-0-last_day": "",
    }
    assert client.post(address, form).status_code == 302
    assert GroupMember.objects.get().user_id == user.pk
    assert AuditEntry.objects.filter(action="members.join_group").count() == 1
