"""Rules of the destination are asked again when an order goes elsewhere."""

import pytest

from catalog.models import Variant
from markets.models import ComplianceRule
from markets.types import MarketContext
from orders.actions.changing import Asked, change_order
from orders.changes.errors import ChangeRefused
from orders.changes.pricing import project
from orders.changes.types import Added, Plan
from orders.models import HoldKind, Order, OrderChange, OrderHold
from orders.types import PostalAddress
from tests.checkout.test_rules_of_the_destination import rule
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def market() -> MarketContext:
    return open_shop()


def to_hamburg(order: Order) -> Plan:
    parts = {**dict(order.addresses["ship"]["parts"]), "postal_code": "20095", "city": "Hamburg"}
    return Plan(address=PostalAddress(country="DE", parts=tuple(parts.items()), lines=("Hamburg",)))


def changed(order: Order, plan: Plan) -> OrderChange:
    order.refresh_from_db()
    shown = project(order, plan).difference
    asked = Asked(version=order.version, shown=shown, reason="The customer moved", key="k1")
    return change_order(number=order.number, plan=plan, asked=asked)


def test_a_hold_of_the_new_address_stops_the_order_and_its_rule_is_kept(market: MarketContext) -> None:
    order = paid_order(market, (item_in(market), 1))
    rule("look", "hold", country_id="DE", explanation="A broker has to look at it.")
    change = changed(order, to_hamburg(order))

    order.refresh_from_db()
    hold = OrderHold.objects.get(order=order)
    assert (hold.kind, hold.reason) == (HoldKind.COMPLIANCE, "A broker has to look at it.")
    assert hold.key == f"rule:{order.number}:look:{change.pk}"
    assert [one["code"] for one in order.compliance_profile["rules"]] == ["look"]


def test_goods_that_may_not_go_there_are_named_and_nothing_is_written(market: MarketContext) -> None:
    wine = item_in(market)
    Variant.objects.filter(pk=wine.pk).update(restricted_flags=["alcohol"])
    order = paid_order(market, (wine, 1))
    words = {"en": "Alcohol may not be sent there."}
    rule("dry", "block_variant", country_id="DE", condition={"flags": ["alcohol"]}, parameters={"words": words})
    with pytest.raises(ChangeRefused, match="Alcohol may not be sent there"):
        changed(order, to_hamburg(order))
    order.refresh_from_db()
    assert order.addresses["ship"]["parts"]["city"] == "Berlin"
    assert not OrderChange.objects.exists()


def test_a_question_the_customer_was_never_asked_stops_the_order(market: MarketContext) -> None:
    wine = item_in(market)
    Variant.objects.filter(pk=wine.pk).update(restricted_flags=["age_18"])
    order = paid_order(market, (wine, 1))
    rule("adult", "age_check", condition={"flags": ["age_18"]}, parameters={"age": 18})
    changed(order, to_hamburg(order))
    assert "18 years" in OrderHold.objects.get(order=order).reason


def test_rules_are_not_asked_when_only_a_quantity_changes(market: MarketContext) -> None:
    order = paid_order(market, (item_in(market), 2))
    rule("look", "hold", country_id="DE", explanation="A broker has to look at it.")
    changed(order, Plan(quantities={order.lines.get().pk: 1}))
    assert not OrderHold.objects.filter(order=order).exists()
    assert ComplianceRule.objects.count() == 1


def test_a_new_item_is_asked_about_as_well(market: MarketContext) -> None:
    order = paid_order(market, (item_in(market), 1))
    wine = item_in(market)
    Variant.objects.filter(pk=wine.pk).update(restricted_flags=["alcohol"])
    words = {"en": "Alcohol may not be sent there."}
    rule("dry", "block_variant", country_id="DE", condition={"flags": ["alcohol"]}, parameters={"words": words})
    order.refresh_from_db()
    with pytest.raises(ChangeRefused, match="Alcohol"):
        project(order, Plan(added=(Added(variant_id=wine.pk, quantity=1),)))
