"""The numbers as a page of the documentation. Of the machine it says only how many cores and how much memory."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GIGABYTE = 2**30
HEAD = """# Performance of catalogue pages

Written by `make bench-catalogue`; run it again to replace it.

Server time in process, through every middleware, database and templates, warm, one request at a time; no network and
no browser. Every product has three variants, words in two languages, prices in two markets and pictures; around it
are ten filters, two hundred brands and two hundred categories. "Counted anew" is the time right after a change that
touched everything: nothing that was counted before is remembered. The sizes are measured in turns, three times each;
a page shows its quietest turn. The database is PostgreSQL as the shop starts it, on the same machine.
"""
WHY = """
## Why it stays flat

- A listing is not searched row by row. What is true of products and variants is kept as rows of bits
  (`catalog_listingbits`), written by the drain together with prices and facet rows and followed by every web process
  piece by piece. Choosing, counting and paging are "and", "or" and counting ones over whole numbers
  (`catalog/listing/bits.py`), some ten microseconds each for a hundred thousand products; numbers of GMP count their
  ones (docs/decisions/0033-sets-of-places-are-counted-by-gmp.md).
- A page of any depth costs the same: sorting keys are kept as binary digits, and the first so many of a set are found
  in one pass over the digits. So pages keep their numbers, and an address names the same place for everybody.
- A search takes a thousand documents of a common word at most, names first, and counts the words of half of them.
- Cards, product pages and search ask for the rows of the products they show, by key; late pages of operators, too.
"""


@dataclass(frozen=True)
class Run:
    """A size with what was measured at it."""

    products: int
    numbers: dict[str, Any]


def quietest(turns: Sequence[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Of each page the turn with the lowest median: what else the machine did can only have added to it."""
    return {page: min((turn[page] for turn in turns), key=lambda numbers: numbers["median"]) for page in turns[0]}


def report(runs: Sequence[Run], screens: Mapping[str, Sequence[float]]) -> str:
    """The whole page. `screens` are those of operators over the largest catalogue: milliseconds and queries of each."""
    return "\n".join([HEAD, *_lines(runs), "", *_of_operators(screens, runs[-1].products), WHY])


def _of_operators(screens: Mapping[str, Sequence[float]], products: int) -> Iterator[str]:
    yield f"## Screens of operators, {products:,} products\n"
    yield "Best of six; none may cost more than 500 milliseconds or 30 queries.\n"
    yield "| screen | milliseconds | queries |"
    yield "|:--|--:|--:|"
    for name, (milliseconds, queries) in screens.items():
        yield f"| {name} | {milliseconds:.0f} | {queries:.0f} |"


def _lines(runs: Sequence[Run]) -> Iterator[str]:
    yield f"Measured on {os.cpu_count()} cores with {_memory()} GB of memory.\n"
    for title, key in (("Median", "median"), ("95th percentile", "p95"), ("Median, counted anew", "counted anew")):
        yield f"## {title}, milliseconds\n"
        yield from _table(runs, key, "{:.1f}", with_ratio=True)
    yield "## Queries\n"
    yield from _table(runs, "queries", "{:.0f}", with_ratio=False)
    yield "## Bringing it in\n"
    yield "| products | written to the tables | derived by the shop's workers |"
    yield "|--:|--:|--:|"
    for run in runs:
        yield f"| {run.products:,} | {run.numbers['made']:.0f} s | {run.numbers['derived']:.0f} s |"


def _table(runs: Sequence[Run], key: str, form: str, *, with_ratio: bool) -> Iterator[str]:
    ratio = f" {runs[-1].products:,} to {runs[0].products:,} |" if with_ratio else ""
    yield "| page |" + "".join(f" {run.products:,} |" for run in runs) + ratio
    yield "|:--|" + "--:|" * (len(runs) + with_ratio)
    for page in runs[0].numbers["pages"]:
        values = [run.numbers["pages"][page][key] for run in runs]
        last = f" {values[-1] / values[0]:.2f} × |" if with_ratio else ""
        yield f"| {page} |" + "".join(f" {form.format(value)} |" for value in values) + last
    yield ""


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE)
