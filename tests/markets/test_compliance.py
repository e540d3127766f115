"""Compliance rules: what fits, why, who wins, and that the order of rows and lines never matters."""

import random
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from markets.compliance import Demands, Goods, Purchase, Rule, demands_of, match_rules
from markets.compliance.conditions import problems_of_condition
from markets.compliance.demands import explained, problems_of_rule, words_in
from markets.compliance.words import why_words
from markets.reference.files import read_folder

KNIFE = Goods(key="knife", hs_code="821192", flags=frozenset({"age_18"}), categories=frozenset({"kitchen", "knives"}))
TEA = Goods(key="tea", hs_code="090210", kind="physical", product_type="food")
HERE = Purchase(
    market="kr",
    country="KR",
    region="Seoul",
    payment="card",
    crosses_border=True,
    goods=(KNIFE, TEA),
    values={"USD": Decimal(150), "EUR": Decimal("140.00")},
)


def rule(code: str = "r", action: str = "hold", **facts: Any) -> Rule:
    return Rule(code=code, action=action, **facts)


def demands(*rules: Rule, purchase: Purchase = HERE) -> Demands:
    return demands_of(match_rules(rules, purchase))


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, ("always",)),
        ({"market": "kr", "country": "KR"}, ("market kr", "country KR")),
        ({"condition": {"countries": ["JP", "KR"]}}, ("country KR",)),
        ({"condition": {"regions": ["Seoul"]}}, ("region Seoul",)),
        ({"condition": {"buyer": "consumer", "payments": ["card"]}}, ("buyer consumer", "payment card")),
        ({"condition": {"area": "abroad"}}, ("area abroad",)),
        ({"condition": {"value": {"currency": "USD", "above": "149.99"}}}, ("value 150 USD",)),
        ({"condition": {"value": {"currency": "USD", "above": "100", "up_to": "150"}}}, ("value 150 USD",)),
        ({"condition": {"value": {"currency": "KRW", "above": "9"}}}, ("value in KRW is not known",)),
        ({"condition": {"flags": ["age_18"]}}, ("goods",)),
    ],
)
def test_a_rule_fits_and_says_why(facts: dict[str, Any], why: tuple[str, ...]) -> None:
    (match,) = match_rules([rule(**facts)], HERE)
    assert match.why == why


@pytest.mark.parametrize(
    "facts",
    [
        {"market": "jp"},
        {"country": "JP"},
        {"condition": {"countries": ["JP"]}},
        {"condition": {"area": "eu"}},
        {"condition": {"buyer": "business"}},
        {"condition": {"payments": ["cod"]}},
        {"condition": {"value": {"currency": "USD", "above": "150"}}},
        {"condition": {"value": {"currency": "USD", "up_to": "149.99"}}},
        {"condition": {"flags": ["vape"]}},
        {"condition": {"flags": ["age_18"], "hs_prefixes": ["09"]}},
        {"condition": {"countries": ["KR"], "kinds": ["giftcard"]}},
    ],
)
def test_a_rule_that_lacks_one_part_does_not_fit(facts: dict[str, Any]) -> None:
    assert match_rules([rule(**facts)], HERE) == ()


@pytest.mark.parametrize(
    ("condition", "lines"),
    [
        ({"hs_prefixes": ["0902", "8211"]}, ("knife", "tea")),
        ({"hs_prefixes": ["0902"]}, ("tea",)),
        ({"categories": ["kitchen"]}, ("knife",)),
        ({"kinds": ["physical"], "types": ["food"]}, ("tea",)),
        ({"area": "abroad"}, ()),
    ],
)
def test_a_rule_about_goods_names_its_lines(condition: dict[str, Any], lines: tuple[str, ...]) -> None:
    (match,) = match_rules([rule(condition=condition)], HERE)
    assert match.lines == lines


def days(code: str, number: int, **facts: Any) -> Rule:
    return rule(code, "return_days", parameters={"days": number}, **facts)


def test_the_more_urgent_rule_wins_and_the_beaten_one_says_by_whom() -> None:
    found = demands(days("general", 100), days("urgent", 14, priority=5))
    assert found.return_days == 14
    assert {match.rule.code: match.beaten_by for match in found.matches} == {"urgent": "", "general": "urgent"}


def test_of_equally_urgent_return_periods_the_longer_counts() -> None:
    assert demands(days("a", 14), days("b", 30)).return_days == 30


def test_a_rule_of_the_market_comes_before_one_of_the_country_and_of_everybody() -> None:
    words = [
        rule("x-all", "order_button", parameters={"words": {"en": "All"}}),
        rule("m-country", "order_button", parameters={"words": {"en": "Country"}}, country="KR"),
        rule("z-market", "order_button", parameters={"words": {"en": "Market"}}, market="kr"),
    ]
    assert demands(*words).value("order_button", "words") == {"en": "Market"}
    assert demands(*words[:2]).value("order_button", "words") == {"en": "Country"}


