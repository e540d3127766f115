"""Where an import goes, and what it remembers of the shop's vocabulary while it runs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from catalog.actions.prices import PriceListDraft, open_price_list
from catalog.actions.whole import Finished, finish_products
from catalog.importers.errors import FileRefused
from catalog.importers.formats import Setting
from catalog.models import PriceList
from catalog.stockbook import StockBook, stock_book
from markets.models import Market

K = TypeVar("K")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """What was looked up or made, by key. What is not known to be committed can be forgotten again."""

    def __init__(self) -> None:
        self._known: dict[K, V] = {}
        self._fresh: set[K] = set()

    def get(self, key: K, look: Callable[[], V]) -> V:
        """The value of `key`; `look` finds or makes it the first time."""
        if key not in self._known:
            self._known[key] = look()
            self._fresh.add(key)
        return self._known[key]

    def knows(self, key: K) -> bool:
        """Whether the value of `key` was looked up or made already."""
        return key in self._known

    def put(self, key: K, value: V) -> None:
        """`key` has this value from now on."""
        self._known[key] = value
        self._fresh.add(key)

    def touch(self, key: K) -> None:
        """The value of `key` was added to: it goes, too, when the transaction is taken back."""
        self._fresh.add(key)

    def settle(self) -> None:
        """What is known now is there to stay."""
        self._fresh.clear()

    def forget_fresh(self) -> None:
        """Drop what may have been made in a transaction that was taken back."""
        for key in self._fresh:
            self._known.pop(key, None)
        self._fresh.clear()


@dataclass
class Batch:
    """What several products leave to be written together."""

    finished: list[Finished] = field(default_factory=list)


@dataclass(kw_only=True)
class Target:
    """The price lists of a market and the language of the words; one per job, because it remembers.

    Nothing it remembers may be older than a transaction that was taken back: `forget_undone`.
    """

    language: str
    base_list_id: int
    sale_list_id: int
    market_code: str = ""
    stock: StockBook = field(default_factory=stock_book)
    _memories: dict[str, Memory[Any, Any]] = field(default_factory=dict)
    _batch: Batch | None = None

    def memory(self, name: str) -> Memory[Any, Any]:
        """The memory of one kind of thing."""
        return self._memories.setdefault(name, Memory())

    def forget_undone(self) -> None:
        """Call after every transaction that was taken back, be it a product's or a batch's."""
        for memory in self._memories.values():
            memory.forget_fresh()

    def settle(self) -> None:
        """Call after every transaction that was committed."""
        for memory in self._memories.values():
            memory.settle()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Around several products inside one transaction: what new ones share the cost of is written on leaving."""
        self._batch = Batch()
        try:
            yield
            finish_products(self._batch.finished)
        finally:
            self._batch = None

    def finish(self, finished: Finished) -> None:
        """Write the rest of a new product: now, or with the others of its batch."""
        if self._batch is None:
            finish_products([finished])
        else:
            self._batch.finished.append(finished)


def open_target(params: Mapping[str, Any]) -> tuple[Target, Setting]:
    """The target of a job and what its files do not say. Raises `FileRefused` for a market that is not open."""
    market = Market.objects.filter(code=params["market"], active=True).first()
    if market is None:
        raise FileRefused(_("There is no active market “%(code)s”.") % {"code": params["market"]})
    target = Target(
        language=params["language"],
        base_list_id=market_list(market.code, "base").pk,
        sale_list_id=market_list(market.code, "sale").pk,
        market_code=market.code,
    )
    return target, Setting(language=params["language"], currency=market.currency_id, market=market.code)


def market_list(market: str, kind: str) -> PriceList:
    """The list an import writes a market's ordinary or reduced prices on. Opened once; opening moves no price."""
    code, name = (f"{market}-base", "Ordinary") if kind == "base" else (f"{market}-import-{kind}", kind.title())
    known = PriceList.objects.filter(code=code).first()
    return known or open_price_list(draft=PriceListDraft(code=code, market_code=market, name=name, kind=kind))
