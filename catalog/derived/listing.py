"""The listing index: places of products, and the bits that say what is true of them.

Bits are written under one lock, taken last and held for a moment, so that readers can follow change by change.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from psycopg2.extras import execute_values

from catalog.derived.listing_facts import SALES, Facts, buyable, digits_of_sold, marked, read_facts
from catalog.listing.index import SOLD, Kind, Row, pack, unpack
from catalog.models import ListingBits, ListingSlot, ListingState
from catalog.models.listing import BLOCK_BITS
from catalog.sql import execute, fetch

Pieces = dict[tuple[Row, int], int]
"""Bits by row and block."""
BLOCK = (1 << BLOCK_BITS) - 1

STORED = """
SELECT market_id, kind, subject, value, block, bits FROM catalog_listingbits
WHERE block = ANY(%(blocks)s) AND (%(kind)s = '' OR kind = %(kind)s)
  AND (%(subject)s = 0 OR subject = %(subject)s)
"""
WRITE = """
INSERT INTO catalog_listingbits (market_id, kind, subject, value, block, bits, written) VALUES %s
ON CONFLICT (market_id, kind, subject, value, block) DO UPDATE SET bits = EXCLUDED.bits, written = EXCLUDED.written
"""
WRITTEN = "UPDATE catalog_listingstate SET written = %s, next_place = %s"
WAITING_NO_LONGER = "SELECT product_id FROM catalog_listingslot WHERE waits_until <= %s"


@dataclass
class _Places:
    """The range of a product: where its variants begin, and its own place."""

    product_id: int
    first: int
    last: int
    variant_ids: Sequence[int]


def derive_listing(product_ids: Collection[int], at: datetime) -> int:
    """The bits of these products are exactly what they should be at this moment. Returns how many pieces changed.

    Runs in the caller's transaction, after their prices and facet rows were derived.
    """
    state = _turn()
    facts = read_facts(product_ids, at)
    touched, wanted = _place(facts, state)
    return _write(_changes(touched, wanted), state)


def derive_stock(variant_ids: Collection[int], at: datetime) -> int:
    """Which markets can sell these variants is what it should be. Returns how many pieces changed."""
    state = _turn()
    wanted: Pieces = defaultdict(int)
    touched: dict[int, int] = defaultdict(int)
    place_of = dict(_places_of(variant_ids))
    for place in place_of.values():
        touched[place // BLOCK_BITS] |= 1 << place % BLOCK_BITS
    for variant, market in buyable(place_of, at):
        place = place_of[variant]
        wanted[Row(market, Kind.STOCK), place // BLOCK_BITS] |= 1 << place % BLOCK_BITS
    return _write(_changes(touched, wanted, Kind.STOCK), state)


def derive_sold(product_ids: Collection[int]) -> int:
    """The sorting keys of what sold are what they should be. Returns how many pieces changed."""
    state = _turn()
    wanted: Pieces = defaultdict(int)
    touched: dict[int, int] = defaultdict(int)
    slots = ListingSlot.objects.filter(product__in=list(product_ids))
    place_of = dict(slots.values_list("product_id", "last"))
    for place in place_of.values():
        touched[place // BLOCK_BITS] |= 1 << place % BLOCK_BITS
    for product, market, sold in fetch(SALES, {"products": list(place_of)}):
        place = place_of[product]
        for row, bits in digits_of_sold(market, sold, 1 << place % BLOCK_BITS):
            wanted[row, place // BLOCK_BITS] |= bits
    return _write(_changes(touched, wanted, Kind.ORDER, SOLD), state)


def wrong_pieces(product_ids: Collection[int], at: datetime) -> Iterator[str]:
    """A sentence per piece that differs from what these products say. Reads only."""
    facts = read_facts(product_ids, at)
    known = {slot.product_id: slot for slot in _slots(facts)}
    for fact in facts:
        if list(getattr(known.get(fact.id), "variant_ids", ())) != fact.variant_ids:
            yield f"product {fact.id} has no places, or those of other variants"
            return
    touched, wanted = _marks([(fact, known[fact.id]) for fact in facts])
    for (row, block), bits in _changes(touched, wanted).items():
        yield f"{row} in block {block} should have {bits.bit_count()} places"


def products_waiting_no_longer(at: datetime) -> list[int]:
    """Products that could be bought ahead until now."""
    return [row[0] for row in fetch(WAITING_NO_LONGER, [at])]


@transaction.atomic
def begin_listing_anew() -> None:
    """Forget all places; the products have to be derived again."""
    for model in (ListingBits, ListingSlot, ListingState):
        model.objects.all().delete()


def _turn() -> ListingState:
    """The state, locked until the end of the transaction."""
    ListingState.objects.get_or_create(pk=1)
    return ListingState.objects.select_for_update().get(pk=1)


def _slots(facts: Iterable[Facts]) -> list[_Places]:
    rows = ListingSlot.objects.filter(product__in=[fact.id for fact in facts])
    return [_Places(*row) for row in rows.values_list("product_id", "first", "last", "variant_ids")]


def _place(facts: list[Facts], state: ListingState) -> tuple[dict[int, int], Pieces]:
    """Give every product its places; returns all places concerned, old and new, and the bits they should have."""
    before = {slot.product_id: slot for slot in _slots(facts)}
    moved, rows = [], []
    pairs: list[tuple[Facts, _Places]] = []
    for fact in facts:
        slot = before.get(fact.id)
        if slot is None or slot.last - slot.first < len(fact.variant_ids):
            moved += [slot] if slot else []
            slot = _new_places(fact, state)
        pairs.append((fact, slot))
        rows.append(
            ListingSlot(
                product_id=fact.id,
                first=slot.first,
                last=slot.last,
                variant_ids=fact.variant_ids,
                waits_until=fact.waits_until,
            )
        )
    ListingSlot.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["first", "last", "variant_ids", "waits_until"],
    )
    touched, wanted = _marks(pairs)
    for slot in moved:
        for block, bits in _in_blocks((2 << slot.last - slot.first) - 1, slot.first):
            touched[block] = touched.get(block, 0) | bits
    return touched, wanted


def _new_places(fact: Facts, state: ListingState) -> _Places:
    """The next free range, inside one block when it fits into one."""
    size = len(fact.variant_ids) + 1
    room = BLOCK_BITS - state.next_place % BLOCK_BITS
    first = state.next_place + (room if room < size <= BLOCK_BITS else 0)
    state.next_place = first + size
    return _Places(fact.id, first, first + size - 1, fact.variant_ids)


def _marks(pairs: Iterable[tuple[Facts, _Places]]) -> tuple[dict[int, int], Pieces]:
    touched: dict[int, int] = defaultdict(int)
    wanted: Pieces = defaultdict(int)
    for fact, slot in pairs:
        for block, bits in _in_blocks((2 << slot.last - slot.first) - 1, slot.first):
            touched[block] |= bits
        for row, bits in marked(fact):
            spread = _with_own_place_last(bits, len(fact.variant_ids), slot)
            for block, piece in _in_blocks(spread, slot.first):
                wanted[row, block] |= piece
    return touched, wanted


def _with_own_place_last(bits: int, variants: int, slot: _Places) -> int:
    """A range may have room for more variants than there are: the product's own bit goes to its end."""
    own = bits >> variants & 1
    return bits & (1 << variants) - 1 | own << slot.last - slot.first


