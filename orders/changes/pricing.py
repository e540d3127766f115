"""What an order would be after a change: built in memory, priced by the quote engine. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.translation import gettext as _

from cart.quote import build_quote, goods_value
from cart.snapshot import Snapshot, SnapshotLine
from cart.types import Quote, QuoteLine, QuoteTaxLine
from core.money import allocate, from_minor, to_minor, zero
from inventory.models import Warehouse
from inventory.sourcing.types import Route
from inventory.types import DeliveryOption, Demand, Piece
from markets.current import in_market
from markets.queries import market_of_record
from orders.changes.errors import ChangeRefused, NothingChanges
from orders.changes.law import rules_after
from orders.changes.parcels import kept_places, planned_places, quote_parcels
from orders.changes.problems import refuse_problems
from orders.changes.snapshots import (
    Spot,
    agreed_market,
    as_entered,
    at_destination,
    deliveries,
    kept_line,
    new_line,
    offers_of,
    snapshot_of,
    spot_of,
)
from orders.changes.standing import Standing, standing_of
from orders.changes.totals import totals_after
from orders.changes.types import DeliveryAfter, LineAfter, Plan, Projection, TaxAfter
from orders.models import Order, OrderLine, OrderTaxLine
from orders.routes import route_of_change


@dataclass(frozen=True, kw_only=True)
class _Work:
    """A plan against the order it is for."""

    order: Order
    plan: Plan
    standing: Standing
    spot: Spot
    kept: Mapping[int, int]
    """How many of each line that is priced anew."""

    @property
    def is_whole(self) -> bool:
        return self.standing.is_whole

    def lines(self) -> list[OrderLine]:
        return [one.line for one in self.standing.lines if one.line.pk in self.kept]


def project(order: Order, plan: Plan, *, standing: Standing | None = None) -> Projection:
    """The order after the plan. Kept lines have their agreed prices, new ones those of today; tax, duty and, while
    nothing has left, the delivery are asked anew.

    Raises `ChangeRefused`, `NothingChanges`, `OutOfStock`.
    """
    work = _work(order, plan, standing or standing_of(order))
    market = market_of_record(order.market, language=order.language)
    with translation.override(order.language), in_market(market):
        snapshot, houses, demands = _snapshot(work)
        quote = build_quote(snapshot)
    refuse_problems(quote)
    rules = rules_after(order, plan, quote)
    return replace(_projection(work, quote, demands, houses), rules=rules)


def _work(order: Order, plan: Plan, standing: Standing) -> _Work:
    if standing.refusal:
        raise ChangeRefused(standing.refusal)
    if to_minor(order.discount_total):
        raise ChangeRefused(_("This order has a discount that was agreed as a whole. Cancel lines instead."))
    known = {one.line.pk: one for one in standing.lines}
    changed = {
        line: count for line, count in plan.quantities.items() if line in known and count != known[line].line.quantity
    }
    for line in changed:
        if not known[line].may_change:
            raise ChangeRefused(f"{known[line].line.name}: {known[line].why}")
    moves = plan.address is not None or (plan.delivery_code and plan.delivery_code != order.delivery_code)
    if moves and not standing.is_whole:
        raise ChangeRefused(standing.whole_refusal)
    if not changed and not plan.added and not moves:
        raise NothingChanges
    kept = {one.line.pk: changed.get(one.line.pk, one.line.quantity) for one in standing.lines if not one.is_settled}
    if not plan.added and not any(kept.values()) and not any(one.is_settled for one in standing.lines):
        raise ChangeRefused(_("Nothing would be left of the order. Cancel it instead."))
    return _Work(order=order, plan=plan, standing=standing, spot=spot_of(order, plan.address), kept=kept)


def _snapshot(work: _Work) -> tuple[Snapshot, tuple[Warehouse, ...], list[Demand]]:
    order, plan, spot = work.order, work.plan, work.spot
    market = agreed_market(order, spot)
    wanted = {one.variant_id: one.quantity for one in plan.added}
    offers = offers_of(order, {**{line.variant_id: 1 for line in work.lines() if line.variant_id}, **wanted}, market)
    kept = [
        kept_line(line, work.kept[line.pk], offers, spot, order.placed_at)
        for line in work.lines()
        if work.kept[line.pk]
    ]
    fresh = [
        new_line(-number, one.variant_id, one.quantity, offers, spot, order.placed_at)
        for number, one in enumerate(plan.added, start=1)
    ]
    demands = _demands(work, fresh)
    weights = {row.key: row.weight_g for row in (*kept, *fresh)}
    route = _route(work) if demands else None
    placed = [kept_places(order, work.kept), planned_places(demands, market_code=order.market, route=route)]
    parcels, houses = quote_parcels(placed, weights)
    bare = snapshot_of(order, market, spot, [*kept, *fresh], parcels)
    rows = (*kept, *at_destination(bare, order, fresh))
    return _with_delivery(work, replace(bare, lines=rows), houses), houses, demands


def _route(work: _Work) -> Route | None:
    """The way the hold of the change will take: see `orders.actions.changing_stock.hold_for`."""
    new = work.plan.address
    address = {"country": new.country, "parts": dict(new.parts)} if new is not None else None
    return route_of_change(work.order, address=address, delivery_code=work.plan.delivery_code)


def _demands(work: _Work, fresh: Sequence[SnapshotLine]) -> list[Demand]:
    """What has to come from the shelves besides what the order has already, by the quote's line keys."""
    more = [
        Demand(
            line_ref=str(line.pk),
            variant_id=line.variant_id,
            quantity=work.kept[line.pk] - line.quantity,
            pieces=tuple(
                Piece(line_ref=f"{line.pk}.{part.position}", variant_id=part.variant_id or 0, per_set=part.per_set)
                for part in line.parts.all()
                if part.requires_shipping
            ),
        )
        for line in work.lines()
        if line.requires_shipping and line.variant_id is not None and work.kept[line.pk] > line.quantity
    ]
    new = [
        Demand(
            line_ref=row.key,
            variant_id=row.variant_id,
            quantity=row.quantity,
            pieces=tuple(
                Piece(line_ref=f"{row.key}.{number}", variant_id=part.variant_id, per_set=part.quantity)
                for number, part in enumerate(row.parts, start=1)
                if part.requires_shipping
            ),
        )
        for row in fresh
    ]
    return [*more, *new]


