"""Sums of documents, for any order: rates add up, and credit notes for everything sum to the invoice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.documents.amounts import Cell, MoreThanLeft, Wanted, as_json, by_group, credit, from_json, left_of, total

POSITIONS = ("goods:1", "goods:2", "duty:1", "shipping", "fee")
cells = st.lists(
    st.builds(
        Cell,
        position=st.sampled_from(POSITIONS),
        component=st.integers(0, 2),
        group=st.integers(0, 3),
        net=st.integers(0, 10**7),
        tax=st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda cell: cell.place,
).map(tuple)


@given(cells=cells)
def test_net_and_tax_of_every_rate_make_the_total(cells: tuple[Cell, ...]) -> None:
    sums = by_group(cells)
    assert sum(net + tax for net, tax in sums.values()) == total(cells)
    for group, (net, tax) in sums.items():
        assert (net, tax) == (
            sum(cell.net for cell in cells if cell.group == group),
            sum(cell.tax for cell in cells if cell.group == group),
        )
    assert from_json(as_json(cells)) == cells


@given(cells=cells, parts=st.lists(st.integers(1, 10**6), max_size=6))
@settings(deadline=None)
def test_any_parts_that_are_all_of_it_leave_nothing_at_any_rate(cells: tuple[Cell, ...], parts: list[int]) -> None:
    notes: list[tuple[Cell, ...]] = []
    for wanted in [*parts, 10**12]:
        left = left_of(cells, notes)
        amount = min(wanted, total(left))
        note = credit(left, [Wanted(positions=(), both=amount)])
        assert total(note) == amount
        assert all(cell.net >= 0 and cell.tax >= 0 for cell in note)
        notes.append(note)

    assert all(cell.net == cell.tax == 0 for cell in left_of(cells, notes))
    for group, sums in by_group(cells).items():
        back = [by_group(note).get(group, (0, 0)) for note in notes]
        assert (sum(net for net, _ in back), sum(tax for _, tax in back)) == sums


@given(cells=cells, data=st.data())
@settings(deadline=None)
def test_a_position_is_credited_at_its_own_rates_alone(cells: tuple[Cell, ...], data: st.DataObject) -> None:
    position = data.draw(st.sampled_from([cell.position for cell in cells]))
    here = [cell for cell in cells if cell.position == position]
    net = data.draw(st.integers(0, sum(cell.net for cell in here)))
    tax = data.draw(st.integers(0, sum(cell.tax for cell in here)))

    note = credit(cells, [Wanted(positions=(position,), net=net, tax=tax)])

    assert {cell.position for cell in note} <= {position}
    assert (sum(cell.net for cell in note), sum(cell.tax for cell in note)) == (net, tax)


def test_no_more_than_is_left() -> None:
    cell = Cell(position="goods:1", group=0, net=100, tax=19)
    with pytest.raises(MoreThanLeft):
        credit((cell,), [Wanted(positions=("goods:1",), net=101)])
    with pytest.raises(MoreThanLeft):
        credit((cell,), [Wanted(positions=("shipping",), tax=1)])


def test_a_component_of_a_set_is_credited_at_its_own_rate() -> None:
    tea = Cell(position="goods:1", component=1, group=0, net=100, tax=7)
    cup = Cell(position="goods:1", component=2, group=1, net=200, tax=38)

    assert credit((tea, cup), [Wanted(positions=("goods:1",), component=2, net=100, tax=19)]) == (
        Cell(position="goods:1", component=2, group=1, net=100, tax=19),
    )
