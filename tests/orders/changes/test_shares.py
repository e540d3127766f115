"""Dividing lines and orders: whatever the amounts, the parts are sound and sum to the whole."""

from hypothesis import given
from hypothesis import strategies as st

from orders.changes.shares import LineShare, OrderShare, TaxShare, duty_added, split_line, split_order, tax_totals

MINOR = st.integers(min_value=0, max_value=500_000)
COLUMNS = ("quantity", "line_list", "line_discount", "line_total", "line_net", "line_tax", "line_duty")


@st.composite
def lines(draw: st.DrawFn) -> tuple[LineShare, int, int, bool]:
    """A sound line with tax lines of one or several parcels, the units that leave, and how prices are meant."""
    quantity = draw(st.integers(2, 40))
    unit = draw(st.integers(1, 50_000))
    listed = unit * quantity
    discount = draw(st.integers(0, listed))
    total = listed - discount
    is_gross = draw(st.booleans())
    rates = draw(st.lists(st.integers(0, 2_700), min_size=1, max_size=3))
    bases, taxes = [], []
    shares = [total // len(rates)] * len(rates)
    shares[0] += total - sum(shares)
    for share, rate in zip(shares, rates, strict=True):
        tax = share * rate // (10_000 + rate) if is_gross else share * rate // 10_000
        bases.append(share - tax if is_gross else share)
        taxes.append(tax)
    rows = [
        TaxShare(key=index, owner="line", part=index if len(rates) > 1 else 0, base=base, amount=tax, included=is_gross)
        for index, (base, tax) in enumerate(zip(bases, taxes, strict=True), start=1)
    ]
    duty = draw(MINOR)
    if duty:
        rows.append(TaxShare(key=99, owner="duty", part=0, base=duty, amount=duty // 5, included=is_gross))
    line = LineShare(
        quantity=quantity,
        line_list=listed,
        line_discount=discount,
        line_total=total,
        line_net=sum(bases),
        line_tax=sum(taxes),
        line_duty=duty + duty // 5,
        taxes=tuple(rows),
    )
    return line, draw(st.integers(1, quantity - 1)), unit, is_gross


@given(lines())
def test_both_parts_of_a_line_are_sound_and_sum_to_it(drawn: tuple[LineShare, int, int, bool]) -> None:
    line, units, unit, is_gross = drawn

    moved, rest = split_line(line, units, unit_list=unit, is_gross=is_gross)

    for name in COLUMNS:
        assert getattr(moved, name) + getattr(rest, name) == getattr(line, name)
    for part in (moved, rest):
        assert part.line_list == unit * part.quantity
        assert part.line_total == part.line_list - part.line_discount
        assert part.line_total == part.line_net + (part.line_tax if is_gross else 0)
        assert 0 <= part.line_discount <= part.line_list
        own = [row for row in part.taxes if row.owner == "line"]
        assert (sum(row.base for row in own), sum(row.amount for row in own)) == (part.line_net, part.line_tax)
        assert all(row.amount >= 0 for row in part.taxes)
        assert sum(row.base + row.amount for row in part.taxes if row.owner == "duty") == part.line_duty


def test_a_unit_that_costs_nothing_bears_no_tax() -> None:
    row = TaxShare(key=1, owner="line", part=0, base=26, amount=2, included=True)
    line = LineShare(
        quantity=30,
        line_list=30,
        line_discount=2,
        line_total=28,
        line_net=26,
        line_tax=2,
        line_duty=0,
        taxes=(row,),
    )
    while line.quantity > 1:
        moved, line = split_line(line, 1, unit_list=1, is_gross=True)
        assert min(moved.line_net, moved.line_tax, line.line_net, line.line_tax) >= 0


@given(lines())
def test_units_that_leave_one_after_the_other_take_all_there_is(drawn: tuple[LineShare, int, int, bool]) -> None:
    rest, _units, unit, is_gross = drawn
    whole, gone = rest, []
    while rest.quantity > 1:
        moved, rest = split_line(rest, 1, unit_list=unit, is_gross=is_gross)
        gone.append(moved)

    assert sum(one.line_tax for one in gone) + rest.line_tax == whole.line_tax
    assert sum(one.line_net for one in gone) + rest.line_net == whole.line_net


@given(
    st.lists(st.tuples(st.sampled_from(["shipping", "fee"]), MINOR, MINOR, st.booleans()), max_size=4),
    MINOR,
    st.tuples(MINOR, MINOR),
    st.booleans(),
)
def test_what_is_beside_the_lines_sums_to_the_whole(
    rows: list[tuple[str, int, int, bool]], duty: int, goods: tuple[int, int], known: bool
) -> None:
    taxes = tuple(
        TaxShare(key=index, owner=owner, part=0, base=base, amount=amount, included=included)
        for index, (owner, base, amount, included) in enumerate(rows)
    )
    order = OrderShare(
        shipping_total=sum(row.counted for row in taxes if row.owner == "shipping"),
        fee_total=sum(row.counted for row in taxes if row.owner == "fee"),
        duty_total=duty,
        is_duty_paid=False,
        standard_delivery=490 if known else None,
        taxes=taxes,
    )

    moved, rest = split_order(order, goods)

    for name in ("shipping_total", "fee_total", "duty_total"):
        assert getattr(moved, name) + getattr(rest, name) == getattr(order, name)
        assert getattr(moved, name) >= 0
    for name, whole in tax_totals(taxes).items():
        assert tax_totals(moved.taxes)[name] + tax_totals(rest.taxes)[name] == whole
    for part in (moved, rest):
        assert part.shipping_total == sum(row.counted for row in part.taxes if row.owner == "shipping")
        assert duty_added(part.taxes) == 0
