"""Proposals that become orders and transfers, or are dismissed: by one click, all or none."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core import audit
from inventory.buying import transfers
from inventory.buying.actions.purchases import Wanted, add_to_draft, new_draft, open_drafts
from inventory.buying.errors import NoSupplier, ProposalDecided, ReasonWanted
from inventory.models import ReplenishmentProposal

Kind, State = ReplenishmentProposal.Kind, ReplenishmentProposal.State
Group = tuple[int, str]


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """What came of proposals: the numbers of purchase orders (drafts) and of transfers."""

    purchases: tuple[str, ...]
    transfers: tuple[str, ...]


def order_proposals(*, quantities: Mapping[int, int]) -> Ordered:
    """Turn proposals (by id, with the pieces to have) into lines of drafts, one per supplier and warehouse, and into
    transfers, one per pair of warehouses. A draft that is open takes the lines up.

    Raises `ProposalDecided` when one of them is no longer open, `NoSupplier`, `NotSold`; then nothing was ordered.
    """
    with transaction.atomic():
        rows = _open(quantities)
        buys: defaultdict[Group, list[ReplenishmentProposal]] = defaultdict(list)
        moves: defaultdict[tuple[str, str], list[ReplenishmentProposal]] = defaultdict(list)
        for row in rows:
            if row.kind == Kind.TRANSFER and row.source is not None:
                moves[row.source.code, row.warehouse.code].append(row)
            elif row.supplier_id is None:
                raise NoSupplier(sku=row.variant.sku)
            else:
                buys[row.supplier_id, row.warehouse.code].append(row)
        bought = _buy(buys, quantities)
        moved = [_move(pair, found, quantities) for pair, found in sorted(moves.items())]
        audit.record_all([_deed(row, quantities[row.pk]) for row in rows])
        return Ordered(purchases=bought, transfers=tuple(moved))


def _open(ids: Collection[int]) -> list[ReplenishmentProposal]:
    rows = list(
        ReplenishmentProposal.objects.lock()
        .filter(pk__in=list(ids))
        .select_related("variant", "warehouse", "source", "supplier")
    )
    if len(rows) != len(set(ids)) or any(row.state != State.OPEN for row in rows):
        raise ProposalDecided
    return rows


def _buy(buys: Mapping[Group, list[ReplenishmentProposal]], quantities: Mapping[int, int]) -> tuple[str, ...]:
    """Open drafts are locked and written before any new one takes its number: numbers are locked last, then the log."""
    drafts = open_drafts({supplier_id for supplier_id, _code in buys})
    pieces = {group: {row.variant_id: quantities[row.pk] for row in rows} for group, rows in buys.items()}
    numbers = {}
    for group in sorted(buys.keys() & drafts.keys()):
        add_to_draft(drafts[group], pieces[group])
        numbers[group] = drafts[group].number
    for supplier_id, code in sorted(buys.keys() - drafts.keys()):
        wanted = [Wanted(variant_id=pk, pieces=count) for pk, count in sorted(pieces[supplier_id, code].items())]
        made = new_draft(supplier_id=supplier_id, warehouse_code=code, wanted=wanted)
        numbers[supplier_id, code] = made.number
    for group, rows in buys.items():
        _decided(rows, numbers[group])
    return tuple(sorted(numbers.values()))


def _move(pair: tuple[str, str], rows: list[ReplenishmentProposal], quantities: Mapping[int, int]) -> str:
    number = transfers.draft(
        from_code=pair[0],
        to_code=pair[1],
        pieces={row.variant_id: quantities[row.pk] for row in rows},
        op_key=f"proposals:{min(row.pk for row in rows)}",
    )
    _decided(rows, number)
    return number


def _decided(rows: list[ReplenishmentProposal], number: str) -> None:
    who = audit.current_actor().label[:200]
    for row in rows:
        row.ordered_as, row.decided_by = number, who
        row.save(update_fields=["ordered_as", "decided_by", "updated"])
        row.become(state=State.ORDERED)


def _deed(row: ReplenishmentProposal, ordered: int) -> audit.Deed:
    data = {"as": row.ordered_as, "proposed": row.quantity, "ordered": ordered}
    return audit.Deed(action="buying.order_proposal", target=row, data=data)


def dismiss_proposals(*, ids: Collection[int], reason: str, snoozed_until: date | None = None) -> int:
    """Do not follow these; until the day none of them is made again. Raises `ProposalDecided`, `ReasonWanted`."""
    if not reason.strip():
        raise ReasonWanted
    with transaction.atomic():
        rows = _open(ids)
        who = audit.current_actor().label[:200]
        for row in rows:
            row.decided_by, row.decided_because, row.snoozed_until = who, reason.strip()[:300], snoozed_until
            row.save(update_fields=["decided_by", "decided_because", "snoozed_until", "updated"])
            row.become(state=State.DISMISSED)
        audit.record_all([audit.Deed(action="buying.dismiss_proposal", target=row, reason=reason) for row in rows])
        return len(rows)
