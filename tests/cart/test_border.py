"""What the quote says of customs, by the market's mode and by what is known."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cart import words
from cart.contents import contents_of
from cart.quote import build_quote
from cart.snapshot import Snapshot
from cart.types import Quote
from core.money import Money, to_minor
from markets.duty.types import DutyFacts, DutyRow, ExchangeFact, LowValueFact, RestrictionRow
from markets.landed.types import Buyer
from tests.cart.test_quote import adds_up
from tests.cart.worlds import NOW, line, parcel, snapshot, standard
from tests.markets.facts import facts, market, rate, registered

TARIFF = DutyRow(
    rule_id="duty:1",
    destination="US",
    hs_prefix="",
    origin="",
    kind="mfn",
    rate_percent=Decimal(10),
    specific=None,
    specific_unit="",
    needs_proof=False,
    name="",
)
NO_TAX = LowValueFact(
    rule_id="low_value:US",
    code="US",
    destination="US",
    scheme="No de minimis",
    threshold=Money(0, "USD"),
    operator=">",
    basis="shipment_fob",
    includes_freight=False,
    params={"role": "standard", "import_tax": False, "beyond": "entry"},
)
BORDER = DutyFacts(rows=(TARIFF,), low_value=(NO_TAX,), valuation={"US": "fob"})


def american(mode: str, *, entry: str = "net", **changes: Any) -> Snapshot:
    """Two pieces of 20 dollars and 5 dollars of delivery, from Germany to the United States."""
    here = market(
        code="us", currency="USD", country="US", countries=("US",), price_entry=entry, display=entry, duty_mode=mode
    )
    things = changes.pop("lines", (line(1, currency="USD", quantity=2),))
    plain: dict[str, Any] = {
        "here": here,
        "tax_facts": facts(rate("DE", "19"), registrations=registered("DE")),
        "duty_facts": BORDER,
        "delivery_options": (standard("5.00", currency="USD"),),
        "postal_code": "97201",
    }
    return snapshot(*things, **(plain | changes))


def amounts(quote: Quote) -> dict[str, str]:
    return {row.label: str(row.amount.amount) for row in quote.ticket}


def test_duty_paid_with_the_order_is_a_row_of_the_total() -> None:
    quote = build_quote(american("prepay"))

    adds_up_with_duty(quote)
    assert amounts(quote)["Import duty"] == "4.00"
    assert quote.total == Money("49.00", "USD")
    assert quote.border.is_paid_now
    assert quote.lines[0].duty == Money("4.00", "USD")
    assert words.later_rows(quote.border) == ()
    assert "Nothing to pay on delivery" in words.duty_sentence_of(quote, market())


def test_duty_on_delivery_is_an_estimate_beside_the_total() -> None:
    quote = build_quote(american("dap"))

    adds_up(quote)
    assert quote.total == Money("45.00", "USD")
    assert quote.border.payable_on_delivery == Money("4.00", "USD")
    assert [str(row.amount.amount) for row in words.later_rows(quote.border)] == ["4.00", "4.00"]
    assert not quote.border.guaranteed


def test_duty_the_seller_bears_moves_nothing_and_is_known() -> None:
    quote = build_quote(american("ddp"))

    adds_up(quote)
    assert (quote.total, quote.duty_total, quote.duty_added) == (
        Money("45.00", "USD"),
        Money("4.00", "USD"),
        Money("0.00", "USD"),
    )


@pytest.mark.parametrize(("wish", "total"), [("", "49.00"), ("now", "49.00"), ("later", "45.00")])
def test_the_shopper_chooses_and_first_pays_everything_now(wish: str, total: str) -> None:
    quote = build_quote(american("choice", duty_wish=wish))

    assert quote.total == Money(total, "USD")
    assert quote.border.can_choose


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": (line(1, currency="USD", hs_code=""),)},
        {"lines": (line(1, currency="USD", origin=""),)},
        {"duty_facts": DutyFacts(low_value=(NO_TAX,))},
        {"delivery_options": (standard("5.00", currency="USD", prepays_duty=False),)},
        {
            "duty_facts": replace(
                BORDER,
                restrictions=(
                    RestrictionRow(
                        rule_id="r", destination="US", hs_prefix="6912", flag="", effect="dap_only", note=""
                    ),
                ),
            )
        },
    ],
)
def test_duty_that_cannot_be_paid_in_advance_is_paid_on_delivery_and_never_zero(changes: dict[str, Any]) -> None:
    quote = build_quote(american("choice", **changes))

    assert quote.border.payer == "buyer_later"
    assert not quote.border.can_choose
    assert quote.border.is_fallback
    assert quote.can_be_ordered
    later = quote.border.payable_on_delivery
    assert later is None or to_minor(later) > 0
    assert "cannot be paid in advance" in words.duty_sentence_of(quote, market())


def test_forbidden_goods_stop_their_line() -> None:
    block = RestrictionRow(rule_id="r", destination="US", hs_prefix="6912", flag="", effect="block", note="")
    quote = build_quote(american("ddp", duty_facts=replace(BORDER, restrictions=(block,))))

    assert [one.code for one in quote.lines[0].problems] == ["DESTINATION_PROHIBITED"]
    assert not quote.can_be_ordered


def test_a_stale_rate_stops_an_order_whose_tax_hangs_on_it_but_not_one_whose_seller_bears_duty() -> None:
    old = ExchangeFact(rate=Decimal("1.1"), effective_on=NOW.date() - timedelta(days=30))
    scheme = replace(
        NO_TAX,
        threshold=Money(135, "GBP"),
        operator="<=",
        basis="consignment_intrinsic",
        params={"role": "sale", "registration": ["uk_lvi"], "relief": ["duty"]},
    )
    border = replace(BORDER, low_value=(scheme,), exchange={"USD": old, "GBP": old})

    later, borne = (build_quote(american(mode, duty_facts=border)) for mode in ("dap", "ddp"))

    assert [problem.code for problem in later.problems] == ["FX_STALE"]
    assert not later.can_be_ordered
    assert borne.can_be_ordered


def test_the_parts_of_a_total_with_duty_sum_to_it() -> None:
    quote = build_quote(american("prepay", entry="gross"))

    *parts, total = contents_of(quote)

    assert sum(to_minor(row.amount) for row in parts) == to_minor(total.amount) == to_minor(quote.total)


def test_a_business_in_another_member_state_pays_the_price_without_tax() -> None:
    here = market(code="fr", country="FR", countries=("DE", "FR"))
    known = facts(rate("DE", "19"), rate("FR", "20"), registrations=registered("DE", "DE:oss"))
    buyer = Buyer(tax_id="FR40303265045", tax_id_country="FR", tax_id_status="valid")
    thing = line(1, unit=11_900, quantity=2)

    def quoted(**changes: Any) -> Quote:
        sent = (replace(parcel(thing), country="DE"),)
        return build_quote(snapshot(thing, here=here, country="FR", parcels=sent, tax_facts=known, **changes))

    business, consumer = quoted(buyer=buyer), quoted()

    assert business.items_total == Money("200.00", "EUR")
    assert (business.shipping_total, consumer.shipping_total) == (Money("4.12", "EUR"), Money("4.90", "EUR"))
    assert {tax.reason for tax in business.tax_lines} == {"reverse_charge"}
    assert consumer.items_total == Money("238.00", "EUR")
    adds_up(business)


@settings(max_examples=60, deadline=None)
@given(
    wanted=st.lists(
        st.tuples(st.integers(1, 90_000), st.integers(1, 9), st.sampled_from(["691200", "610910", "420222"])),
        min_size=2,
        max_size=8,
    ),
    chance=st.randoms(use_true_random=False),
    mode=st.sampled_from(["prepay", "dap", "ddp"]),
    entry=st.sampled_from(["gross", "net"]),
)
def test_the_order_of_the_cart_moves_no_amount(
    wanted: list[tuple[int, int, str]], chance: Random, mode: str, entry: str
) -> None:
    rows = [
        line(number, unit=unit, quantity=quantity, hs_code=code, currency="USD", tax_category="standard")
        for number, (unit, quantity, code) in enumerate(wanted, start=1)
    ]
    mixed = list(rows)
    chance.shuffle(mixed)

    one, two = (build_quote(american(mode, entry=entry, lines=tuple(lines))) for lines in (rows, mixed))

    for name in ("total", "items_total", "shipping_total", "duty_total", "duty_added", "fee_total", "tax_total"):
        assert getattr(one, name) == getattr(two, name), name
    by_key = {line.key: (line.line_total, line.net, line.tax, line.duty) for line in one.lines}
    assert by_key == {line.key: (line.line_total, line.net, line.tax, line.duty) for line in two.lines}
    adds_up_with_duty(one)


def adds_up_with_duty(quote: Quote) -> None:
    rows = [to_minor(row.amount) for row in quote.ticket]
    assert sum(rows[:-1]) == rows[-1] == to_minor(quote.total)


@pytest.mark.parametrize(("travels", "reason"), [(True, "standard"), (False, "reverse_charge")])
def test_goods_without_a_parcel_yet_are_taxed_as_goods(travels: bool, reason: str) -> None:
    here = market(code="fr", country="FR", countries=("DE", "FR"))
    known = facts(rate("DE", "19"), rate("FR", "20"), registrations=registered("DE", "DE:oss"))
    valid = Buyer(tax_id="FR40303265045", tax_id_country="FR", tax_id_status="valid")
    waiting = snapshot(
        line(1, requires_shipping=travels), here=here, country="FR", tax_facts=known, buyer=valid, parcels=()
    )

    assert {tax.reason for tax in build_quote(waiting).tax_lines} == {reason}
