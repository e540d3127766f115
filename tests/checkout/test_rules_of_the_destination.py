"""Rules of the destination at the checkout: asked, refused in plain sentences, kept with the order and shown."""

import pytest

from catalog.models import Variant
from markets.cache import forget
from markets.models import BuyerTaxId, ComplianceRule
from markets.tax_ids import kinds
from markets.types import MarketContext
from orders.models import Order, OrderHold
from tests.admin.people import operator, text
from tests.factories.cart import cart_with, item_in, open_shop
from tests.factories.checkout import place
from tests.factories.kinds import set_in
from tests.journeys.shopping import Answer, Shopper

pytestmark = pytest.mark.django_db


def rule(code: str, action: str, **facts: object) -> ComplianceRule:
    row = ComplianceRule.objects.create(code=code, action=action, **facts)
    forget()
    return row


@pytest.fixture
def market() -> MarketContext:
    return open_shop("de")


@pytest.fixture
def item(market: MarketContext) -> Variant:
    return item_in(market, price="20.00")


@pytest.fixture
def shopper(item: Variant) -> Shopper:
    found = Shopper()
    found.add(item, 1)
    return found


def ordered(answer: Answer) -> bool:
    return Order.objects.exists() and answer.status == 303


def test_without_rules_nothing_is_asked(shopper: Shopper) -> None:
    assert 'id="rules"' not in shopper.get("checkout/").text
    assert ordered(shopper.order())
    assert Order.objects.get().compliance_profile == {"rules": [], "agreed": {}, "agreed_at": ""}


@pytest.fixture
def brazil(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Brazilian number asked in the shop at hand: only the question is under test."""
    monkeypatch.setitem(kinds.IDENTITIES, ("DE", "cpf"), kinds.IDENTITIES["BR", "cpf"])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter your CPF."),
        ("111.111.111-11", "This is not a valid CPF."),
        ("390.533.447-06", "This is not a valid CPF."),
    ],
)
def test_a_number_that_cannot_be_is_told_and_nothing_typed_is_lost(
    shopper: Shopper, brazil: None, typed: str, sentence: str
) -> None:
    rule("br-cpf", "identity_number", country_id="DE", parameters={"number": "cpf", "required": True})
    answer = shopper.order(rule_id_cpf=typed, street="Kastanienallee 41")
    assert answer.status == 422
    assert sentence in answer.text
    assert 'href="#rule-id-cpf"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert 'value="Kastanienallee 41"' in answer.text
    assert not Order.objects.exists()


def test_a_right_number_goes_with_the_order_and_not_into_its_rules(shopper: Shopper, brazil: None) -> None:
    rule("br-cpf", "identity_number", country_id="DE", parameters={"number": "cpf", "required": True})
    assert ordered(shopper.order(rule_id_cpf="390.533.447-05"))
    order = Order.objects.get()
    kept = BuyerTaxId.objects.get(reference=order.number)
    assert (kept.kind, kept.number, kept.status) == ("cpf", "39053344705", "valid")
    assert "39053344705" not in str(order.compliance_profile)
    assert [one["code"] for one in order.compliance_profile["rules"]] == ["br-cpf"]


def test_age_and_consent_are_boxes_and_what_was_agreed_is_kept(shopper: Shopper, item: Variant) -> None:
    Variant.objects.filter(pk=item.pk).update(restricted_flags=["age_18"])
    rule("adult", "age_check", condition={"flags": ["age_18"]}, parameters={"age": 18})
    words = {"en": "My data may leave the country.", "de": "Meine Daten dürfen das Land verlassen."}
    rule("abroad", "extra_consent", parameters={"key": "abroad", "words": words})
    refused = shopper.order(rule_age="1")
    assert refused.status == 422
    assert "Tick this box" in refused.text
    assert 'name="rule_age" value="1" checked' in refused.text
    assert ordered(shopper.order(rule_age="1", rule_consent_abroad="1"))
    profile = Order.objects.get().compliance_profile
    assert profile["agreed"] == {"age": "I am 18 years old or older.", "consent_abroad": words["en"]}
    assert profile["agreed_at"]


def test_goods_that_may_not_be_sold_there_are_named_and_not_sold(shopper: Shopper, item: Variant) -> None:
    Variant.objects.filter(pk=item.pk).update(restricted_flags=["alcohol"])
    words = {"en": "Alcohol may not be sent there."}
    rule("dry", "block_variant", country_id="DE", condition={"flags": ["alcohol"]}, parameters={"words": words})
    assert "Alcohol may not be sent there." in shopper.get("checkout/").text
    answer = shopper.order()
    assert answer.status == 409
    assert "Alcohol may not be sent there." in answer.text
    assert not Order.objects.exists()


def test_return_days_and_the_button_follow_the_rules(shopper: Shopper) -> None:
    rule("long", "return_days", country_id="DE", parameters={"days": 100})
    rule("words", "order_button", parameters={"words": {"en": "Order with obligation"}})
    assert "Order with obligation" in shopper.get("checkout/").text
    assert ordered(shopper.order())
    assert Order.objects.get().return_days == 100


def test_a_hold_by_rule_is_told_to_operators_with_the_reason(market: MarketContext, item: Variant) -> None:
    rule("look", "hold", country_id="DE", explanation="A broker has to look at it.")
    number = place(cart_with(market, (item, 1)), market).number
    hold = OrderHold.objects.get(order__number=number)
    assert (hold.kind, hold.reason, hold.is_open) == ("compliance", "A broker has to look at it.", True)
    page = text(operator("orders.view_order").get(f"/admin/orders/{number}/"))
    assert "A broker has to look at it." in page
    assert "country DE" in page


def test_later_changes_of_a_rule_do_not_change_the_order(market: MarketContext, item: Variant) -> None:
    row = rule("look", "hold", country_id="DE", explanation="As it was.")
    number = place(cart_with(market, (item, 1)), market).number
    row.explanation = "As it is now."
    row.save()
    forget()
    assert Order.objects.get(number=number).compliance_profile["rules"][0]["explanation"] == "As it was."


def test_a_rule_of_yesterday_asks_nothing(shopper: Shopper) -> None:
    rule("old", "age_check", parameters={"age": 18}, effective_to="2020-01-01")
    rule("off", "age_check", parameters={"age": 18}, active=False)
    assert 'id="rules"' not in shopper.get("checkout/").text


def test_what_lies_in_a_set_is_asked_about_like_the_set_itself(market: MarketContext) -> None:
    rule("adults", "age_check", condition={"flags": ["alcohol"]}, parameters={"age": 18})
    rule("dear", "hold", condition={"value": {"currency": "EUR", "above": "30"}}, parameters={})
    wine, cheese = item_in(market, code="wine"), item_in(market, code="cheese")
    box = set_in(market, (wine, 1, 1), (cheese, 1, 1), price="30.00")
    buyer = Shopper()
    buyer.add(box, 1)
    assert 'id="rules"' not in buyer.get("checkout/").text
    Variant.objects.filter(pk=wine.pk).update(restricted_flags=["alcohol"])

    assert "I am 18 years old or older." in buyer.get("checkout/").text
    assert not ordered(buyer.order())
    assert ordered(buyer.order(rule_age="1"))
    profile = Order.objects.get().compliance_profile
    assert [(one["code"], len(one["lines"])) for one in profile["rules"]] == [("adults", 1)]
