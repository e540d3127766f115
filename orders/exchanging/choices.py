"""What a customer can choose instead: what is there, and what it costs more or less than before. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.models import Variant
from core.money import from_minor, to_minor
from markets.formatting import format_money
from markets.queries import market_of_record
from orders.changes.errors import ChangeRefused
from orders.changes.snapshots import agreed_market, offers_of, spot_of
from orders.exchanging.rules import agreed_unit
from orders.models import Order, OrderLine


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """So many units of a line, and the variants they can be exchanged for."""

    line: OrderLine
    quantity: int
    variants: Sequence[Variant]


def differences(order: Order, chosen: Sequence[Chosen], *, policy: str) -> dict[tuple[int, int], int]:
    """By line and variant what all its units cost more (or, below zero, less), in minor units.

    Variants that cannot be had in that number are left out; the same one again is sent free of charge. Empty where
    the order's prices were made for its destination: then only the agreement knows them.
    """
    wanted = {one.pk: 1 for row in chosen for one in row.variants}
    if not wanted:
        return {}
    try:
        market = agreed_market(order, spot_of(order, None))
    except ChangeRefused:
        return {}
    own = market_of_record(order.market, language=order.language)
    if own.price_entry != market.price_entry or own.tax_mode == "net_constant":
        return {}
    offers = offers_of(order, wanted, market).by_variant
    found: dict[tuple[int, int], int] = {}
    for row in chosen:
        paid = to_minor(row.line.unit_final)
        for variant in row.variants:
            offer = offers.get(variant.pk)
            if variant.pk == row.line.variant_id:
                found[row.line.pk, variant.pk] = 0
            elif offer is not None and offer.can_be_sold and offer.amount and offer.available >= row.quantity:
                unit = agreed_unit(policy, today=to_minor(offer.amount), paid=paid)
                found[row.line.pk, variant.pk] = (unit - paid) * row.quantity
    return found


def with_difference(order: Order, name: str, minor: int) -> str:
    """A variant's name with what it costs more or less."""
    if not minor:
        return name
    market = market_of_record(order.market, language=order.language)
    facts: Mapping[str, str] = {"name": name, "amount": format_money(from_minor(abs(minor), order.currency), market)}
    if minor > 0:
        return _("%(name)s (you pay %(amount)s more)") % facts
    return _("%(name)s (you get %(amount)s back)") % facts
