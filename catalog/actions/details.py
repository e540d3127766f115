"""Structured details of products."""

from collections.abc import Sequence

from django.db import transaction
from modeltrans.conf import get_default_language

from catalog.actions.derived import mark_dirty
from catalog.drafts import Detail
from catalog.models import AttributeDef, AttributeOption, Product, ProductAttribute
from catalog.translating.noting import forget_texts, note_texts


@transaction.atomic
def set_details(*, product_id: int, details: Sequence[Detail]) -> bool:
    """The details of a product are exactly these. True when something changed. Unknown codes raise `KeyError`."""
    product = Product.objects.lock().get(pk=product_id)
    codes = [detail.attribute for detail in details]
    attributes = {row.code: row for row in AttributeDef.objects.filter(code__in=codes)}
    choices = {(row.attribute_id, row.code): row for row in AttributeOption.objects.filter(attribute__code__in=codes)}
    wanted = [row for detail in details for row in _rows(product, attributes[detail.attribute], detail, choices)]
    now = list(ProductAttribute.objects.filter(product=product))
    if sorted(map(_state, now)) == sorted(map(_state, wanted)):
        return False
    _replace(now, wanted)
    mark_dirty(product_ids=[product_id])
    return True


def _replace(now: list[ProductAttribute], wanted: list[ProductAttribute]) -> None:
    """A text keeps its row: how far its translations are is written down by row. The others are made anew."""
    texts = {row.attribute_id: row for row in now if row.text_value is not None}
    kept = []
    for row in wanted:
        known = texts.pop(row.attribute_id, None) if row.text_value is not None else None
        if known is not None:
            row.pk = known.pk
            row.save(force_update=True)
            kept.append(row)
    ids = {row.pk for row in kept}
    gone = [row.pk for row in now if row.pk not in ids]
    ProductAttribute.objects.filter(pk__in=gone).delete()
    forget_texts(ProductAttribute._meta.label_lower, [row.pk for row in texts.values()])
    ProductAttribute.objects.bulk_create(row for row in wanted if row.pk not in ids)
    note_texts([row for row in wanted if row.text_value is not None])


def _rows(
    product: Product, attribute: AttributeDef, detail: Detail, choices: dict[tuple[int, str], AttributeOption]
) -> list[ProductAttribute]:
    if detail.options:
        return [
            ProductAttribute(product=product, attribute=attribute, option=choices[attribute.pk, code])
            for code in detail.options
        ]
    row = ProductAttribute(
        product=product,
        attribute=attribute,
        number=detail.number,
        bool_value=detail.flag,
        date_value=detail.day,
    )
    if detail.text is not None:
        row.text_value = detail.text.get(get_default_language()) or next(iter(detail.text.values()), "")
        row.put_texts({"text_value": detail.text})
    return [row]


def _state(row: ProductAttribute) -> tuple[str, ...]:
    number = "" if row.number is None else str(row.number.normalize())
    parts = (row.attribute_id, row.option_id, number, row.text_value, row.bool_value, row.date_value)
    return (*map(str, parts), str(sorted((row.i18n or {}).items())))
