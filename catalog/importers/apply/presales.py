"""Pre-sales a file tells: opened, changed, ended. A day that is past opens nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.actions.presales import PresaleTerms, hold_presales, put_held_presale, release_held_presale
from catalog.errors import PresaleProblem
from catalog.importers.apply.targets import Target
from catalog.importers.apply.words import shown
from catalog.importers.drafts import ImportedPresale, ImportedProduct, ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.importers.outcomes import FieldChange
from catalog.models import Presale, Variant

FACTS = ("release_on", "warehouse_code", "most_in_all", "most_per_order", "most_per_customer")
COLUMNS = dict(
    zip(
        FACTS,
        ("presale_from", "presale_warehouse", "presale_most", "presale_per_order", "presale_per_customer"),
        strict=True,
    )
)


def hold_presales_for(told: Iterable[ImportedProduct]) -> None:
    """Lock what may be changed. Call before anything else of a transaction touches stock."""
    codes = [imported.draft.code for imported in told if any(each.presale for each in imported.variants)]
    if codes:
        hold_presales(product_codes=codes)


def bring_presales(
    target: Target, told: Sequence[tuple[Variant, ImportedVariant]], notes: list[RowProblem]
) -> list[FieldChange]:
    """Open, change or end what the file speaks of. Returns what moved; raises `RowsRefused`."""
    mine = [(variant, each, each.presale) for variant, each in told if each.presale is not None]
    if not mine:
        return []
    rows = Presale.objects.filter(variant__in=[variant.pk for variant, _each, _presale in mine])
    present = {row.variant_id: row for row in rows if row.released_at is None}
    changes: list[FieldChange] = []
    for variant, each, presale in mine:
        changes += _bring(target, variant, each, presale, present.get(variant.pk), notes)
    return changes


def _bring(
    target: Target,
    variant: Variant,
    each: ImportedVariant,
    told: ImportedPresale,
    row: Presale | None,
    notes: list[RowProblem],
) -> list[FieldChange]:
    wanted = _wanted(told, row)
    if wanted is None:
        if row is not None and "release_on" in told.told:
            release_held_presale(variant_id=variant.pk)
            return [FieldChange(field="presale_from", sku=variant.sku, old=shown(row.release_on), new="")]
        return []
    moved = [name for name in FACTS if getattr(wanted, name) != getattr(row, name, None)]
    if not moved:
        return []
    if row is None and wanted.release_on <= timezone.now().date():
        sentence = _("The day of the pre-sale is past. It is sold as usual.")
        notes.append(problem(each.line, "presale_from", wanted.release_on.isoformat(), sentence, is_note=True))
        return []
    try:
        put_held_presale(variant_id=variant.pk, terms=_placed(target, each, wanted))
    except PresaleProblem as refusal:
        raise RowsRefused(problem(each.line, "presale_from", wanted.release_on.isoformat(), str(refusal))) from None
    return [
        FieldChange(
            field=COLUMNS[name], sku=variant.sku, old=shown(getattr(row, name, "")), new=shown(getattr(wanted, name))
        )
        for name in moved
    ]


def _wanted(told: ImportedPresale, row: Presale | None) -> PresaleTerms | None:
    """What is to be: the shop's facts under those of the file. None without a day."""
    facts = {name: getattr(told, name) if name in told.told else getattr(row, name, None) for name in FACTS}
    if facts["release_on"] is None:
        return None
    return PresaleTerms(**facts | {"warehouse_code": facts["warehouse_code"] or ""})


def _placed(target: Target, each: ImportedVariant, wanted: PresaleTerms) -> PresaleTerms:
    """With a warehouse of the shop; its only one where the file names none. Raises `RowsRefused`."""
    codes = target.memory("warehouses").get("codes", lambda: frozenset(target.stock.warehouse_codes()))
    if not wanted.warehouse_code and len(codes) == 1:
        return replace(wanted, warehouse_code=next(iter(codes)))
    if wanted.warehouse_code in codes:
        return wanted
    sentence = (
        _("There is no warehouse “%(code)s”.") % {"code": wanted.warehouse_code}
        if wanted.warehouse_code
        else _("Say which warehouse it will come to.")
    )
    raise RowsRefused(problem(each.line, "presale_warehouse", wanted.warehouse_code, sentence))