def _with_delivery(work: _Work, snapshot: Snapshot, houses: Sequence[Warehouse]) -> Snapshot:
    """The delivery of the order, or the one that is wanted. What has partly left keeps its delivery as it is."""
    order = work.order
    if not any(row.requires_shipping for row in snapshot.lines):
        return snapshot
    goods = from_minor(goods_value(snapshot), order.currency)
    found = deliveries(order, work.spot, weight_g=snapshot.weight_g, goods=goods, houses=houses)
    code = work.plan.delivery_code or order.delivery_code
    option = next((one for one in found if one.code == code), None)
    if not work.is_whole:
        return replace(snapshot, delivery_code=code, delivery_options=(_free(order, option),))
    if option is None:
        raise ChangeRefused(
            _("This delivery does not take the changed order to its address. Choose another one.")
            if found
            else _("No delivery takes the changed order to its address.")
        )
    same = code == order.delivery_code and work.spot.country == order.country
    if same and work.plan.keeps_delivery_price:
        price = order.shipping_total
    else:
        category = max(snapshot.lines, key=lambda row: to_minor(row.unit or zero(order.currency))).tax_category
        price = as_entered(snapshot, order, option.price, category)
    agreed = replace(option, price=price, is_free=not to_minor(price))
    rest = tuple(one for one in found if one.code != code)
    return replace(snapshot, delivery_code=code, delivery_options=(agreed, *rest))


def _free(order: Order, option: DeliveryOption | None) -> DeliveryOption:
    """The delivery was paid with the order: what joins a parcel of it costs nothing more."""
    nothing = zero(order.currency)
    if option is not None:
        return replace(option, price=nothing, is_free=True)
    day = order.arrives_to or order.placed_at.date()
    return DeliveryOption(
        code=order.delivery_code,
        name=order.delivery_name,
        carrier=order.delivery_carrier,
        price=nothing,
        earliest=order.arrives_from or day,
        latest=day,
        is_free=True,
        free_from=None,
    )


def _projection(work: _Work, quote: Quote, demands: Sequence[Demand], houses: Sequence[Warehouse]) -> Projection:
    order = work.order
    lines = tuple(_line_after(work, line, quote) for line in quote.lines)
    positions = {str(after.line_id or 0): after.position for after in lines if after.line_id}
    fresh = [after for after in lines if after.line_id is None]
    positions |= {str(-number): after.position for number, after in enumerate(fresh, start=1)}
    owners = ("line", "shipping", "fee", "duty") if work.is_whole else ("line", "duty")
    taxes = tuple(_tax_after(tax, positions) for tax in quote.tax_lines if tax.owner in owners)
    removed = tuple(line for line, count in work.kept.items() if not count)
    standing = [one.line for one in work.standing.lines if one.is_settled]
    stored = [] if work.is_whole else _stored_taxes(order, {line.pk for line in standing})
    return Projection(
        currency=order.currency,
        lines=lines,
        removed=removed,
        taxes=taxes,
        totals=totals_after(order, lines, standing, taxes, stored, quote if work.is_whole else None),
        delivery=_delivery_after(quote) if work.is_whole and quote.delivery is not None else None,
        requotes_delivery=work.is_whole,
        landed=quote.border.as_json(positions) if work.is_whole else dict(order.landed),
        price_mode=quote.display if work.is_whole else order.price_mode,
        total_before=to_minor(order.total),
    )


