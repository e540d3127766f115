"""The sums of documents. Pure, in minor units.

Everything that was charged lies in cells: so much without tax, and so much tax, of one position at one rate. A credit
note takes from the cells of its invoice, so per rate and in all it can never give back more than was asked for, and
credit notes for everything sum to the invoice to the cent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.money import allocate


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one position bears at one rate. `component` is the part of a set that is taxed by itself, else 0."""

    position: str
    group: int
    net: int
    tax: int
    component: int = 0

    @property
    def place(self) -> tuple[str, int, int]:
        return (self.position, self.component, self.group)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a refund takes back of some positions: either net and tax as they were split, or one sum of both."""

    positions: tuple[str, ...]
    component: int = 0
    net: int = 0
    tax: int = 0
    both: int = 0


class MoreThanLeft(ValueError):
    """More is to be credited than is left of the invoice."""


def merged(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """One cell per position, component and rate, in their first order."""
    found: dict[tuple[str, int, int], Cell] = {}
    for cell in cells:
        before = found.get(cell.place)
        found[cell.place] = (
            cell if before is None else replace(before, net=before.net + cell.net, tax=before.tax + cell.tax)
        )
    return tuple(found.values())


def by_group(cells: Iterable[Cell]) -> dict[int, tuple[int, int]]:
    """(net, tax) per rate."""
    sums: dict[int, tuple[int, int]] = {}
    for cell in cells:
        net, tax = sums.get(cell.group, (0, 0))
        sums[cell.group] = (net + cell.net, tax + cell.tax)
    return dict(sorted(sums.items()))


def by_position(cells: Iterable[Cell]) -> dict[str, tuple[int, int]]:
    """(net, tax) per position."""
    sums: dict[str, tuple[int, int]] = {}
    for cell in cells:
        net, tax = sums.get(cell.position, (0, 0))
        sums[cell.position] = (net + cell.net, tax + cell.tax)
    return sums


def total(cells: Iterable[Cell]) -> int:
    """Net and tax together."""
    return sum(cell.net + cell.tax for cell in cells)


def left_of(cells: Sequence[Cell], credited: Iterable[Sequence[Cell]]) -> tuple[Cell, ...]:
    """What the credit notes so far have left of the invoice."""
    gone: dict[tuple[str, int, int], tuple[int, int]] = {}
    for note in credited:
        for cell in note:
            net, tax = gone.get(cell.place, (0, 0))
            gone[cell.place] = (net + cell.net, tax + cell.tax)
    return tuple(
        replace(cell, net=cell.net - gone.get(cell.place, (0, 0))[0], tax=cell.tax - gone.get(cell.place, (0, 0))[1])
        for cell in merged(cells)
    )


def credit(left: Sequence[Cell], wanted: Iterable[Wanted]) -> tuple[Cell, ...]:
    """The cells of a credit note, taken one wish after the other. Raises `MoreThanLeft`."""
    rest = {cell.place: cell for cell in left}
    taken: list[Cell] = []
    for wish in wanted:
        for cell in _take([cell for cell in rest.values() if _fits(cell, wish)], wish):
            before = rest[cell.place]
            rest[cell.place] = replace(before, net=before.net - cell.net, tax=before.tax - cell.tax)
            taken.append(cell)
    return tuple(cell for cell in merged(taken) if cell.net or cell.tax)


def _fits(cell: Cell, wish: Wanted) -> bool:
    here = not wish.positions or cell.position in wish.positions
    return here and (not wish.component or cell.component in (0, wish.component))


def _take(cells: Sequence[Cell], wish: Wanted) -> list[Cell]:
    if wish.both:
        buckets = [cell.net for cell in cells] + [cell.tax for cell in cells]
        parts = _share(wish.both, buckets)
        nets, taxes = parts[: len(cells)], parts[len(cells) :]
    else:
        nets = _share(wish.net, [cell.net for cell in cells])
        taxes = _share(wish.tax, [cell.tax for cell in cells])
    return [replace(cell, net=net, tax=tax) for cell, net, tax in zip(cells, nets, taxes, strict=True)]


def _share(amount: int, room: Sequence[int]) -> list[int]:
    """`amount` by what is left of each; all of it leaves nothing of any."""
    if amount < 0 or amount > sum(room):
        raise MoreThanLeft(f"{amount} of {sum(room)}")
    return allocate(amount, room) if amount else [0] * len(room)


def as_json(cells: Iterable[Cell]) -> list[dict[str, object]]:
    """Cells as a document keeps them."""
    return [
        {"position": cell.position, "component": cell.component, "group": cell.group, "net": cell.net, "tax": cell.tax}
        for cell in cells
    ]


def from_json(kept: Iterable[Mapping[str, object]]) -> tuple[Cell, ...]:
    """The cells of a kept document."""
    return tuple(
        Cell(
            position=str(one["position"]),
            component=int(str(one["component"])),
            group=int(str(one["group"])),
            net=int(str(one["net"])),
            tax=int(str(one["tax"])),
        )
        for one in kept
    )
