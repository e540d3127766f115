"""Pictures a file names: wanted for the product and for its variants."""

from collections.abc import Sequence

from catalog.actions.wishes import (
    Shown,
    WantedPicture,
    gallery_of,
    told_before,
    variant_pictures_of,
    want_gallery,
    want_new,
    want_variant_pictures,
)
from catalog.importers.apply.targets import Target
from catalog.importers.apply.words import shown
from catalog.importers.drafts import ImportedPicture, ImportedProduct, ImportedVariant
from catalog.importers.outcomes import FieldChange
from catalog.models import Variant

LONGEST_ADDRESS = 2000


def bring_pictures(
    target: Target, product_id: int, imported: ImportedProduct, told: Sequence[tuple[Variant, ImportedVariant]]
) -> list[FieldChange]:
    """Want what the file names for a product the shop has. Returns what moved."""
    changes = []
    pictures = _wanted(target, imported.pictures)
    before = told_before(product_id) if pictures or any(_named(each) for _variant, each in told) else {}
    if pictures and pictures != before.get(None):
        present = gallery_of([product_id])[product_id]
        if want_gallery(product_id=product_id, pictures=pictures, language=target.language, present=present):
            changes.append(_change(present, pictures))
    ours = {
        variant.pk: (variant, each)
        for variant, each in told
        if _named(each) and _wanted(target, _named(each)) != before.get(variant.pk)
    }
    if ours:
        of_variants = variant_pictures_of(list(ours))
        for pk, (variant, each) in ours.items():
            wanted = _wanted(target, _named(each))
            if want_variant_pictures(
                product_id=product_id,
                variant_id=pk,
                pictures=wanted,
                language=target.language,
                present=of_variants[pk],
            ):
                changes.append(_change(of_variants[pk], wanted, sku=variant.sku))
    return changes


def bring_new_pictures(
    target: Target, product_id: int, imported: ImportedProduct, told: Sequence[tuple[Variant, ImportedVariant]]
) -> None:
    """The same for a product that was just made."""
    pictures = _wanted(target, imported.pictures)
    of_variants = {variant.pk: _wanted(target, _named(each)) for variant, each in told if _named(each)}
    if pictures or of_variants:
        want_new(product_id=product_id, pictures=pictures, of_variants=of_variants, language=target.language)


def _named(told: ImportedVariant) -> tuple[ImportedPicture, ...]:
    if told.pictures is not None:
        return told.pictures
    return (ImportedPicture(line=told.line, url=told.picture_url),) if told.picture_url else ()


def _wanted(target: Target, pictures: Sequence[ImportedPicture]) -> list[WantedPicture]:
    return [
        WantedPicture(
            url=picture.url,
            alts={**({target.language: picture.alt} if picture.alt else {}), **picture.alts},
            market_code=picture.market,
            role=picture.role,
        )
        for picture in pictures
        if len(picture.url) <= LONGEST_ADDRESS
    ]


def _change(present: Sequence[Shown], wanted: Sequence[WantedPicture], *, sku: str = "") -> FieldChange:
    old, new = [each.key[0] for each in present], [picture.url for picture in wanted]
    if old == new:
        old, new = [_alts(each.asset.i18n if each.asset else {}) for each in present], [_alts(p.alts) for p in wanted]
    return FieldChange(field="image", sku=sku, old=shown(old), new=shown(new))


def _alts(words: object) -> str:
    return ", ".join(str(each) for each in words.values()) if isinstance(words, dict) else ""
