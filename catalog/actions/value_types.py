"""What products say of a detail, carried over to another kind of value or another unit; or refused, saying why."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.errors import AttributeProblem
from catalog.models import AttributeDef, AttributeOption, ProductAttribute
from catalog.slugs import slug_of
from catalog.translating.noting import forget_texts, note_texts
from catalog.units import UNITS, converted

Kind = AttributeDef.DataType
MOST_CHOICES = 200
STEP = Decimal("0.0001")
LARGEST = Decimal(10) ** 10
BATCH = 500


def follow_type(attribute: AttributeDef, wanted: str) -> None:
    """Every value of the detail becomes one of the wanted kind. Raises `AttributeProblem`, and then nothing moved.

    Numbers, days and choices can become text; text can become numbers, days or choices where all of it reads as such;
    numbers can become choices.
    """
    values = list(ProductAttribute.objects.filter(attribute=attribute).select_related("option").order_by("pk"))
    if values:
        step = STEPS.get((attribute.data_type, wanted))
        if step is None:
            raise AttributeProblem(_refused(len(values), attribute.data_type, wanted))
        step(attribute, values)
        for row in values:
            row.save(force_update=True)
        texts = [row for row in values if row.text_value is not None]
        note_texts(texts)
        if attribute.data_type == Kind.TEXT:
            forget_texts(ProductAttribute._meta.label_lower, [row.pk for row in values])
    if attribute.data_type == Kind.ENUM:
        options = AttributeOption.objects.filter(attribute=attribute)
        forget_texts(AttributeOption._meta.label_lower, list(options.values_list("pk", flat=True)))
        options.delete()


def follow_unit(attribute: AttributeDef, wanted: str) -> None:
    """Numbers are converted where both units are known and measure the same; without a unit before, it is only named.

    Raises `AttributeProblem` when they measure different things or a number would lose digits.
    """
    source, target = UNITS.get(attribute.unit), UNITS.get(wanted)
    values = list(ProductAttribute.objects.filter(attribute=attribute, number__isnull=False))
    if not values or not attribute.unit:
        return
    if source is None or target is None or source.dimension is not target.dimension:
        told = _("%(count)d products say this in “%(unit)s”, which cannot be told in “%(wanted)s”.")
        raise AttributeProblem(told % {"count": len(values), "unit": attribute.unit, "wanted": wanted})
    for row in values:
        number = converted(row.number or Decimal(0), source, target)
        if number != number.quantize(STEP) or abs(number) >= LARGEST:
            told = _("%(number)s %(unit)s cannot be told in “%(wanted)s” without losing digits.")
            words = {"number": row.number, "unit": attribute.unit, "wanted": wanted}
            raise AttributeProblem(told % words)
        row.number = number
    ProductAttribute.objects.bulk_update(values, ["number"], batch_size=BATCH)


def _refused(count: int, kind: str, wanted: str) -> str:
    told = ngettext(
        "%(count)d product says this as “%(kind)s”; that cannot become “%(wanted)s”. Make a new detail instead.",
        "%(count)d products say this as “%(kind)s”; that cannot become “%(wanted)s”. Make a new detail instead.",
        count,
    )
    return told % {"count": count, "kind": Kind(kind).label, "wanted": Kind(wanted).label}


def _unreadable(texts: Iterable[str], wanted: str) -> AttributeProblem:
    bad = sorted(set(texts))
    told = ngettext(
        "%(count)d text does not read as “%(wanted)s”: %(examples)s.",
        "%(count)d texts do not read as “%(wanted)s”, such as %(examples)s.",
        len(bad),
    )
    shown = ", ".join(f"“{text[:40]}”" for text in bad[:3])
    return AttributeProblem(told % {"count": len(bad), "wanted": Kind(wanted).label, "examples": shown})


def _numbers_to_text(_attribute: AttributeDef, values: Sequence[ProductAttribute]) -> None:
    for row in values:
        row.text_value, row.number = f"{(row.number or Decimal(0)).normalize():f}", None


def _days_to_text(_attribute: AttributeDef, values: Sequence[ProductAttribute]) -> None:
    for row in values:
        row.text_value, row.date_value = row.date_value.isoformat() if row.date_value else "", None


def _choices_to_text(_attribute: AttributeDef, values: Sequence[ProductAttribute]) -> None:
    if len({row.product_id for row in values}) != len(values):
        raise AttributeProblem(_("Some products have several choices; a text holds one. Make a new detail instead."))
    for row in values:
        if row.option is not None:
            row.text_value = row.option.name
            words = {code: row.option.text("name", code) for code in row.option.languages_of("name")}
            row.put_texts({"text_value": words})
            row.option = None


def _texts_to(wanted: str, read: Callable[[str], Any], column: str) -> Callable[..., None]:
    def step(_attribute: AttributeDef, values: Sequence[ProductAttribute]) -> None:
        found, bad = {}, []
        for row in values:
            try:
                found[row.pk] = read((row.text_value or "").strip())
            except (ValueError, InvalidOperation):
                bad.append(row.text_value or "")
        if bad:
            raise _unreadable(bad, wanted)
        for row in values:
            setattr(row, column, found[row.pk])
            row.text_value, row.i18n = None, {}

    return step


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or number != number.quantize(STEP) or abs(number) >= LARGEST:
        raise ValueError(text)
    return number


def _to_choices(attribute: AttributeDef, values: Sequence[ProductAttribute]) -> None:
    texts = {row.pk: row.text_value or f"{(row.number or Decimal(0)).normalize():f}" for row in values}
    different = list(dict.fromkeys(texts.values()))
    if len(different) > MOST_CHOICES:
        told = _("Products say %(count)d different things; a list of choices holds %(most)d at most.")
        raise AttributeProblem(told % {"count": len(different), "most": MOST_CHOICES})
    made: dict[str, AttributeOption] = {}
    codes: set[str] = set()
    for position, text in enumerate(different):
        code = (slug_of(text) or "choice")[:50]
        code = code if code not in codes else f"{code}-{position}"
        codes.add(code)
        made[text] = AttributeOption(attribute=attribute, code=code, name=text[:120], position=position)
    AttributeOption.objects.bulk_create(made.values())
    note_texts(list(made.values()))
    for row in values:
        row.option, row.text_value, row.number, row.i18n = made[texts[row.pk]], None, None, {}


STEPS: dict[tuple[str, str], Callable[[AttributeDef, Sequence[ProductAttribute]], None]] = {
    (Kind.NUMBER, Kind.TEXT): _numbers_to_text,
    (Kind.DATE, Kind.TEXT): _days_to_text,
    (Kind.ENUM, Kind.TEXT): _choices_to_text,
    (Kind.TEXT, Kind.NUMBER): _texts_to(Kind.NUMBER, _number, "number"),
    (Kind.TEXT, Kind.DATE): _texts_to(Kind.DATE, date.fromisoformat, "date_value"),
    (Kind.TEXT, Kind.ENUM): _to_choices,
    (Kind.NUMBER, Kind.ENUM): _to_choices,
}
