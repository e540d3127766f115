"""The arithmetic of exchanges and of deductions: nothing is lost, whatever the amounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.exchanging.rules import Standing, agreed_unit, balance, leaving, sends
from orders.refunding import LinePaid, Part, kept_part, less, part_for
from orders.returning.rules import may_deduct

minor = st.integers(0, 10**9)


@given(worth=minor, total=minor)
def test_what_comes_back_is_spent_or_given_back_and_what_is_sent_is_paid(worth: int, total: int) -> None:
    found = balance(worth=worth, total=total)
    assert found.credit + found.back == worth
    assert found.credit + found.due == total
    assert min(found.due, found.back) == 0
    assert min(found.credit, found.due, found.back) >= 0


@given(credit=minor, share=st.fractions(0, 1), steps=st.lists(st.fractions(0, 1), max_size=6))
def test_what_leaves_a_new_order_in_parts_is_what_was_put_in(credit: int, share: object, steps: list[object]) -> None:
    settled = int(credit * share)  # type: ignore[operator]  # a fraction
    returned = lent = back = 0
    for step in (*steps, 1):
        part = int((credit - returned) * step)  # type: ignore[operator]  # a fraction
        found = leaving(minor=part, credit=credit, settled=settled, returned=returned)
        assert min(found.lent, found.back) >= 0
        returned += part
        lent, back = lent + found.lent, back + found.back
    assert returned == credit
    assert (lent, back) == (credit - settled, settled)


def test_more_than_was_put_in_cannot_leave() -> None:
    with pytest.raises(ValueError, match="5 of 4"):
        leaving(minor=5, credit=10, settled=0, returned=6)


@pytest.mark.parametrize(("policy", "unit"), [("today", 2500), ("lower", 2000)])
def test_a_dearer_variant_costs_what_the_market_says(policy: str, unit: int) -> None:
    assert agreed_unit(policy, today=2500, paid=2000) == unit
    assert agreed_unit(policy, today=1800, paid=2000) == 1800


GOOD = Standing(is_member=True, completed=3)


@pytest.mark.parametrize(
    ("policy", "standing", "when"),
    [
        ("known", GOOD, "first"),
        ("after", GOOD, "after"),
        ("known", Standing(is_member=True, completed=2), "after"),
        ("known", Standing(completed=9), "after"),
        ("known", Standing(is_member=True, completed=3, disputes=1), "after"),
        ("known", Standing(is_member=True, completed=3, lent=1), "after"),
    ],
)
def test_goods_are_lent_to_customers_in_good_standing_only(policy: str, standing: Standing, when: str) -> None:
    assert sends(policy, standing) == when


@given(net=minor, tax=minor, share=st.fractions(0, 1))
def test_what_is_kept_and_what_goes_back_are_the_part(net: int, tax: int, share: object) -> None:
    part = Part(net=net, tax=tax, duty=7)
    kept = kept_part(part, int((net + tax) * share))  # type: ignore[operator]  # a fraction
    rest = less(part, kept)
    assert kept.amount == int((net + tax) * share)  # type: ignore[operator]  # a fraction
    assert kept.amount + rest.amount == part.amount
    assert min(kept.net, kept.tax, rest.net, rest.tax) >= 0
    assert (kept.duty, rest.duty) == (0, 7)


@given(
    quantity=st.integers(1, 12),
    net=st.integers(0, 10**6),
    tax=st.integers(0, 10**6),
    shares=st.lists(st.fractions(0, 1), min_size=12, max_size=12),
)
def test_units_refunded_one_by_one_with_deductions_close_to_the_cent(
    quantity: int, net: int, tax: int, shares: list[object]
) -> None:
    back = kept_back = net_kept = tax_kept = net_gone = tax_gone = 0
    for unit in range(quantity):
        paid = LinePaid(
            quantity=quantity, net=net, tax=tax, duty=0, qty_refunded=unit, net_refunded=net_gone,
            tax_refunded=tax_gone, net_kept=net_kept, tax_kept=tax_kept,
        )  # fmt: skip
        part = part_for(paid, 1)
        kept = kept_part(part, int((part.net + part.tax) * shares[unit]))  # type: ignore[operator]  # a fraction
        rest = less(part, kept)
        net_gone, tax_gone = net_gone + rest.net, tax_gone + rest.tax
        net_kept, tax_kept = net_kept + kept.net, tax_kept + kept.tax
        back, kept_back = back + rest.amount, kept_back + kept.amount
    assert back + kept_back == net + tax
    assert net_gone + net_kept == net


def test_more_than_the_price_is_never_kept() -> None:
    with pytest.raises(ValueError, match="121 of 120"):
        kept_part(Part(net=100, tax=20, duty=50), 121)


@pytest.mark.parametrize(
    ("reason", "condition", "informed", "may"),
    [
        ("withdrawal", "worn", True, True),
        ("not_liked", "damaged", True, True),
        ("not_liked", "opened", True, False),
        ("not_liked", "as_new", True, False),
        ("defective", "worn", True, False),
        ("damaged", "damaged", True, False),
        ("withdrawal", "worn", False, False),
    ],
)
def test_wear_is_kept_for_use_and_never_for_faults(reason: str, condition: str, informed: bool, may: bool) -> None:
    assert may_deduct(reason=reason, condition=condition, was_informed=informed) is may