def _stored_taxes(order: Order, settled: set[int]) -> list[OrderTaxLine]:
    """What stands: the delivery's, and those of lines that are settled."""
    return [row for row in order.tax_lines.all() if row.line_id is None or row.line_id in settled]


def _line_after(work: _Work, line: QuoteLine, quote: Quote) -> LineAfter:
    row = next((one for one in work.lines() if one.pk == line.line_id), None)
    top = first_free(work.order)
    amounts = {
        "unit_list": to_minor(line.unit_list),
        "unit_final": to_minor(line.unit_final),
        "line_list": to_minor(line.line_list),
        "line_discount": to_minor(line.discount),
        "line_total": to_minor(line.line_total),
        "line_net": to_minor(line.net),
        "line_tax": to_minor(line.tax),
        "line_duty": to_minor(line.duty),
    }
    return LineAfter(
        line_id=row.pk if row is not None else None,
        position=row.position if row is not None else top - 1 - line.line_id,
        variant_id=line.variant_id or None,
        name=line.name,
        options_text=line.options_text,
        sku=line.sku,
        before=row.quantity if row is not None else 0,
        quantity=line.quantity,
        amounts=amounts,
        tax_rate=str(line.tax_rate),
        facts={} if row is not None else _facts(line),
        parts=_parts_after(line, fresh=row is None),
    )


def first_free(order: Order) -> int:
    """The first position no line of the order ever had: stock knows lines by it for good."""
    known = [row.position for row in order.lines.all()]
    known += [change.after.get("top", 0) for change in order.changes.all()]
    return max(known, default=0) + 1


def _facts(line: QuoteLine) -> dict[str, object]:
    picture = line.picture
    return {
        "product_id_sold": line.product_id,
        "picture": {"url": picture.url, "width": picture.width, "height": picture.height, "alt": picture.alt}
        if picture
        else {},
        "product_url": line.url,
        "hs_code": line.hs_code,
        "origin": line.origin,
        "weight_g": line.weight_g,
        "tax_category": line.tax_category,
        "requires_shipping": line.requires_shipping,
        "price_source": dict(line.price_source),
    }


def _parts_after(line: QuoteLine, *, fresh: bool) -> tuple[Mapping[str, object], ...]:
    """For each component of a set what it bears of the line, and for a new one its snapshot."""
    if not line.parts:
        return ()
    weights = [part.price_weight for part in line.parts]
    own = line.part_amounts
    nets, taxes, duties = (
        ([to_minor(getattr(one, name)) for one in own] if own else allocate(to_minor(amount), weights))
        for name, amount in (("net", line.net), ("tax", line.tax), ("duty", line.duty))
    )
    found: list[Mapping[str, object]] = []
    for index, part in enumerate(line.parts):
        row: dict[str, object] = {
            "position": index + 1,
            "per_set": part.quantity,
            "share_net": nets[index],
            "share_tax": taxes[index],
            "share_duty": duties[index],
            "tax_rate": str(own[index].tax_rate if own else line.tax_rate),
        }
        if fresh:
            row["facts"] = {
                "variant_id": part.variant_id,
                "sku": part.sku,
                "name": part.name,
                "options_text": part.options_text,
                "hs_code": part.hs_code,
                "origin": part.origin,
                "weight_g": part.weight_g,
                "tax_category": part.tax_category,
                "requires_shipping": part.requires_shipping,
                "price_weight": part.price_weight,
            }
        found.append(row)
    return tuple(found)


def _tax_after(tax: QuoteTaxLine, positions: Mapping[str, int]) -> TaxAfter:
    return TaxAfter(
        owner=tax.owner,
        position=positions.get(tax.key, 0) if tax.owner in ("line", "duty") else 0,
        part=tax.part,
        place=tax.place,
        rate=str(tax.rate),
        base=to_minor(tax.base),
        amount=to_minor(tax.amount),
        included=tax.included,
        reason=tax.reason,
        label=tax.label,
        rule_ref=tax.rule_id,
        scheme=tax.scheme[:60],
    )


def _delivery_after(quote: Quote) -> DeliveryAfter | None:
    option = quote.delivery
    if option is None:
        return None
    arrives_from, arrives_to = quote.arrives
    first, last = arrives_from or option.earliest, arrives_to or option.latest
    return DeliveryAfter(
        code=option.code,
        name=option.name,
        carrier=option.carrier,
        explanation=option.name,
        first=first.isoformat(),
        last=last.isoformat(),
        cheapest=min((to_minor(one.price) for one in quote.delivery_options), default=None),
    )
