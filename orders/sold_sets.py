"""What sold sets hold: written once from the quote, and turned into wishes for stock whenever stock is asked."""

from collections.abc import Iterable, Mapping, Sequence

from cart.types import PartAmounts, Quote, QuoteLine
from catalog.types import SetPart
from core.money import allocate_money, zero
from inventory.types import Demand, Piece
from orders.models import OrderLine, OrderLinePart


def write_parts(
    quote: Quote, lines: Mapping[str, OrderLine], exceptions: Mapping[int, str]
) -> dict[tuple[str, int], OrderLinePart]:
    """One row per component of every set of the quote, by the line's key and the component's position.

    `exceptions` name the variants that cannot be sent back for a change of mind.

    Their shares sum to their line, in net, tax and duty: as each was taxed, or by weight where all are taxed alike.
    """
    rows = {
        (line.key, position): _part(lines[line.key], position, part, share)
        for line in quote.lines
        if line.parts
        for position, (part, share) in enumerate(zip(line.parts, _shares(line), strict=True), start=1)
    }
    for row in rows.values():
        row.return_exception = exceptions.get(row.variant_id or 0, "")
    OrderLinePart.objects.bulk_create(rows.values())
    return rows


def _shares(line: QuoteLine) -> Sequence[PartAmounts]:
    if line.part_amounts:
        return line.part_amounts
    weights = [part.price_weight for part in line.parts]
    shares = (allocate_money(amount, weights) for amount in (line.net, line.tax, line.duty))
    return [
        PartAmounts(net=net, tax=tax, duty=duty, tax_rate=line.tax_rate) for net, tax, duty in zip(*shares, strict=True)
    ]


def _part(row: OrderLine, position: int, part: SetPart, share: PartAmounts) -> OrderLinePart:
    nothing = zero(row.currency)
    return OrderLinePart(
        order_line=row,
        position=position,
        ref=f"{row.ref}.{position}",
        variant_id=part.variant_id,
        sku=part.sku,
        name=part.name,
        options_text=part.options_text,
        hs_code=part.hs_code,
        origin=part.origin,
        weight_g=part.weight_g,
        tax_category=part.tax_category,
        requires_shipping=part.requires_shipping,
        per_set=part.quantity,
        quantity=part.quantity * row.quantity,
        price_weight=part.price_weight,
        currency=row.currency,
        share_net=share.net,
        share_tax=share.tax,
        share_duty=share.duty,
        tax_rate=share.tax_rate,
        net_refunded=nothing,
        tax_refunded=nothing,
    )


def wishes_of(lines: Iterable[OrderLine]) -> tuple[Demand, ...]:
    """What the lines of an order want from the shelves. Part n of line "2" is "2.n" there."""
    return tuple(
        Demand(
            line_ref=str(line.position), variant_id=line.variant_id or 0, quantity=line.quantity, pieces=_pieces(line)
        )
        for line in lines
        if line.requires_shipping and line.variant_id is not None
    )


def _pieces(line: OrderLine) -> tuple[Piece, ...]:
    return tuple(
        Piece(line_ref=f"{line.position}.{part.position}", variant_id=part.variant_id or 0, per_set=part.per_set)
        for part in line.parts.all()
        if part.requires_shipping
    )


def whole_sets(counts: Iterable[tuple[OrderLinePart, int]]) -> int:
    """How many whole sets so many pieces of each part make."""
    return min(count // part.per_set for part, count in counts)


def pieces_on_shelves(line: OrderLine, units: int) -> dict[str, int]:
    """By stock's own reference, what so many units of a line are on the shelves: a set is its components."""
    parts = [part for part in line.parts.all() if part.requires_shipping]
    return {part.ref: units * part.per_set for part in parts} if parts else {line.ref: units}
