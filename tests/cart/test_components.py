"""Sets of unlike goods: each component bears its own tax and duty, and together they are the line."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cart.quote import build_quote
from cart.snapshot import SnapshotLine
from cart.types import Quote
from catalog.types import SetPart
from core.money import Money, to_minor
from markets.duty.types import DutyFacts, DutyRow, RestrictionRow
from markets.landed.types import Buyer
from tests.cart.test_border import BORDER, TARIFF, american
from tests.cart.test_quote import adds_up
from tests.cart.worlds import line, snapshot, standard
from tests.markets.facts import facts, market, rate, registered

HERE = facts(rate("DE", "19"), rate("DE", "7", "books"), registrations=registered("DE"))
BOOK, CUP = ("books", "490199", "DE"), ("standard", "691200", "JP")


def part(
    what: tuple[str, str, str] = CUP, *, share: int = 1, pieces: int = 1, weight_g: int = 200, **more: Any
) -> SetPart:
    category, code, origin = what
    plain: dict[str, Any] = {
        "variant_id": 900 + share, "sku": "P", "name": "Part", "options_text": "", "quantity": pieces,
        "price_weight": share, "weight_g": weight_g, "hs_code": code, "origin": origin, "tax_category": category,
        "requires_shipping": True, "is_archived": False,
    }  # fmt: skip
    return SetPart(**(plain | more))


def a_set(*parts: SetPart, number: int = 1, unit: int = 2000, **more: Any) -> SnapshotLine:
    """A set without a goods code of its own."""
    plain: dict[str, Any] = {"hs_code": "", "origin": "", "weight_g": sum(one.weight_g for one in parts)}
    return line(number, unit=unit, parts=parts, **(plain | more))


def taxes(quote: Quote) -> list[tuple[int, str, str, str]]:
    return [
        (tax.part, str(tax.rate), str(tax.base.amount), str(tax.amount.amount))
        for tax in quote.tax_lines
        if tax.owner == "line"
    ]


def test_a_book_and_a_cup_are_taxed_by_their_own_rates_at_their_shares() -> None:
    quote = build_quote(snapshot(a_set(part(BOOK, share=1), part(CUP, share=3)), tax_facts=HERE))

    assert taxes(quote) == [(1, "0.07", "4.67", "0.33"), (2, "0.19", "12.61", "2.39")]
    only = quote.lines[0]
    assert [(str(one.net.amount), str(one.tax.amount), str(one.tax_rate)) for one in only.part_amounts] == [
        ("4.67", "0.33", "0.07"),
        ("12.61", "2.39", "0.19"),
    ]
    assert (only.net, only.tax) == (Money("17.28", "EUR"), Money("2.72", "EUR"))
    assert only.tax_rate == Decimal("0.15741")
    adds_up(quote)


def test_delivery_is_taxed_as_the_components_are() -> None:
    quote = build_quote(snapshot(a_set(part(BOOK), part(CUP)), tax_facts=HERE, delivery_options=(standard("10.00"),)))

    shares = {str(tax.rate): tax.base + tax.amount for tax in quote.tax_lines if tax.owner == "shipping"}
    assert set(shares) == {"0.07", "0.19"}
    assert sum((one.amount for one in shares.values()), Decimal(0)) == 10


def test_a_set_of_like_components_is_one_thing_by_their_category_and_not_by_its_own() -> None:
    quote = build_quote(snapshot(a_set(part(BOOK), part(BOOK, share=2)), tax_facts=HERE))

    assert taxes(quote) == [(0, "0.07", "18.69", "1.31")]
    assert quote.lines[0].part_amounts == ()


def test_components_are_declared_by_their_own_codes_and_a_set_with_a_code_by_its_own() -> None:
    books = DutyRow(**{**_plain(TARIFF), "rule_id": "duty:2", "hs_prefix": "4901", "rate_percent": Decimal(0)})
    tables = replace(BORDER, rows=(TARIFF, books))
    mixed = a_set(part(BOOK), part(CUP), currency="USD")

    apart = build_quote(american("prepay", lines=(mixed,), duty_facts=tables))
    whole = build_quote(american("prepay", lines=(replace(mixed, hs_code="691200", origin="JP"),), duty_facts=tables))

    assert [(one.key, one.part, str(one.amount.amount)) for one in apart.border.lines] == [
        ("1", 1, "0.00"),
        ("1", 2, "1.00"),
    ]
    assert [str(one.duty.amount) for one in apart.lines[0].part_amounts] == ["0.00", "1.00"]
    assert apart.lines[0].duty == Money("1.00", "USD")
    assert sum(to_minor(one.amount) for one in whole.border.lines) == 200


def test_what_a_component_lacks_is_a_refusal_and_never_nothing() -> None:
    quote = build_quote(american("dap", lines=(a_set(part(BOOK), part(("standard", "", "JP")), currency="USD"),)))

    assert quote.border.missing == ("HS_CODE_MISSING",)
    assert quote.border.payable_on_delivery is None


def test_a_download_in_a_set_of_goods_is_a_service_without_duty_or_freight() -> None:
    film = part(("standard", "", ""), requires_shipping=False, weight_g=0)
    quote = build_quote(american("prepay", lines=(a_set(part(CUP), film, currency="USD"),)))

    assert [(one.part, str(one.base.amount)) for one in quote.border.lines] == [(1, "10.00")]
    assert quote.lines[0].duty == Money("1.00", "USD")


def test_a_forbidden_component_forbids_the_line() -> None:
    rule = RestrictionRow(rule_id="r", destination="US", hs_prefix="4901", flag="", effect="block", note="")
    tables = DutyFacts(rows=BORDER.rows, low_value=BORDER.low_value, valuation=BORDER.valuation, restrictions=(rule,))
    quote = build_quote(
        american("dap", lines=(a_set(part(BOOK), part(CUP), number=7, currency="USD"),), duty_facts=tables)
    )

    assert [(one.code, one.line_id) for one in quote.lines[0].problems] == [("DESTINATION_PROHIBITED", 7)]


def test_the_tax_of_home_leaves_every_component_for_a_buyer_who_owes_none() -> None:
    tables = facts(
        rate("DE", "19"), rate("DE", "7", "books"), rate("FR", "20"), rate("FR", "5.5", "books"),
        registrations=registered("DE"),
    )  # fmt: skip
    buyer = Buyer(tax_id="FR40303265045", tax_id_country="FR", tax_id_status="valid")
    thing = a_set(part(BOOK), part(CUP), unit=2260)

    quote = build_quote(
        snapshot(thing, tax_facts=tables, buyer=buyer, country="FR", here=market(countries=("DE", "FR")))
    )

    assert quote.lines[0].line_total == Money("20.06", "EUR")  # 11.30 / 1.07 and 11.30 / 1.19
    assert quote.tax_total == Money("0.00", "EUR")


@settings(max_examples=150, deadline=None)
@given(
    unit=st.integers(0, 500_000),
    quantity=st.integers(1, 40),
    kinds=st.lists(st.tuples(st.sampled_from([BOOK, CUP]), st.integers(0, 50)), min_size=1, max_size=6),
    level=st.sampled_from(["unit", "line", "document"]),
    is_gross=st.booleans(),
)
def test_the_components_sum_to_their_line(
    unit: int, quantity: int, kinds: list[tuple[tuple[str, str, str], int]], level: str, is_gross: bool
) -> None:
    entry = "gross" if is_gross else "net"
    here = market(price_entry=entry, display=entry, rounding_level=level)
    parts = tuple(part(kind, share=share) for kind, share in kinds)

    quote = build_quote(snapshot(a_set(*parts, unit=unit, quantity=quantity), here=here, tax_facts=HERE))

    adds_up(quote)
    only = quote.lines[0]
    if only.part_amounts:
        assert len(only.part_amounts) == len(parts)
        assert sum(to_minor(one.net) for one in only.part_amounts) == to_minor(only.net)
        assert sum(to_minor(one.tax) for one in only.part_amounts) == to_minor(only.tax)
    worth = to_minor(only.net) + (to_minor(only.tax) if is_gross else 0)
    assert worth == unit * quantity


def _plain(row: DutyRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}
