"""What of an order is in a parcel, barcodes, and which customs form fits. Without a database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.documents.barcodes import code128, is_item_number
from orders.documents.shipping.shares import missing_for_customs, share_of_units, why_not_cn22


@given(st.integers(0, 10**9), st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_parcels_of_a_line_sum_to_the_line(total: int, parcels: list[int]) -> None:
    units, before, found = sum(parcels), 0, []
    for count in parcels:
        found.append(share_of_units(total, units=units, before=before, count=count))
        before += count
    assert sum(found) == total
    assert min(found) >= 0


@given(st.integers(0, 10**6), st.integers(1, 100))
def test_no_unit_is_worth_more_than_one_minor_unit_above_another(total: int, units: int) -> None:
    found = [share_of_units(total, units=units, before=at, count=1) for at in range(units)]
    assert max(found) - min(found) <= 1


@pytest.mark.parametrize(
    ("grams", "worth", "why"),
    [
        (2000, Decimal(300), []),
        (2001, Decimal(300), ["cn22_weight"]),
        (10, Decimal("300.01"), ["cn22_value"]),
        (10, None, ["sdr_rate"]),
        (2001, None, ["cn22_weight", "sdr_rate"]),
    ],
)
def test_the_short_form_is_for_small_parcels_of_little_value(grams: int, worth: Decimal | None, why: list[str]) -> None:
    assert why_not_cn22(grams=grams, worth_sdr=worth) == why


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("RR473124829DE", True),
        ("RR473124828DE", False),
        ("rr473124829de", False),
        ("RR47312482DE", False),
        ("1Z999AA10123456784", False),
        ("", False),
    ],
)
def test_an_item_number_of_the_posts_is_known_by_its_check_digit(number: str, is_one: bool) -> None:
    assert is_item_number(number) is is_one


def test_a_barcode_has_its_quiet_zones_and_what_it_cannot_hold_has_none() -> None:
    drawn = code128("RR473124829DE")
    assert drawn.startswith("<svg")
    assert 'd="M10 0h' in drawn
    assert code128("注文1") == code128("") == ""


def test_every_fact_a_declaration_lacks_is_named() -> None:
    facts = {
        "seller": {"name": "", "lines": []},
        "consignee": {"name": "", "lines": []},
        "goods": [{"value": 0, "grams": 0}],
        "scheme": "IOSS",
        "scheme_number": "",
    }
    assert missing_for_customs(facts) == [
        "seller_name", "seller_address", "consignee", "value", "weight", "scheme_number",
    ]  # fmt: skip
    assert "goods" in missing_for_customs({**facts, "goods": []})