def _in_blocks(bits: int, first: int) -> Iterator[tuple[int, int]]:
    block, bits = first // BLOCK_BITS, bits << first % BLOCK_BITS
    while bits:
        if bits & BLOCK:
            yield block, bits & BLOCK
        block, bits = block + 1, bits >> BLOCK_BITS


def _changes(touched: Mapping[int, int], wanted: Pieces, kind: str = "", subject: int = 0) -> Pieces:
    """The pieces that are not yet as they should be at the touched places."""
    changed: Pieces = {}
    seen = set()
    asked = {"blocks": list(touched), "kind": kind, "subject": subject}
    for market_id, stored_kind, stored_subject, value, block, bits in fetch(STORED, asked):
        key = Row(market_id, stored_kind, stored_subject, value), block
        seen.add(key)
        before = unpack(bits)
        after = before & ~touched[block] | wanted.get(key, 0)
        if after != before:
            changed[key] = after
    changed.update({key: bits for key, bits in wanted.items() if key not in seen})
    return changed


def _write(changes: Pieces, state: ListingState) -> int:
    if changes:
        state.written = fetch("SELECT nextval('catalog_listing_written')", ())[0][0]
        rows = [(*row, block, pack(bits), state.written) for (row, block), bits in sorted(changes.items())]
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, WRITE, rows, page_size=2000)
    execute(WRITTEN, [state.written, state.next_place])
    return len(changes)


def _places_of(variant_ids: Collection[int]) -> list[tuple[int, int]]:
    """Variant and place, of those that have one."""
    slots = ListingSlot.objects.filter(product__variants__in=list(variant_ids)).distinct()
    asked = set(variant_ids)
    return [
        (variant, first + at)
        for first, own in slots.values_list("first", "variant_ids")
        for at, variant in enumerate(own)
        if variant in asked
    ]
