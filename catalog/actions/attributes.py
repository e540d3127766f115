"""Definitions of details: changed with what products already say, and choices merged."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.actions.derived import mark_dirty
from catalog.actions.value_types import follow_type, follow_unit
from catalog.actions.vocabulary import note_vocabulary, put_attribute
from catalog.drafts import AttributePlace, Words
from catalog.errors import AttributeProblem, ChangedMeanwhile
from catalog.models import AttributeDef, AttributeOption, FacetDef, Product, ProductAttribute, ProductType
from catalog.translating.noting import forget_texts
from core import audit

FACTS = ("section", "filterable", "comparable", "searchable", "position")


@dataclass(frozen=True, kw_only=True)
class AttributeWish:
    """What a definition is to be. `product_types` are keys; none means all types."""

    names: Words
    data_type: str
    section: str
    unit: str = ""
    filterable: bool = False
    comparable: bool = True
    searchable: bool = False
    position: int = 0
    product_types: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class OptionWish:
    """What a choice is to be; without an id it is a new one."""

    id: int | None
    code: str
    names: Words
    position: int = 0


def attribute_seen(attribute: AttributeDef) -> str:
    """What stands now of a definition, as one text to compare with later. Two queries."""
    facts = [getattr(attribute, field.attname) for field in attribute._meta.concrete_fields]
    types = sorted(attribute.product_types.values_list("pk", flat=True))
    options = AttributeOption.objects.filter(attribute=attribute).order_by("pk")
    rows = list(options.values_list("pk", "code", "name", "i18n", "position"))
    return hashlib.sha256(json.dumps([facts, types, rows], default=str).encode()).hexdigest()[:32]


@transaction.atomic
def create_attribute(*, code: str, wish: AttributeWish) -> AttributeDef:
    """A new definition. Raises `AttributeProblem` when there is one with this code."""
    if AttributeDef.objects.filter(code=code).exists():
        raise AttributeProblem(_("There is a detail with this code already."))
    place = AttributePlace(
        section=wish.section, position=wish.position, searchable=wish.searchable, comparable=wish.comparable
    )
    row = put_attribute(
        code=code,
        names=wish.names,
        data_type=wish.data_type,
        unit=wish.unit if wish.data_type == AttributeDef.DataType.NUMBER else "",
        filterable=wish.filterable,
        place=place,
    )
    _set_types(row, wish)
    audit.record("catalog.create_attribute", row, data={"code": code, "data_type": wish.data_type})
    return row


@transaction.atomic
def change_attribute(*, attribute_id: int, wish: AttributeWish, seen: str) -> bool:
    """Bring a definition to what is wished, and what products say of it along. True when something changed.

    Raises `ChangedMeanwhile`, and `AttributeProblem` when another kind of value or another unit cannot hold what
    products already say; then nothing changes.
    """
    row = AttributeDef.objects.select_for_update().get(pk=attribute_id)
    if attribute_seen(row) != seen:
        raise ChangedMeanwhile
    before = {"data_type": row.data_type, "unit": row.unit}
    if wish.data_type != row.data_type:
        follow_type(row, wish.data_type)
    unit = wish.unit if wish.data_type == AttributeDef.DataType.NUMBER else ""
    if unit != row.unit and wish.data_type == before["data_type"]:
        follow_unit(row, unit)
    row.data_type, row.unit = wish.data_type, unit
    for name in FACTS:
        setattr(row, name, getattr(wish, name))
    row.put_texts({"name": wish.names})
    row.save()
    _set_types(row, wish)
    if attribute_seen(row) == seen:
        return False
    FacetDef.objects.filter(attribute=row).update(active=row.filterable)
    note_vocabulary(row=row)
    after = {"data_type": row.data_type, "unit": row.unit}
    audit.record("catalog.change_attribute", row, data={"before": before, "after": after})
    mark_dirty(product_ids=Product.objects.filter(attributes__attribute=row).values_list("pk", flat=True))
    return True


@transaction.atomic
def set_options(*, attribute_id: int, options: Sequence[OptionWish], seen: str) -> int:
    """Change these choices and add the new ones; others stay. Returns how many moved. Raises `ChangedMeanwhile`."""
    attribute = AttributeDef.objects.select_for_update().get(pk=attribute_id)
    if attribute_seen(attribute) != seen:
        raise ChangedMeanwhile
    known = {row.pk: row for row in AttributeOption.objects.filter(attribute=attribute)}
    codes = {row.code for row in known.values()}
    moved = []
    for wish in options:
        if wish.id is None and wish.code in codes:
            raise AttributeProblem(_("There is a choice “%(code)s” already.") % {"code": wish.code})
        row = known[wish.id] if wish.id else AttributeOption(attribute=attribute, code=wish.code)
        before = (row.pk, row.name, dict(row.i18n or {}), row.position)
        row.position = wish.position
        row.put_texts({"name": wish.names})
        if (row.pk, row.name, dict(row.i18n or {}), row.position) != before or row.pk is None:
            row.save()
            note_vocabulary(row=row)
            moved.append(row)
    return len(moved)


@transaction.atomic
def merge_options(*, source_id: int, target_id: int) -> int:
    """Products with the one choice have the other from now on, each once; the first is gone. Returns how many.

    Raises `AttributeProblem` unless both are different choices of one detail.
    """
    rows = AttributeOption.objects.select_for_update().select_related("attribute")
    found = {row.pk: row for row in rows.filter(pk__in=[source_id, target_id]).order_by("pk")}
    source, target = found.get(source_id), found.get(target_id)
    if source is None or target is None or source == target or source.attribute_id != target.attribute_id:
        raise AttributeProblem(_("Choose two different choices of the same detail."))
    values = ProductAttribute.objects.filter(option=source)
    products = list(values.values_list("product_id", flat=True))
    twice = ProductAttribute.objects.filter(option=target, product__in=products).values("product")
    values.filter(product__in=twice).delete()
    values.update(option=target)
    _drop(source, "catalog.merge_attribute_options", {"into": target.code, "products": len(products)})
    mark_dirty(product_ids=products)
    note_vocabulary(row=target)
    return len(products)


@transaction.atomic
def remove_option(*, option_id: int) -> None:
    """A choice nobody uses is gone. Raises `AttributeProblem` when products have it."""
    row = AttributeOption.objects.select_for_update().get(pk=option_id)
    count = ProductAttribute.objects.filter(option=row).count()
    if count:
        told = ngettext(
            "%(count)d product has this choice. Merge it into another one.",
            "%(count)d products have this choice. Merge it into another one.",
            count,
        )
        raise AttributeProblem(told % {"count": count})
    _drop(row, "catalog.remove_attribute_option", {})


def _drop(row: AttributeOption, action: str, told: Mapping[str, Any]) -> None:
    audit.record(action, row.attribute, data={"option": row.code, **told})
    forget_texts(AttributeOption._meta.label_lower, [row.pk])
    row.delete()


def _set_types(row: AttributeDef, wish: AttributeWish) -> None:
    row.product_types.set(ProductType.objects.filter(pk__in=wish.product_types))
