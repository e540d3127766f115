"""What a destination does not let in: said on its line, which alone is stopped."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from catalog.models import Route, Variant
from core.money import Money
from markets.cache import forget
from markets.duty.restricted import blocking_sentence, restrictions_for
from markets.models import RestrictionRule
from tests.factories.cart import cart_with, item_in, open_shop, quote_of
from tests.journeys.shopping import Shopper

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    forget()
    yield
    forget()


def rule(**facts: object) -> RestrictionRule:
    made = RestrictionRule.objects.create(**{"code": "one", "destination": "DE", "effect": "block", **facts})
    forget()
    return made


def test_a_prohibited_line_is_stopped_alone_and_the_rest_still_adds_up() -> None:
    market = open_shop()
    cup, vape = item_in(market, price="20.00"), item_in(market, price="50.00")
    Variant.objects.filter(pk=vape.pk).update(hs_code="85434000")
    rule(hs_prefix="854340")
    quote = quote_of(cart_with(market, (cup, 1), (vape, 1)), market)
    fine, stopped = quote.lines
    assert fine.problems == ()
    (problem,) = stopped.problems
    assert (problem.code, problem.blocking) == ("DESTINATION_PROHIBITED", True)
    assert "The rules of Germany do not allow us to send this item there." in problem.message
    assert stopped.quantity == 0
    assert quote.items_total == Money(20, "EUR")


def test_the_longer_code_of_the_destination_is_the_one_that_counts() -> None:
    market = open_shop()
    item = item_in(market)
    Variant.objects.filter(pk=item.pk).update(hs_local={"DE": "6912002390", "US": "6912003510"})
    cart = cart_with(market, (item, 1))
    assert quote_of(cart, market).lines[0].hs_code == "6912002390"
    rule(hs_prefix="69120023")
    assert quote_of(cart, market).lines[0].problems[0].code == "DESTINATION_PROHIBITED"


def test_a_flag_of_the_goods_is_enough_and_a_battery_counts_as_one() -> None:
    market = open_shop()
    item = item_in(market)
    Variant.objects.filter(pk=item.pk).update(battery_flag=True)
    rule(flag="battery")
    (line,) = quote_of(cart_with(market, (item, 1)), market).lines
    assert [one.code for one in line.problems] == ["DESTINATION_PROHIBITED"]


def test_a_licence_on_file_lets_goods_through() -> None:
    rule(flag="alcohol", effect="license")
    told = {"country": "DE", "hs_code": "220421", "on": ON}
    assert "licence" in blocking_sentence(flags=["alcohol"], **told)
    assert blocking_sentence(flags=["alcohol", "license:alcohol"], **told) == ""
    assert blocking_sentence(flags=[], **told) == ""


def test_rules_hold_for_their_destination_and_their_days_only() -> None:
    rule(hs_prefix="22", effective_to=date(2026, 12, 31), destination="EU27")
    rule(code="two", hs_prefix="22", destination="SA", active=False)
    told = {"hs_code": "220421", "flags": []}
    assert blocking_sentence(country="DE", on=ON, **told) == ""  # the small world has no EU
    assert blocking_sentence(country="SA", on=ON, **told) == ""


def test_an_operator_writes_the_sentence_in_each_language() -> None:
    rule(flag="knife", effect="block", shopper_note="Knives stay here.", shopper_notes={"de": "Messer bleiben hier."})
    told = {"country": "DE", "hs_code": "", "flags": ["knife"], "on": ON}
    with override("de"):
        assert blocking_sentence(**told) == "Messer bleiben hier."
    with override("en"):
        assert blocking_sentence(**told) == "Knives stay here."
    with override("ja"):
        assert blocking_sentence(**told) not in ("", "Knives stay here.")


def test_what_is_for_operators_says_nothing_to_shoppers() -> None:
    rule(flag="magnet", effect="warn")
    (found,) = restrictions_for(country="DE", hs_code="", flags=["magnet"], on=ON)
    assert (found.sentence, found.is_blocking) == ("", False)


def test_the_product_page_says_it_and_has_no_button() -> None:
    shopper = Shopper()
    item = item_in(open_shop(), price="20.00")
    slug = Route.objects.get(product=item.product, language="en", current=True).slug
    path = f"p/{slug}/"
    assert "Add to cart" in shopper.get(path).text
    rule(hs_prefix="6912")
    page = shopper.get(path).text
    assert "The rules of Germany do not allow us to send this item there." in page
    assert "Add to cart" not in page


def test_restrictions_cost_no_query_when_warm() -> None:
    rule(flag="knife")
    told = {"country": "DE", "hs_code": "", "flags": ["knife"], "on": ON}
    blocking_sentence(**told)
    with CaptureQueriesContext(connection) as asked:
        blocking_sentence(**told)
    assert len(asked) == 0
