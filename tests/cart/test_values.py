"""What components are worth at a border: their share of the set, never less."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cart.values import Piece, Priced, border_values
from core.money import Money, to_minor

SET, CUP, POT = 1, 2, 3


def a_set(price: str, *pieces: tuple[int, int, int]) -> Priced:
    return Priced(
        variant_id=SET,
        unit=Money(price, "EUR"),
        pieces=[Piece(variant_id=pk, quantity=count, price_weight=weight) for pk, count, weight in pieces],
    )


def test_a_component_is_worth_its_share_of_the_set() -> None:
    found = border_values([a_set("100.00", (CUP, 4, 60), (POT, 1, 40))])
    assert found == {SET: Money("100.00", "EUR"), CUP: Money("15.00", "EUR"), POT: Money("40.00", "EUR")}


def test_what_is_also_bought_alone_counts_with_the_most_it_is_worth() -> None:
    alone = Priced(variant_id=CUP, unit=Money("19.00", "EUR"))
    assert border_values([alone, a_set("100.00", (CUP, 4, 60), (POT, 1, 40))])[CUP] == Money("19.00", "EUR")
    cheap = Priced(variant_id=CUP, unit=Money("9.00", "EUR"))
    assert border_values([a_set("100.00", (CUP, 4, 60), (POT, 1, 40)), cheap])[CUP] == Money("15.00", "EUR")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 10**7),
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 99)), min_size=1, max_size=6),
)
def test_the_pieces_of_a_set_are_together_never_worth_less_than_it(minor: int, parts: list[tuple[int, int]]) -> None:
    price = str(minor // 100) + f".{minor % 100:02d}"
    found = border_values([a_set(price, *((10 + at, count, weight) for at, (count, weight) in enumerate(parts)))])
    pieces = sum(count for count, _weight in parts)
    together = sum(to_minor(found[10 + at]) * count for at, (count, _weight) in enumerate(parts))
    assert minor <= together < minor + pieces
