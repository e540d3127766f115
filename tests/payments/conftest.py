"""What the tests of payments share: a recorder of announcements, and the ledger as balances."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from core import events
from core.events import Event, Reaction
from payments import events as payment_events

ALL = tuple(
    kind
    for kind in vars(payment_events).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
)


@pytest.fixture
def announced() -> Iterator[list[Event]]:
    """Every event of payments, in order. Nobody else reacts while a test listens."""
    with _listening() as heard:
        yield heard


@contextmanager
def _listening() -> Iterator[list[Event]]:
    heard: list[Event] = []
    before = dict(events._reactions)
    events.bind({kind: Reaction(inside=(heard.append,)) for kind in ALL})
    try:
        yield heard
    finally:
        events.bind(before)


@pytest.fixture
def balances() -> Callable[[], dict[str, int]]:
    """The ledger: account and currency to the sum of its entries."""

    def read() -> dict[str, int]:
        from payments.models import LedgerEntry

        sums: dict[str, int] = {}
        for entry in LedgerEntry.objects.select_related("account"):
            name = f"{entry.account.code} {entry.currency}"
            sums[name] = sums.get(name, 0) + entry.amount_minor
        return {name: total for name, total in sums.items() if total}

    return read


@pytest.fixture
def eur_and_usd() -> None:
    """The two currencies that exchange rates are between."""
    from markets.models import Currency

    for code in ("EUR", "USD"):
        Currency.objects.get_or_create(code=code, defaults={"exponent": 2, "display_digits": 2})
