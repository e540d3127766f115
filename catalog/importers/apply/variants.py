"""Variants: matched by SKU or by their options, made, changed or left alone."""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields, replace
from hashlib import sha256

from django.utils.translation import gettext as _

from catalog.actions.variants import add_variant, update_variant
from catalog.actions.whole import NewVariant
from catalog.drafts import VariantDraft
from catalog.errors import OptionMismatch, SkuFixed, SkuTaken, VariantExists
from catalog.importers.apply.options import Chosen
from catalog.importers.apply.present import Present
from catalog.importers.apply.words import shown
from catalog.importers.drafts import ImportedProduct, ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.importers.outcomes import FieldChange
from catalog.models import Product, Variant

FACTS = tuple(each.name for each in fields(VariantDraft) if each.name not in ("sku", "values", "status"))
DEFAULTS = {each.name: None if each.default is MISSING else each.default for each in fields(VariantDraft)}
LONGEST_SKU = 80


@dataclass(frozen=True)
class Matched:
    """A variant of the file with what it is in the shop: its signature, and its row if there is one."""

    told: ImportedVariant
    values: dict[str, str]
    value_ids: tuple[int, ...]
    signature: str
    row: Variant | None
    sku: str


def match(imported: ImportedProduct, options: Sequence[Chosen] | None, present: Present | None) -> list[Matched]:
    """Each variant of the file with its row. Raises `RowsRefused` for combinations that are unclear or taken."""
    names = [option.name for option in imported.options or ()]
    if options is None and present is None:
        options = []
    rows = present.variants if present else []
    matched = [_match(imported, each, names, options, rows) for each in imported.variants]
    _refuse_doubles(matched)
    _refuse_foreign_skus(imported, matched)
    return matched


def new_variant(each: Matched) -> NewVariant:
    """For a product that is new."""
    draft = replace(each.told.draft, sku=each.sku, values=each.values, status=_status(each.told, "active"))
    return NewVariant(draft=draft, signature=each.signature, value_ids=each.value_ids)


def bring(product: Product, each: Matched) -> tuple[Variant, list[FieldChange]]:
    """Add or change one variant of a product the shop has. Raises `RowsRefused`."""
    told = each.told
    try:
        if each.row is None:
            draft = replace(told.draft, sku=each.sku, values=each.values, status=_status(told, "active"))
            row = add_variant(product_id=product.pk, draft=draft)
            return row, [FieldChange(field="sku", sku=each.sku, old="", new=each.sku)]
        now = draft_of(each.row, each.values)
        wanted = _wanted(now, each)
        changes = _differences(now, wanted)
        if changes:
            update_variant(variant_id=each.row.pk, draft=wanted)
        return each.row, changes
    except SkuTaken:
        raise RowsRefused(_taken(told, each.sku)) from None
    except SkuFixed:
        raise RowsRefused(
            problem(told.line, "SKU", each.sku, _("The variant was sold under another SKU, which stays."))
        ) from None
    except VariantExists:
        raise RowsRefused(
            problem(told.line, "", each.sku, _("Another variant of the product has the same options."))
        ) from None


def draft_of(row: Variant, values: dict[str, str]) -> VariantDraft:
    """A variant of the shop as a draft that would change nothing."""
    facts = {name: getattr(row, name) for name in FACTS if name != "restricted_flags"}
    return VariantDraft(
        sku=row.sku,
        values=signature_values(row.signature) or values,
        status=row.status,
        restricted_flags=tuple(row.restricted_flags),
        **facts,
    )


def signature_values(signature: str) -> dict[str, str]:
    """Value codes by option codes, as a signature writes them."""
    return dict(part.split("=", 1) for part in signature.split(",") if "=" in part)


def _wanted(now: VariantDraft, each: Matched) -> VariantDraft:
    told, draft = each.told, each.told.draft
    facts = {
        name: getattr(draft, name) for name in FACTS if name in told.told or getattr(draft, name) != DEFAULTS[name]
    }
    return replace(now, sku=each.sku, values=each.values or now.values, status=_status(told, now.status), **facts)


def _differences(now: VariantDraft, wanted: VariantDraft) -> list[FieldChange]:
    return [
        FieldChange(field=each.name, sku=now.sku, old=_shown(now, each.name), new=_shown(wanted, each.name))
        for each in fields(VariantDraft)
        if getattr(now, each.name) != getattr(wanted, each.name)
    ]


