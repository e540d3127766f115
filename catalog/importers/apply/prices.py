"""Prices a file tells: put on their lists, taken off them, or left alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.actions.prices import NewPrice, remove_price, set_prices
from catalog.importers.apply.present import PriceKey
from catalog.importers.apply.targets import Target
from catalog.importers.apply.vocabulary import ListFacts, price_list
from catalog.importers.drafts import ImportedPrice, ImportedVariant
from catalog.importers.errors import RowsRefused, problem
from catalog.importers.outcomes import FieldChange
from catalog.models import Price, Variant
from core.money import AmountPrecision, Money, to_minor


@dataclass(frozen=True)
class Told:
    """A price on a list; None takes it off. `is_leftover` is taken off only where it is there."""

    facts: ListFacts
    min_qty: int
    amount: Money | None


def told_prices(target: Target, told: ImportedVariant) -> list[Told]:
    """Every price of a variant on its list, the last one told counts. Raises `RowsRefused`."""
    found: dict[tuple[int, int], Told] = {}
    for price in [*_of_the_import(told), *told.prices]:
        facts = price_list(target, code=price.list_code, market=price.market, kind=price.kind)
        if facts is None:
            if price.amount is None:
                continue
            sentence = _("There is no price list “%(code)s”.") % {"code": price.list_code or price.market}
            raise RowsRefused(problem(told.line, price.column or "price", str(price.amount), sentence))
        _refuse_unsound(told, price, facts)
        found[facts.pk, price.min_qty] = Told(facts, price.min_qty, price.amount)
    return list(found.values())


def new_rows(variant: Variant, prices: Sequence[Told]) -> list[Price]:
    """For a variant that is new."""
    return [
        Price(price_list_id=each.facts.pk, variant=variant, min_qty=each.min_qty, amount=each.amount)
        for each in prices
        if each.amount is not None
    ]


def bring_prices(told: Sequence[tuple[Variant, Sequence[Told]]], now: Mapping[PriceKey, object]) -> list[FieldChange]:
    """Put prices on lists and take them off, one action per list. Returns what moved."""
    changes = []
    put: dict[int, list[NewPrice]] = {}
    for variant, prices in told:
        for each in prices:
            before = now.get((variant.pk, each.facts.pk, each.min_qty))
            after = each.amount.amount if each.amount is not None else None
            if before == after:
                continue
            if each.amount is None:
                remove_price(price_list_id=each.facts.pk, variant_id=variant.pk, min_qty=each.min_qty)
            else:
                new = NewPrice(variant_id=variant.pk, amount=each.amount, min_qty=each.min_qty)
                put.setdefault(each.facts.pk, []).append(new)
            changes.append(_change(variant, each, before))
    for list_id in sorted(put):
        set_prices(price_list_id=list_id, prices=put[list_id])
    return changes


def _of_the_import(told: ImportedVariant) -> list[ImportedPrice]:
    """The price and the one before it, on the lists of the import. A reduction that is over is taken off."""
    if told.price is None:
        return []
    if told.compare_at is not None and told.compare_at > told.price:
        return [ImportedPrice(amount=told.compare_at), ImportedPrice(amount=told.price, kind="sale")]
    return [ImportedPrice(amount=told.price), ImportedPrice(amount=None, kind="sale")]


def _refuse_unsound(told: ImportedVariant, price: ImportedPrice, facts: ListFacts) -> None:
    if price.amount is None:
        return
    column = price.column or "price"
    if price.amount.currency.code != facts.currency:
        sentence = _("The list “%(code)s” is in %(currency)s.") % {"code": facts.code, "currency": facts.currency}
        raise RowsRefused(problem(told.line, column, str(price.amount), sentence))
    try:
        minor = to_minor(price.amount)
    except AmountPrecision:
        minor = -1
    if minor < 0 or price.min_qty < 1:
        raise RowsRefused(
            problem(told.line, column, str(price.amount.amount), _("This is not an amount the price list can hold."))
        )


def _change(variant: Variant, each: Told, before: object) -> FieldChange:
    key = each.facts.code if each.min_qty == 1 else f"{each.facts.code}@{each.min_qty}"
    old = "" if before is None else f"{before:.4f}".rstrip("0").rstrip(".")
    new = "" if each.amount is None else f"{each.amount.amount:f}"
    return FieldChange(field="price", key=key, sku=variant.sku, old=old, new=new)
