"""The order in which facts arrive never matters."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from payments.folding import Agreed, StoredFact, fold

AGREED = Agreed(amount=4990, currency="EUR", provider_ref="p1", manual_capture=False)
HELD = Agreed(amount=4990, currency="EUR", provider_ref="p1", manual_capture=True)


def facts(*specs: tuple[str, str, int]) -> list[StoredFact]:
    return [StoredFact(n, kind, ref, amount, "EUR", "p1") for n, (kind, ref, amount) in enumerate(specs, start=1)]


STORIES = {
    "paid": (AGREED, facts(("action_required", "p1", 4990), ("processing", "p1", 4990), ("captured", "c", 4990))),
    "paid after a failure": (AGREED, facts(("failed", "p1", 4990), ("captured", "c", 4990), ("canceled", "p1", 4990))),
    "refunded in parts": (
        AGREED,
        facts(("captured", "c", 4990), ("refunded", "r1", 1000), ("refunded", "r2", 3990), ("processing", "p1", 4990)),
    ),
    "partly refunded": (AGREED, facts(("captured", "c", 4990), ("refunded", "r1", 1000), ("failed", "p1", 4990))),
    "disputed and won": (
        AGREED,
        facts(("captured", "c", 4990), ("disputed", "d", 4990), ("dispute_reversed", "d", 4990)),
    ),
    "held and voided": (
        HELD,
        facts(("authorized", "p1", 4990), ("canceled", "p1", 4990), ("action_required", "p1", 4990)),
    ),
    "captured twice in parts": (
        HELD,
        facts(("authorized", "p1", 4990), ("captured", "c1", 2000), ("captured", "c2", 2990), ("declined", "x", 4990)),
    ),
    "declined, then waiting": (AGREED, facts(("declined", "x", 4990), ("action_required", "p1", 4990))),
}
EXPECTED = {
    "paid": ("captured", 4990, 0, 0),
    "paid after a failure": ("captured", 4990, 0, 0),
    "refunded in parts": ("refunded", 4990, 4990, 0),
    "partly refunded": ("partly_refunded", 4990, 1000, 0),
    "disputed and won": ("captured", 4990, 0, 0),
    "held and voided": ("canceled", 0, 0, 0),
    "captured twice in parts": ("captured", 4990, 0, 0),
    "declined, then waiting": ("action_required", 0, 0, 0),
}


@given(st.data())
def test_any_order_of_arrival_ends_the_same(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(STORIES)))
    agreed, told = STORIES[name]
    order = data.draw(st.permutations(told))
    arrived = [StoredFact(n, f.kind, f.fact_ref, f.amount, f.currency, f.provider_ref) for n, f in enumerate(order, 1)]
    result = fold(agreed, arrived)
    # The two halves of a dispute may be told in either order; only both together are judged here.
    if name == "disputed and won" and result.doubts:
        assert result.doubts[0].fact.kind == "dispute_reversed"
        return
    assert (result.state, result.captured, result.refunded, result.disputed) == EXPECTED[name]
    assert not result.doubts


@given(st.lists(st.sampled_from(list(itertools.chain.from_iterable(told for _, told in STORIES.values()))), max_size=6))
def test_the_sums_never_leave_their_bounds(told: list[StoredFact]) -> None:
    arrived = [StoredFact(n, f.kind, f"{f.fact_ref}{n}", f.amount, "EUR", "p1") for n, f in enumerate(told, 1)]
    result = fold(AGREED, arrived)
    assert 0 <= result.refunded + result.disputed <= result.captured <= AGREED.amount


def test_another_amount_is_a_doubt_and_never_counts_as_paid() -> None:
    result = fold(AGREED, facts(("captured", "c", 4989)))
    assert (result.state, result.captured) == ("held", 0)
    assert [doubt.kind for doubt in result.doubts] == ["amount_mismatch"]


def test_another_currency_is_a_doubt_even_with_the_same_digits() -> None:
    result = fold(AGREED, [StoredFact(1, "captured", "c", 4990, "JPY", "p1")])
    assert (result.state, result.captured, result.doubts[0].kind) == ("held", 0, "currency_mismatch")


def test_a_report_under_another_payments_name_is_a_doubt() -> None:
    result = fold(AGREED, [StoredFact(1, "captured", "c", 4990, "EUR", "p2")])
    assert (result.captured, result.doubts[0].kind) == (0, "reference_mismatch")


def test_a_second_full_capture_is_excess_and_the_first_stays() -> None:
    result = fold(AGREED, facts(("captured", "c1", 4990), ("captured", "c2", 4990)))
    assert (result.state, result.captured, [fact.fact_ref for fact in result.counted]) == ("captured", 4990, ["c1"])
    assert [doubt.kind for doubt in result.doubts] == ["excess"]


def test_what_is_booked_stays_booked_whatever_comes_later() -> None:
    early, late = facts(("captured", "c1", 4990), ("captured", "c2", 4990))
    booked = StoredFact(late.pk, late.kind, late.fact_ref, late.amount, "EUR", "p1", booked=True)
    assert [fact.fact_ref for fact in fold(AGREED, [early, booked]).counted] == ["c2"]


def test_accepted_money_counts_as_it_came() -> None:
    result = fold(AGREED, facts(("captured", "c", 5100), ("accepted", "c", 5100)))
    assert (result.state, result.captured, result.authorized, result.doubts) == ("captured", 5100, 5100, [])
