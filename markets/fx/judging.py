"""Whether a reported rate is believed. Pure.

A rate that moves by more than a tenth against the one before is refused until an operator approves it. In the past a
rate is judged by its neighbours in the same file: a move that the next day confirms was real, as with the lira of
2001; a day that stands alone is a slip of somebody's pen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markets.fx.types import Quoted

MOST = Decimal("0.10")


@dataclass(frozen=True)
class Verdict:
    """A cell, and the rate it jumped from when it is not believed."""

    cell: Quoted
    jumped_from: Quoted | None = None


def is_jump(before: Decimal, after: Decimal) -> bool:
    """Whether a rate moved by more than a tenth."""
    return abs(after / before - 1) > MOST


def judge(cells: Iterable[Quoted], known: Mapping[str, Quoted]) -> Iterator[Verdict]:
    """A verdict for every cell. `known` is the newest believed rate per currency.

    Cells after the known day are held back and judged one after the other by the last believed one; older cells, and
    those of currencies nothing is known of, by their neighbours. The cells of a currency come in order of days, rising
    or falling.
    """
    windows: dict[str, _Window] = {}
    fresh: list[Quoted] = []
    for cell in cells:
        if cell.quote in known and cell.on > known[cell.quote].on:
            fresh.append(cell)
        else:
            yield from windows.setdefault(cell.quote, _Window()).push(cell)
    for window in windows.values():
        yield from window.close()
    yield from _one_after_the_other(fresh, known)


class _Window:
    """The last three cells of one currency. A middle one is judged by both neighbours, the newest by the two before it.

    The oldest is believed: there is nothing that it could have jumped from.
    """

    def __init__(self) -> None:
        self.last: list[Quoted] = []
        self.seen = 0

    def push(self, cell: Quoted) -> Iterator[Verdict]:
        self.last = [*self.last[-2:], cell]
        self.seen += 1
        if self.seen == 3:
            yield _end(self.last[0], self.last[1:])
        if self.seen >= 3:
            yield _middle(*self.last)

    def close(self) -> Iterator[Verdict]:
        if self.seen == 2:
            yield _end(self.last[0], self.last[1:])
        yield _end(self.last[-1], self.last[-2::-1])


def _middle(before: Quoted, cell: Quoted, after: Quoted) -> Verdict:
    stands_alone = is_jump(before.rate, cell.rate) and is_jump(after.rate, cell.rate)
    return Verdict(cell, min((before, after), key=_day_of) if stands_alone else None)


def _end(cell: Quoted, beside: Sequence[Quoted]) -> Verdict:
    """The oldest or the newest; `beside` is the nearest first."""
    earlier = [one for one in beside if one.on < cell.on]
    is_alone = earlier and all(is_jump(one.rate, cell.rate) for one in earlier)
    return Verdict(cell, earlier[0] if is_alone else None)


def _one_after_the_other(fresh: list[Quoted], known: Mapping[str, Quoted]) -> Iterator[Verdict]:
    last = dict(known)
    for cell in sorted(fresh, key=_day_of):
        before = last[cell.quote]
        if is_jump(before.rate, cell.rate):
            yield Verdict(cell, before)
        else:
            last[cell.quote] = cell
            yield Verdict(cell)


def _day_of(cell: Quoted) -> date:
    return cell.on