def test_the_highest_age_counts_whatever_its_priority() -> None:
    found = demands(
        rule("eighteen", "age_check", parameters={"age": 18}, priority=9),
        rule("twenty", "age_check", parameters={"age": 20}),
    )
    assert found.age == 20
    assert len(found.of("age_check")) == 1


def test_consents_documents_and_numbers_are_all_asked_each_once() -> None:
    found = demands(
        rule("a", "extra_consent", parameters={"key": "abroad", "words": {"en": "A"}}),
        rule("b", "extra_consent", parameters={"key": "abroad", "words": {"en": "B"}}),
        rule("c", "extra_consent", parameters={"key": "photo", "words": {"en": "C"}}),
    )
    assert [match.rule.code for match in found.of("extra_consent")] == ["a", "c"]


def test_every_hold_and_every_refusal_counts() -> None:
    found = demands(rule("a"), rule("b"), rule("c", "block_variant"), rule("d", "block_variant"))
    assert (len(found.holds), len(found.blocks)) == (2, 2)


ACTIONS = ["hold", "return_days", "age_check", "extra_consent", "block_variant", "order_button"]
rules_of_all_kinds = st.lists(
    st.builds(
        Rule,
        code=st.text("abcdef", min_size=1, max_size=4),
        action=st.sampled_from(ACTIONS),
        priority=st.integers(-2, 2),
        market=st.sampled_from(["", "kr", "jp"]),
        country=st.sampled_from(["", "KR"]),
        condition=st.sampled_from(
            [{}, {"area": "abroad"}, {"flags": ["age_18"]}, {"value": {"currency": "USD", "above": "1"}}]
        ),
        parameters=st.fixed_dictionaries(
            {"days": st.integers(0, 99), "age": st.integers(0, 30), "key": st.sampled_from("ab"), "words": st.just({})}
        ),
    ),
    max_size=8,
    unique_by=lambda one: one.code,
)


@given(rules_of_all_kinds, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_lines_never_matters(rules: list[Rule], shuffle: random.Random) -> None:
    turned = list(rules)
    shuffle.shuffle(turned)
    back = Purchase(**{**vars(HERE), "goods": HERE.goods[::-1]})
    assert demands(*turned, purchase=back).snapshot() == demands(*rules).snapshot()


@given(rules_of_all_kinds)
def test_one_rule_of_a_kind_that_can_have_only_one_has_effect(rules: list[Rule]) -> None:
    found = demands(*rules)
    for action in ("return_days", "age_check", "order_button"):
        there = [match for match in found.matches if match.rule.action == action]
        assert len(found.of(action)) == min(1, len(there))


@pytest.mark.parametrize(
    "condition",
    [
        {"colour": ["red"]},
        {"countries": "DE"},
        {"area": "moon"},
        {"buyer": "robot"},
        {"value": {"currency": "EUR"}},
        {"value": {"currency": "EUR", "above": "many"}},
        {"value": 150},
    ],
)
def test_a_condition_that_cannot_be_matched_is_refused(condition: dict[str, Any]) -> None:
    assert problems_of_condition(condition)


def test_parameters_that_an_action_needs_are_asked_for() -> None:
    assert problems_of_rule("return_days", {}) == ["The parameter “days” is missing."]
    assert problems_of_rule("return_days", {"days": "many"}) == ["“days” is a whole number."]
    assert problems_of_rule("extra_consent", {"key": "a", "words": {"en": "A"}}) == []
    assert problems_of_rule("hold", {}) == []
    assert words_in({"en": "A", "de": "B"}, "de") == "B"
    assert words_in({"de": "B"}, "fr") == "B"


def test_what_a_rule_is_for_is_told_in_the_readers_language_until_somebody_rewrites_it() -> None:
    told = {"explanation": {"en": "By law.", "de": "Das Gesetz will es."}}
    assert explained("By law.", told, "de") == "Das Gesetz will es."
    assert explained("By law.", told, "fr") == "By law."
    assert explained("Our lawyer asks for it.", told, "de") == "Our lawyer asks for it."
    assert explained("By law.", {}, "de") == "By law."


def test_the_rules_of_the_tables_speak_every_language_of_the_shop() -> None:
    rows = read_folder()["compliance_rules"].content["rows"]
    texts = [row["explanation"] for row in rows] + [row["parameters"].get("words", {}) for row in rows]
    wanted = {code for code, _name in settings.LANGUAGES}
    assert [text for text in texts if text and wanted - {code for code, words in text.items() if words}] == []


def test_reasons_are_told_in_words() -> None:
    assert why_words(("country KR", "area abroad", "value 150 USD", "goods")) == (
        "country KR, the goods cross a customs border, worth 150 USD, what the goods are"
    )
    assert why_words(("something new",)) == "something new"
