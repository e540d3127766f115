"""Bring one understood product in: made, changed or left alone, whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from catalog.actions.details import set_details
from catalog.actions.products import activate_product, archive_product, deactivate_product, update_product
from catalog.actions.whole import Finished, NewProduct, begin_product
from catalog.errors import OptionMismatch, ProductIncomplete
from catalog.importers.apply import details, offers, prices
from catalog.importers.apply.checks import problems_of, sound
from catalog.importers.apply.components import bring_components, fulfil
from catalog.importers.apply.downloads import bring_downloads
from catalog.importers.apply.media import bring_new_pictures, bring_pictures
from catalog.importers.apply.options import Chosen, option
from catalog.importers.apply.presales import bring_presales
from catalog.importers.apply.present import Present, present_of
from catalog.importers.apply.products import Linked, texts_of, wanted_draft
from catalog.importers.apply.stock import bring_stock, opening_stock
from catalog.importers.apply.targets import Target
from catalog.importers.apply.variants import Matched, bring, match, new_variant
from catalog.importers.apply.vocabulary import open_lists
from catalog.importers.drafts import ImportedProduct, ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.importers.outcomes import Applied, FieldChange, Outcome
from catalog.models import Product, Variant


def apply_product(imported: ImportedProduct, target: Target) -> Applied:
    """One transaction (a savepoint inside another). Raises `RowsRefused`; nothing of the product is changed then."""
    problems = problems_of(imported)
    if problems:
        raise RowsRefused(*problems)
    imported = replace(imported, variants=tuple(sound(each) for each in imported.variants))
    try:
        with transaction.atomic():
            return _apply(imported, target)
    except RowsRefused:
        target.forget_undone()
        raise
    except OptionMismatch:
        target.forget_undone()
        sentence = _("The product exists with other options. Remove its variants first, or use another handle.")
        raise RowsRefused(problem(imported.line, "", imported.draft.code, sentence)) from None
    except (DataError, IntegrityError) as error:
        target.forget_undone()
        reason = str(error).strip().splitlines()[0]
        sentence = _("The shop cannot store this product: %(reason)s") % {"reason": reason}
        raise RowsRefused(problem(imported.line, "", imported.draft.code, sentence)) from error


@dataclass(frozen=True)
class _Work:
    """One product on its way in: what the file says, and what that means in this shop."""

    target: Target
    imported: ImportedProduct
    linked: Linked
    options: list[Chosen] | None
    matched: list[Matched]
    fitted: list[details.Fitted]
    notes: list[RowProblem]


def _apply(imported: ImportedProduct, target: Target) -> Applied:
    open_lists(target, imported.price_lists)
    present = present_of(target, imported)
    linked = Linked(target, imported, is_new=present is None)
    options = None if imported.options is None else [option(target, each) for each in imported.options]
    matched = match(imported, options, present)
    fitted, notes = details.fit_details(target, imported.details, imported.line)
    work = _Work(target, imported, linked, options, matched, fitted, notes)
    if present is None:
        _make(work)
        return Applied(outcome=Outcome.CREATED, code=imported.draft.code, notes=notes)
    changes = _change(work, present)
    outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
    return Applied(outcome=outcome, code=imported.draft.code, changes=tuple(changes), notes=notes)


def _make(work: _Work) -> None:
    """A product the shop does not have. What can still be refused comes first, what a batch shares comes last."""
    imported, target = work.imported, work.target
    if not any(words.strip() for words in imported.draft.texts.get("name", {}).values()):
        raise RowsRefused(problem(imported.line, "name", imported.draft.code, _("The product is new and has no name.")))
    wants_sale = imported.status == Product.Status.ACTIVE
    is_active = wants_sale and bool(work.matched) and imported.draft.kind == Product.Kind.SIMPLE
    priced = [prices.told_prices(target, each.told) for each in work.matched]
    new = NewProduct(
        draft=replace(imported.draft, texts=texts_of(imported)),
        links=work.linked.links(work.options or []),
        variants=[new_variant(each) for each in work.matched],
        is_active=is_active,
    )
    product, rows = begin_product(new=new)
    told = [(row, each.told) for row, each in zip(rows, work.matched, strict=True)]
    bring_stock(target, told, new=frozenset())
    bring_new_pictures(target, product.pk, imported, told)
    bring_components(target, told, None, activates=wants_sale)
    bring_presales(target, told, work.notes)
    bring_downloads(product, told, work.notes)
    if imported.status == Product.Status.ARCHIVED:
        archive_product(product_id=product.pk)
    elif wants_sale and not is_active:
        _activate(product, imported, work.notes)
    fulfil(target, [row.sku for row in rows])
    target.finish(_finished(work, product, [(row, told) for row, told in zip(rows, priced, strict=True)]))


def _finished(work: _Work, product: Product, priced: Sequence[tuple[Variant, Sequence[prices.Told]]]) -> Finished:
    found = details.new_rows(work.fitted)
    for row in found:
        row.product = product
    seen = offers.new_rows(work.target, work.imported)
    for offer in seen:
        offer.product = product
    return Finished(
        product=product,
        slugs=work.imported.draft.slugs,
        prices=tuple(price for row, told in priced for price in prices.new_rows(row, told)),
        details=tuple(found),
        offers=seen,
        opening=opening_stock([(row, each.told) for (row, _price), each in zip(priced, work.matched, strict=True)]),
    )


def _change(work: _Work, present: Present) -> list[FieldChange]:
    """A product the shop has."""
    target, imported, product = work.target, work.imported, present.product
    options = work.options if imported.options or work.matched else None
    draft, changes = wanted_draft(present, imported, work.linked, options)
    if changes:
        update_product(product_id=product.pk, draft=draft)
    told: list[tuple[Variant, ImportedVariant]] = []
    for each in work.matched:
        row, moved = bring(product, each)
        told.append((row, each.told))
        changes += moved
    had = {row.pk for row in present.variants}
    new = frozenset(row.pk for row, _each in told if row.pk not in had)
    changes += prices.bring_prices([(row, prices.told_prices(target, each)) for row, each in told], present.prices)
    changes += _bring_details(product, work.fitted, present)
    changes += offers.bring_offers(target, product.pk, imported.offers, present.offers)
    changes += bring_stock(target, told, new=new)
    changes += bring_pictures(target, product.pk, imported, told)
    changes += bring_components(target, told, present, activates=imported.status == Product.Status.ACTIVE)
    changes += bring_presales(target, told, work.notes)
    changes += bring_downloads(product, told, work.notes)
    changes += _bring_status(product, imported, work.notes)
    if new:
        fulfil(target, [row.sku for row, _each in told if row.pk in new])
    return changes


def _bring_details(product: Product, fitted: Sequence[details.Fitted], present: Present) -> list[FieldChange]:
    wanted, changes = details.merged(fitted, present.details)
    if changes:
        set_details(product_id=product.pk, details=wanted)
    return changes


def _bring_status(product: Product, imported: ImportedProduct, notes: list[RowProblem]) -> list[FieldChange]:
    """A file puts a product on sale or away. It takes one off sale only where it says so of the field (`told`)."""
    wanted, now = imported.status, product.status
    if wanted in ("", now):
        return []
    if wanted == Product.Status.ACTIVE:
        is_asked = now == Product.Status.DRAFT or "status" in imported.told
        if not is_asked or not _activate(product, imported, notes):
            return []
    elif wanted == Product.Status.ARCHIVED:
        archive_product(product_id=product.pk)
    elif "status" in imported.told:
        deactivate_product(product_id=product.pk)
    else:
        return []
    return [FieldChange(field="status", old=now, new=wanted)]


def _activate(product: Product, imported: ImportedProduct, notes: list[RowProblem]) -> bool:
    """Put it on sale, unless something is missing: then it stays a draft, with a note saying what."""
    try:
        activate_product(product_id=product.pk)
    except ProductIncomplete as refusal:
        sentence = _("The product stays a draft: %(reason)s (%(problems)s)") % {
            "reason": refusal, "problems": ", ".join(refusal.problems),
        }  # fmt: skip
        notes.append(problem(imported.line, "status", imported.status, sentence, is_note=True))
        return False
    return True
