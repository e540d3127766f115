"""Goods that come back: for money, for credit, for another variant, worn or not, and exchanges that do not last."""

from dataclasses import dataclass
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.money import from_minor
from inventory.models import Warehouse
from orders.actions.exchanging import (
    Shown,
    bring_exchange_back,
    exchange_of,
    give_up_exchange,
    reckon,
    settle_exchange,
)
from orders.actions.returns import (
    ReturnAsked,
    ReturnItem,
    approve_return,
    ask_return,
    cancel_return,
    open_exchange,
    reject_return,
)
from orders.actions.returns_closing import Settlement, close_return, replace_return, settle_return
from orders.actions.returns_receiving import Verdict, end_inspection, inspect_unit, receive_units
from orders.exchanging.errors import NoExchange
from orders.models import Exchange, Fate, Resolution, ReturnLine, ReturnRequest, ReturnState
from orders.returning.files import put_away
from orders.returning.settling import proposals, proposed_wishes
from orders.types import RefundTo
from orders.workspace.refunds import preview_refund
from tests.orders.machine.base import MOST_ORDERS, Example, Units, Which
from tests.orders.returns.world import ADDRESS

OVER = (ReturnState.CLOSED, ReturnState.REJECTED, ReturnState.CANCELED)
ASKED = (Resolution.EXCHANGE, Resolution.EXCHANGE, Resolution.REFUND, Resolution.CREDIT)
KEPT = (0, 0, 0, 1, 150, 5_000)
"""What is kept for wear, in cents; some of it more than anything costs."""


@dataclass(frozen=True, kw_only=True)
class Steps:
    """How many steps operators take with a return, and what they decide on the way."""

    count: int
    fate: str
    kept: int
    to: RefundTo