def _shown(draft: VariantDraft, name: str) -> str:
    value = getattr(draft, name)
    return shown([f"{key}={each}" for key, each in sorted(value.items())]) if name == "values" else shown(value)


def _status(told: ImportedVariant, otherwise: str) -> str:
    return told.draft.status if "status" in told.told else otherwise


def _match(
    imported: ImportedProduct,
    told: ImportedVariant,
    names: Sequence[str],
    options: Sequence[Chosen] | None,
    rows: Sequence[Variant],
) -> Matched:
    by_sku = next((row for row in rows if told.draft.sku and row.sku == told.draft.sku), None)
    if options is None or (by_sku is not None and not told.values and options):
        return _match_as_it_is(told, by_sku, rows)
    pairs = zip(names, options, strict=True)
    chosen = [option.values[told.values[name]] for name, option in pairs if name in told.values]
    if len(chosen) != len(options):
        raise RowsRefused(problem(told.line, "", told.draft.sku, str(OptionMismatch.message)))
    values = {option.code: value.code for option, value in zip(options, chosen, strict=True)}
    signature = ",".join(sorted(f"{option}={value}" for option, value in values.items()))
    row = by_sku or next((row for row in _live(rows) if row.signature == signature), None)
    sku = told.draft.sku or (row.sku if row else _made_sku(imported.draft.code, signature))
    return Matched(told, values, tuple(value.pk for value in chosen), signature, row, sku)


def _match_as_it_is(told: ImportedVariant, by_sku: Variant | None, rows: Sequence[Variant]) -> Matched:
    """A variant whose options the file does not speak of: it must be there."""
    live = _live(rows)
    row = by_sku or (live[0] if len(live) == 1 and not told.draft.sku else None)
    if row is None:
        sentence = _("There is no such variant, and the file does not say which options it has.")
        raise RowsRefused(problem(told.line, "sku", told.draft.sku, sentence))
    return Matched(told, signature_values(row.signature), (), row.signature, row, told.draft.sku or row.sku)


def _live(rows: Sequence[Variant]) -> list[Variant]:
    """Archived variants are known by their SKU only: their combination may be another's by now."""
    return [row for row in rows if row.status != Variant.Status.ARCHIVED]


def _refuse_doubles(matched: Sequence[Matched]) -> None:
    skus: dict[str, Matched] = {}
    signatures: dict[str, Matched] = {}
    for each in matched:
        twin = skus.setdefault(each.sku, each)
        if twin is not each:
            raise RowsRefused(
                problem(
                    each.told.line, "SKU", each.sku,
                    _("The SKU stands on line %(line)d already.") % {"line": twin.told.line},
                )
            )  # fmt: skip
        twin = signatures.setdefault(each.signature, each)
        if twin is not each:
            raise RowsRefused(
                problem(
                    each.told.line, "", each.sku,
                    _("This combination of options stands on line %(line)d already.") % {"line": twin.told.line},
                )
            )  # fmt: skip


def _refuse_foreign_skus(imported: ImportedProduct, matched: Sequence[Matched]) -> None:
    fresh = {each.sku: each for each in matched if each.row is None or each.row.sku != each.sku}
    mine = [each.row.pk for each in matched if each.row is not None]
    merchant = imported.draft.merchant_code
    others = Variant.objects.filter(merchant_code=merchant, sku__in=fresh).exclude(pk__in=mine)
    taken = list(others.values_list("sku", flat=True)) if fresh else []
    if taken:
        raise RowsRefused(*(_taken(fresh[sku].told, sku) for sku in sorted(taken)))


def _taken(told: ImportedVariant, sku: str) -> RowProblem:
    return problem(told.line, "SKU", sku, _("The SKU belongs to another product or variant."))


def _made_sku(code: str, signature: str) -> str:
    """A SKU made of the handle and the options: the same file makes the same one again."""
    ending = "-".join(part.split("=", 1)[1] for part in signature.split(",") if part)
    wanted = f"{code}-{ending}".strip("-").upper()
    if len(wanted) <= LONGEST_SKU:
        return wanted
    return f"{wanted[:71]}-{sha256(f'{code}:{signature}'.encode()).hexdigest()[:8].upper()}"
