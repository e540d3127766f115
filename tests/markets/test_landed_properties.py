"""What must hold for every parcel: parts add up, nothing is negative, and order and splitting change nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.vectors.borders import goods, parcel_to, tariff
from config.vectors.world import facts_with, market_of, money, rate_fact
from core.money import from_minor, sum_money, to_minor
from markets.duty.errors import (
    BorderFactMissing,
    DestinationProhibited,
    DutyRateNotFound,
    HsCodeMissing,
    LicenseNeeded,
    LocationEvidenceMissing,
)
from markets.duty.types import FeeRow, RestrictionRow
from markets.errors import ExchangeRateStale
from markets.landed import Buyer, Parcel, landed_cost
from markets.landed.types import LandedCost, Payer
from markets.tax.types import RegistrationFact, UntaxedFact

ON = date(2026, 11, 22)
PLACES = {"US": "USD", "GB": "GBP", "CH": "CHF", "AE": "AED", "BR": "USD", "AU": "AUD", "DE": "EUR", "CA": "CAD"}
RATES = {"USD": "1.0832", "GBP": "0.8650", "CHF": "0.9410", "AED": "3.9780", "AUD": "1.65", "CAD": "1.5", "NOK": "11.5"}
CODES = ("610910", "640299", "950300", "420222")
FEES = FeeRow(
    rule_id="fee:1",
    destination="US",
    carrier_service="",
    kind="ddp",
    incoterm="ddp",
    fixed=from_minor(290, "USD"),
    percent=Decimal(2),
    minimum=None,
)
PAYERS: tuple[Payer, ...] = ("buyer_now", "buyer_later", "seller")


def facts(place: str, *held: tuple[str, str]):
    found = facts_with(
        registrations=held,
        rows=[tariff(place, "8.3"), tariff(place, "7.5", name="more", kind="surcharge")],
        exchange=RATES,
        on=ON,
    )
    return replace(found, duty=replace(found.duty, fees=(FEES,)))


@st.composite
def parcels(draw: st.DrawFn, payer: Payer | None = None) -> Parcel:
    place = draw(st.sampled_from(sorted(PLACES)))
    currency = PLACES[place]
    lines = [
        goods(
            str(from_minor(draw(st.integers(1, 90_000)), currency).amount),
            currency,
            str(number),
            hs_code=draw(st.sampled_from(CODES)),
            quantity=draw(st.integers(1, 9)),
            weight_g=draw(st.integers(0, 5000)),
        )
        for number in range(draw(st.integers(1, 6)))
    ]
    return parcel_to(
        place,
        lines,
        on=ON,
        currency=currency,
        region="ON" if place == "CA" else "",
        shipping=str(from_minor(draw(st.integers(0, 9000)), currency).amount),
        entry=draw(st.sampled_from(["gross", "net"])),
        payer=payer or draw(st.sampled_from(PAYERS)),
        share_freight_by=draw(st.sampled_from(["value", "weight"])),
    )


def holds(parcel: Parcel, found: LandedCost) -> None:
    currency = parcel.market.currency
    asked = sum(to_minor(line.amount) for line in parcel.lines) + to_minor(parcel.shipping)
    inside = [tax for tax in found.tax_lines if not tax.key.startswith(("duty:", "fee"))]
    assert sum(to_minor(tax.gross if tax.included else tax.base) for tax in inside) == asked
    assert found.duty == sum_money((line.amount for line in found.duty_lines), currency)
    assert all(to_minor(line.amount) >= 0 and line.rule_id for line in found.duty_lines)
    assert all(to_minor(tax.amount) >= 0 for tax in (*found.tax_lines, *found.border_tax_lines))
    assert set(found.treatments) == {line.key for line in parcel.lines}
    due = found.duty + found.fees + found.border_tax
    if parcel.payer == "buyer_later":
        assert found.payable_on_delivery == due
    if parcel.payer == "seller":
        assert found.borne == due
        assert to_minor(found.charged_now) == 0
    if parcel.payer == "buyer_now":
        extras = [tax for tax in found.tax_lines if tax.key.startswith(("duty:", "fee"))]
        assert sum(to_minor(tax.base) for tax in extras) >= to_minor(found.duty) - len(extras)


@settings(max_examples=200, deadline=None)
@given(parcels())
def test_what_is_paid_is_accounted_for_to_the_last_unit(parcel: Parcel) -> None:
    holds(parcel, landed_cost(parcel, facts(parcel.country)))


@settings(max_examples=100, deadline=None)
@given(parcels(), st.randoms(use_true_random=False))
def test_the_order_of_lines_moves_no_sum(parcel: Parcel, chance) -> None:
    mixed = list(parcel.lines)
    chance.shuffle(mixed)
    known = facts(parcel.country)

    one, two = landed_cost(parcel, known), landed_cost(replace(parcel, lines=tuple(mixed)), known)

    for sum_of in ("goods", "shipping", "duty", "fees", "customs_value", "tax_now", "border_tax", "landed"):
        assert getattr(one, sum_of) == getattr(two, sum_of), sum_of
    assert by_line(one) == by_line(two)


def by_line(found: LandedCost) -> dict[str, Any]:
    """What each line bears, whatever its place."""
    taxes = {(tax.key, tax.rate): (tax.base, tax.amount) for tax in (*found.tax_lines, *found.border_tax_lines)}
    return {"tax": taxes, "duty": sorted((line.key, line.rule_id, to_minor(line.amount)) for line in found.duty_lines)}


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**7), st.sampled_from(["DE", "FR", "AT", "HU"]))
def test_gross_and_net_are_two_sides_of_one_price(minor: int, place: str) -> None:
    """Tax taken out of a gross price and put on the net gives the price again, within the one rounding."""
    known = facts_with(registrations=[("DE", "domestic"), ("DE", "oss")], on=ON)

    def asked(amount: int, entry: str) -> LandedCost:
        line = goods(str(from_minor(amount, "EUR").amount), "EUR")
        parcel = parcel_to(place, [line], on=ON, ship_from="DE", market=market_of("DE", "EUR", entry=entry))
        return landed_cost(parcel, known)

    out_of_gross = asked(minor, "gross")
    on_top = asked(to_minor(out_of_gross.goods), "net")

    assert to_minor(out_of_gross.goods) + to_minor(out_of_gross.tax_now) == minor
    assert abs(to_minor(on_top.landed) - minor) <= 1


def test_missing_facts_refuse_and_are_named_when_asked_to_tell() -> None:
    nameless = parcel_to("US", [goods("20.00", "USD", hs_code="")], on=ON, currency="USD")
    with pytest.raises(HsCodeMissing):
        landed_cost(nameless, facts("US"))

    told = landed_cost(nameless, facts("US"), tells=True)

    assert told.missing == ("HS_CODE_MISSING",)
    assert told.payable_on_delivery is None
    assert not told.guaranteed
    with pytest.raises(DutyRateNotFound):
        landed_cost(parcel_to("US", [goods("20.00", "USD")], on=ON, currency="USD"), facts_with(on=ON))


def test_a_stale_rate_is_refused_where_a_threshold_needs_it() -> None:
    known = facts_with(registrations=[("GB", "uk_lvi")], exchange=RATES, on=date(2026, 1, 1))
    with pytest.raises(ExchangeRateStale):
        landed_cost(parcel_to("GB", [goods("20.00", "EUR")], on=ON, currency="EUR"), known)


@pytest.mark.parametrize(("effect", "refusal"), [("block", DestinationProhibited), ("license", LicenseNeeded)])
def test_what_may_not_be_sent_is_refused(effect: str, refusal: type[Exception]) -> None:
    row = RestrictionRow(rule_id="r:1", destination="SG", hs_prefix="2404", flag="", effect=effect, note="")
    known = facts_with(on=ON)
    known = replace(known, duty=replace(known.duty, restrictions=(row,)))
    with pytest.raises(refusal):
        landed_cost(parcel_to("SG", [goods("20.00", "SGD", hs_code="240412")], on=ON), known)

    assert landed_cost(parcel_to("SG", [goods("20.00", "SGD")], on=ON), known).duty.amount == 0


def test_the_closest_row_wins_and_layers_add_up() -> None:
    rows = [
        tariff("US", "5"),
        tariff("US", "8", hs_prefix="61"),
        tariff("US", "16.5", hs_prefix="610910"),
        tariff("US", "25", kind="antidumping", origin="CN", name="ad"),
        tariff("US", "7.5", kind="surcharge", name="s301", origin="CN"),
        tariff("US", "0", kind="preference", origin="FTA", needs_proof=True),
    ]
    known = facts_with(rows=rows, on=ON)
    known = replace(known, duty=replace(known.duty, origin_groups={"FTA": frozenset({"KR"})}))

    def duty(**more: object) -> str:
        line = goods("100.00", "USD", hs_code="610910", **more)
        return str(landed_cost(parcel_to("US", [line], on=ON, currency="USD"), known).duty.amount)

    assert duty(origin="CN") == "49.00"
    assert duty(origin="JP") == "16.50"
    assert duty(origin="KR") == "16.50"
    assert duty(origin="KR", has_origin_proof=True) == "0.00"


def test_specific_duty_is_by_piece_and_weight() -> None:
    by_kilo = tariff("US", "0", specific=from_minor(150, "USD"), specific_unit="kg")
    line = goods("100.00", "USD", weight_g=2400, quantity=2)

    found = landed_cost(parcel_to("US", [line], on=ON, currency="USD"), facts_with(rows=[by_kilo], on=ON))

    assert str(found.duty.amount) == "3.60"


def test_a_shop_that_computes_no_tax_says_so() -> None:
    market = market_of("DE", "EUR", entry="gross", features={"no_tax": True})
    parcel = parcel_to("DE", [goods("20.00", "EUR")], on=ON, ship_from="DE", market=market)

    found = landed_cost(parcel, facts_with(registrations=[("DE", "domestic")], on=ON))

    assert {tax.reason for tax in found.tax_lines} == {"not_computed"}
    assert to_minor(found.tax_now) == 0


def test_an_exempt_buyer_pays_the_price_without_tax() -> None:
    parcel = parcel_to(
        "DE",
        [goods("119.00", "EUR")],
        on=ON,
        ship_from="DE",
        market=market_of("DE", "EUR", entry="gross"),
        buyer=Buyer(exemption_document="NATO-1"),
    )

    found = landed_cost(parcel, facts_with(registrations=[("DE", "domestic")], on=ON))

    assert (str(found.goods.amount), found.tax_lines[0].reason) == ("100.00", "exempt")


def test_a_digital_sale_rests_on_two_pieces_of_evidence() -> None:
    def sold(evidence: int) -> LandedCost:
        line = goods("12.00", "EUR", supply="digital", hs_code="", origin="")
        parcel = parcel_to(
            "FR",
            [line],
            on=ON,
            ship_from="DE",
            market=market_of("DE", "EUR", entry="gross"),
            buyer=Buyer(location_evidence=evidence),
        )
        return landed_cost(parcel, facts_with(registrations=[("DE", "oss")], on=ON))

    assert str(sold(2).tax_now.amount) == "2.00"
    with pytest.raises(LocationEvidenceMissing):
        sold(1)


def test_nexus_in_a_state_collects_its_tax_whoever_pays_duty() -> None:
    known = facts_with(rows=[tariff("US", "5")], rates=[rate_fact("US", "8.25", region="CA", kind="sales")], on=ON)
    held = (RegistrationFact("r", "seller", "US", "domestic", region="CA"),)
    known = replace(known, tax=replace(known.tax, registrations=held))
    for payer in PAYERS:
        line = goods("100.00", "USD")
        here = parcel_to("US", [line], on=ON, currency="USD", region="CA", payer=payer)
        taxed = next(tax for tax in landed_cost(here, known).tax_lines if tax.key == "1")
        assert str(taxed.amount.amount) == "8.25"
        there = landed_cost(replace(here, region="NY"), known)
        assert to_minor(there.tax_now) == 0


def test_where_tax_cannot_be_collected_line_by_line_it_is_not_offered_in_advance() -> None:
    parcel = parcel_to("JP", [goods("30000", "JPY")], on=ON, payer="buyer_now")
    with pytest.raises(BorderFactMissing):
        landed_cost(parcel, facts_with(rows=[tariff("JP", "10")], on=ON))


def test_a_seller_that_charges_no_tax_says_so_only_where_it_would_collect() -> None:
    line, own = goods("20.00", "EUR"), facts_with(registrations=[("DE", "domestic")], on=ON)
    untaxed = (UntaxedFact("untaxed:1", "seller"), UntaxedFact("untaxed:2", "other", "DE"))
    facts = replace(own, tax=replace(own.tax, untaxed=untaxed))
    home = market_of("DE", "EUR", entry="gross")

    at_home = landed_cost(parcel_to("DE", [line], on=ON, ship_from="DE", market=home), facts)
    abroad = [
        landed_cost(parcel_to("GB", [goods("20.00", "GBP")], on=ON, ship_from="DE", currency="GBP"), known)
        for known in (facts, own)
    ]

    assert {(tax.reason, tax.rule_id) for tax in at_home.tax_lines} == {("not_computed", "untaxed:1")}
    assert to_minor(at_home.tax_now) == 0
    assert abroad[0] == abroad[1]
    assert {tax.reason for tax in abroad[0].tax_lines} != {"not_computed"}


def _download(**more: Any) -> LandedCost:
    """A download for a buyer in France; it starts nowhere, as the cart asks about what needs no parcel."""
    line = goods("119.00", "EUR", supply="digital", hs_code="", origin="")
    market = market_of("DE", "EUR", entry="gross")
    parcel = parcel_to("FR", [line], on=ON, ship_from="FR", market=market, **more)
    return landed_cost(parcel, facts_with(registrations=[("DE", "domestic")], on=ON))


def test_a_small_sellers_downloads_are_taxed_at_home_until_the_unions_limit() -> None:
    below, above = (_download(eu_sales_this_year=money(before, "EUR")) for before in ("0.00", "9950.00"))

    assert [(one.tax_lines[0].place, str(one.tax_now.amount)) for one in (below, above)] == [
        ("DE", "19.00"),
        ("FR", "19.83"),
    ]


def test_a_business_abroad_owes_the_tax_on_a_download_itself() -> None:
    found = _download(buyer=Buyer(tax_id="FR40303265045", tax_id_country="FR", tax_id_status="valid"))

    assert (found.tax_lines[0].reason, str(found.goods.amount)) == ("reverse_charge", "100.00")