Onward = st.builds(
    Steps,
    count=st.sampled_from([5, 4, 5, 3, 2, 1, 0]),
    fate=st.sampled_from([Fate.RESTOCK, Fate.RESTOCK, *Fate.values]),
    kept=st.sampled_from(KEPT),
    to=st.sampled_from(["methods", "methods", "credit"]),
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A return as it is asked for, and what becomes of it at once."""

    line: int
    units: int
    wanted: int
    is_faulty: bool
    by_operator: bool
    resolution: str
    onward: Steps


Ask = st.builds(
    Asked,
    line=Which,
    units=Units,
    wanted=st.sampled_from([1, 0, 2]),
    is_faulty=st.booleans(),
    by_operator=st.booleans(),
    resolution=st.sampled_from(ASKED),
    onward=Onward,
)


class Returning(Example):
    """Customers and operators around goods that were delivered."""

    @precondition(lambda self: self.numbers and len(self.numbers) < MOST_ORDERS)
    @rule(asked=Ask)
    def ask_for_a_return(self, asked: Asked) -> None:
        """By the customer, or for an exchange by an operator, and so many steps of it at once.

        One argument, because the engine draws rules with few of them most, and these sequences are the longest.
        """
        line = self._line_sent(asked.line)
        if line is None:
            return
        wanted = self.shop.items[asked.wanted].pk
        item = ReturnItem(line_id=line.pk, quantity=asked.units, wanted_id=wanted)
        number, key = line.order.number, self._key()
        if asked.by_operator:
            self._try(partial(open_exchange, number=number, items=[item], note="Other size", key=key))
        else:
            reason = "defective" if asked.is_faulty else "too_small"
            form = ReturnAsked(key=key, items=(item,), reason=reason, resolution=asked.resolution)
            self._try(partial(ask_return, number=number, asked=form))
        self._go_on(0, asked.onward)

    @precondition(lambda self: self.numbers)
    @rule(which=Which, onward=Onward)
    def a_return_goes_on(self, which: int, onward: Steps) -> None:
        self._go_on(which, onward)

    @precondition(lambda self: self.numbers)
    @rule(which=Which, how=st.sampled_from(["give_up", "cancel", "reject", "close", "replace", "end"]))
    def a_return_ends(self, which: int, how: str) -> None:
        request = self._return(which)
        if request is None:
            return
        name = request.number
        ends = {
            "give_up": partial(give_up_exchange, return_number=name, reason="Sold out"),
            "cancel": partial(cancel_return, number=request.order.number, return_number=name),
            "reject": partial(reject_return, return_number=name, reason="Not ours"),
            "close": partial(close_return, return_number=name, answer="As it is"),
            "replace": partial(self._replace, name),
            "end": partial(end_inspection, return_number=name),
        }
        self._try(ends[how])

    @precondition(lambda self: self.numbers)
    @rule(which=Which)
    def what_left_an_exchange_goes_back(self, which: int) -> None:
        bring_exchange_back(child_number=self._order(which).number)

    def _go_on(self, which: int, onward: Steps) -> None:
        """Agreed to, received, looked at, settled: so many steps of one return that is not over."""
        for _ in range(onward.count):
            request = self._return(which)
            if request is not None:
                self._try(partial(self._next_step, request, onward))
        self._know_exchanges()

    def _next_step(self, request: ReturnRequest, onward: Steps) -> None:
        if request.state == ReturnState.REQUESTED:
            approve_return(return_number=request.number, address=ADDRESS)
        elif request.state == ReturnState.INSPECTED:
            self._settle(request, onward.to)
        elif request.state == ReturnState.RECEIVED and all(self._unseen(row) < 1 for row in request.lines.all()):
            end_inspection(return_number=request.number)
        elif request.state == ReturnState.RECEIVED:
            self._look(request, onward)
        else:
            counts = {row.pk: row.to_come for row in request.lines.all()}
            receive_units(return_number=request.number, counts=counts)

    def _look(self, request: ReturnRequest, onward: Steps) -> None:
        """At all that has arrived; only the first unit is worn."""
        for row in request.lines.all():
            first = row.units.count() + 1
            for nth in range(first, first + self._unseen(row)):
                worn = onward.kept if nth == 1 else 0
                seen = Verdict(
                    nth=nth,
                    condition="worn" if worn else "as_new",
                    fate=onward.fate,
                    warehouse_code=Warehouse.objects.earliest("pk").code,
                    note="Looked at",
                    kept_minor=worn,
                )
                with put_away([self.shop.photo] if worn else []) as photos:
                    inspect_unit(return_number=request.number, line_id=row.pk, verdict=seen, photos=photos)

    @staticmethod
    def _unseen(row: ReturnLine) -> int:
        return row.received_qty - row.units.count()

    def _settle(self, request: ReturnRequest, to: RefundTo) -> None:
        """As it is proposed and shown: against what is wanted instead, or as money."""
        order = request.order
        settlement = Settlement(lines=proposed_wishes(proposals(request)), shipping=False, reason="Back", to=to)
        try:
            reckoned = reckon(request, exchange_of(request), settlement)
        except NoExchange:
            shown = preview_refund(order, wishes=settlement.lines, shipping=False).total
            settle_return(return_number=request.number, settlement=settlement, shown=shown)
            return
        amounts = [from_minor(minor, order.currency) for minor in (reckoned.worth, reckoned.total)]
        seen = Shown(worth=amounts[0], total=amounts[1])
        settle_exchange(return_number=request.number, settlement=settlement, shown=seen)

    def _replace(self, name: str) -> None:
        self._know(replace_return(return_number=name, answer="Sent again").number)

    def _return(self, which: int) -> ReturnRequest | None:
        """A return of any of the orders that is not over."""
        going = ReturnRequest.objects.filter(order__number__in=self.numbers).exclude(state__in=OVER)
        found = list(going.select_related("order").order_by("-pk"))
        return found[which % len(found)] if found else None

    def _know_exchanges(self) -> None:
        """Orders that exchanges have made of these."""
        rows = Exchange.objects.filter(return_request__order__number__in=self.numbers, child__isnull=False)
        self._know(*rows.order_by("pk").values_list("child__number", flat=True))
