"""What tables of other platforms say of an order, cell by cell."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from catalog.importers.errors import RowsRefused
from catalog.importers.formats import Head, Kind, Row
from core.money import Money
from orders.past.formats import FORMATS, detected
from orders.past.reading import Setting, groups_of, read_group
from orders.past.types import ReadOrder

SETTING = Setting(currency="EUR", zone="Europe/Berlin")
SOUND = {
    "number": "#1001",
    "placed_at": "2024-03-01 10:15:00 -0500",
    "state": "paid",
    "total": "59.90",
    "item_name": "Kettle",
    "item_quantity": "1",
}


def read(*rows: Mapping[str, str], code: str = "shopify") -> ReadOrder:
    table = [Row(line, values) for line, values in enumerate(rows, start=2)]
    (group,) = groups_of(iter(table))
    return read_group(group, FORMATS[code], SETTING)[0]


def test_rows_that_follow_each_other_under_one_number_are_one_order() -> None:
    first = {**SOUND, "refunded_total": "10", "email": "Buyer@Example.com", "ship_country": "Germany"}
    second = {"number": "#1001", "item_name": "Cup", "item_sku": "C-1", "item_quantity": "2", "item_price": "5.00"}

    order = read(first, second)

    assert order.placed_at == datetime(2024, 3, 1, 15, 15, tzinfo=UTC)
    assert (order.total, order.refunded_total, order.shipping_total) == (
        Money("59.90", "EUR"),
        Money("10", "EUR"),
        None,
    )
    assert (order.state, order.country) == ("partly_refunded", "DE")
    assert [(line.name, line.sku, line.quantity, line.unit_price) for line in order.lines] == [
        ("Kettle", "", 1, None),
        ("Cup", "C-1", 2, Money("5.00", "EUR")),
    ]


@pytest.mark.parametrize(
    ("code", "cells", "state"),
    [
        ("shopify", {"state": "paid", "fulfillment": "fulfilled"}, "done"),
        ("shopify", {"state": "paid", "fulfillment": "unfulfilled"}, "open"),
        ("shopify", {"state": "paid", "canceled_at": "2024-03-02"}, "canceled"),
        ("shopify", {"state": "paid", "refunded_total": "59.90"}, "refunded"),
        ("shopify", {"state": "pending"}, "unpaid"),
        ("woocommerce", {"state": "wc-completed"}, "done"),
        ("woocommerce", {"state": "On hold"}, "unpaid"),
        ("woocommerce", {"state": "processing"}, "open"),
        ("portolan", {"state": "partly_refunded"}, "partly_refunded"),
    ],
)
def test_their_words_become_ours(code: str, cells: dict[str, str], state: str) -> None:
    assert read({**SOUND, **cells}, code=code).state == state


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"number": ""}, "number"),
        ({"placed_at": ""}, "placed_at"),
        ({"placed_at": "03/01/2024"}, "placed_at"),
        ({"placed_at": "0024-03-01"}, "placed_at"),
        ({"total": ""}, "total"),
        ({"total": "free"}, "total"),
        ({"total": "-5"}, "total"),
        ({"currency": "XXQ"}, "currency"),
        ({"state": "Abgeschlossen"}, "state"),
        ({"refunded_total": "60"}, "refunded_total"),
        ({"item_quantity": "0"}, "item_quantity"),
        ({"item_quantity": "many"}, "item_quantity"),
        ({"item_name": ""}, "item_name"),
    ],
)
def test_what_is_missing_or_nonsense_is_refused_and_never_taken_for_nothing(cells: dict[str, str], wrong: str) -> None:
    with pytest.raises(RowsRefused) as refusal:
        read({**SOUND, **cells})

    assert [said.column for said in refusal.value.problems] == [wrong]


def test_times_without_a_zone_are_of_the_markets() -> None:
    assert read({**SOUND, "placed_at": "2024-07-01 00:30"}).placed_at == datetime(2024, 6, 30, 22, 30, tzinfo=UTC)


def test_an_order_that_stands_in_two_places_is_refused_the_second_time() -> None:
    rows = [Row(2, SOUND), Row(3, {**SOUND, "number": "#1002"}), Row(4, SOUND)]

    first, _other, again = groups_of(iter(rows))

    assert (first.is_again, again.is_again) == (False, True)
    with pytest.raises(RowsRefused):
        read_group(again, FORMATS["shopify"], SETTING)


def test_no_address_that_nobody_can_own() -> None:
    assert read({**SOUND, "email": "nobody"}).email == ""


@pytest.mark.parametrize(
    ("titles", "code"),
    [
        ("Name|Email|Financial Status|Total|Created at|Lineitem quantity|Lineitem name|Lineitem price", "shopify"),
        ("Order Number|Order Status|Order Date|Item Name|Quantity (- Refund)|Order Total Amount", "woocommerce"),
        ("number|placed_at|state|total|item_name|item_quantity", "portolan"),
        ("Handle|Title|Vendor", None),
    ],
)
def test_a_table_is_known_by_its_titles(titles: str, code: str | None) -> None:
    found = detected([Head("orders.csv", Kind.TABLE, columns=tuple(titles.split("|")))])

    assert (found.code if found else None) == code


def test_the_same_facts_have_the_same_mark_whatever_stands_beside_them() -> None:
    assert read(SOUND).fingerprint == read({**SOUND, "extra": "x"}).fingerprint
    assert read(SOUND).fingerprint != read({**SOUND, "total": "59.91"}).fingerprint
