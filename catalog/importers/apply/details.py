"""Structured details: attributes found or made, values fitted to their kind, others left as they are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from catalog.actions.whole import detail_row
from catalog.drafts import Detail
from catalog.importers.apply.attributes import Known, attribute, choice
from catalog.importers.apply.targets import Target
from catalog.importers.apply.words import tidy
from catalog.importers.drafts import ImportedDetail
from catalog.importers.errors import RowProblem, problem
from catalog.importers.outcomes import FieldChange
from catalog.models import ProductAttribute

HIGHEST = Decimal("9999999999")
YES, NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})


@dataclass(frozen=True)
class Fitted:
    """A detail as its attribute takes it. `options` are (id, code, name); everything empty takes the detail away."""

    known: Known
    options: tuple[tuple[int, str, str], ...] = ()
    number: Decimal | None = None
    text: Mapping[str, str] | None = None
    flag: bool | None = None
    day: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left of it."""
        return not self.options and self.number is None and not self.text and self.flag is None and self.day is None

    @property
    def shown(self) -> str:
        """The value for people."""
        if self.options:
            return ", ".join(sorted(name for _pk, _code, name in self.options))
        if self.text:
            return " · ".join(self.text[language] for language in sorted(self.text))
        if self.number is not None:
            return f"{self.number.normalize():f} {self.known.unit}".strip()
        if self.flag is not None:
            return _("yes") if self.flag else _("no")
        return self.day.isoformat() if self.day else ""


def fit_details(target: Target, told: Sequence[ImportedDetail], line: int) -> tuple[list[Fitted], list[RowProblem]]:
    """Every detail fitted to its attribute; what does not fit is left out with a note."""
    fitted: dict[int, Fitted] = {}
    notes = []
    for detail in told:
        known = attribute(target, detail.attribute)
        found = _fit(target, known, detail)
        if found is None:
            sentence = _("“%(name)s” takes another kind of value (%(kind)s); it was left out.")
            shown = {"name": known.name, "kind": known.data_type}
            notes.append(problem(line, f"attribute[{known.code}]", _raw(detail), sentence % shown, is_note=True))
        else:
            fitted[known.pk] = found
    return list(fitted.values()), notes


def new_rows(fitted: Sequence[Fitted]) -> list[ProductAttribute]:
    """Rows for a product that has none yet."""
    rows = []
    for each in fitted:
        row = each.known.row
        if each.options:
            rows += [detail_row(attribute=row, option_id=pk) for pk, _code, _name in each.options]
        elif each.text:
            rows.append(detail_row(attribute=row, text=each.text))
        elif not each.is_empty:
            rows.append(detail_row(attribute=row, number=each.number, bool_value=each.flag, date_value=each.day))
    return rows


def merged(fitted: Sequence[Fitted], now: Mapping[int, Fitted]) -> tuple[list[Detail], list[FieldChange]]:
    """All details of a product after the import, and which of them move; none move when the list stays the same."""
    wanted = dict(now)
    changes = []
    for each in fitted:
        before = now.get(each.known.pk)
        after = _over(before, each)
        if _key(before) == _key(after):
            continue
        wanted[each.known.pk] = after
        old = before.shown if before else ""
        changes.append(FieldChange(field="attribute", key=each.known.code, old=old, new=after.shown))
    return [_detail(each) for each in wanted.values() if not each.is_empty], changes


def _over(before: Fitted | None, each: Fitted) -> Fitted:
    """Words in some languages leave those in others."""
    if before is None or not before.text or not each.text:
        return each
    text = {language: words for language, words in {**before.text, **each.text}.items() if words}
    return Fitted(each.known, text=text)


def _key(each: Fitted | None) -> tuple[object, ...]:
    if each is None or each.is_empty:
        return ()
    codes = frozenset(code for _pk, code, _name in each.options)
    words = tuple(sorted((language, tidy(text).strip()) for language, text in (each.text or {}).items()))
    return (codes, each.number, words, each.flag, each.day)


def _detail(each: Fitted) -> Detail:
    return Detail(
        attribute=each.known.code,
        options=tuple(code for _pk, code, _name in each.options),
        number=each.number,
        text=each.text or None,
        flag=each.flag,
        day=each.day,
    )


def _fit(target: Target, known: Known, told: ImportedDetail) -> Fitted | None:
    """The detail as its attribute takes it; None when it cannot."""
    if not told.choices and told.number is None and told.text is None and told.flag is None and told.day is None:
        return Fitted(known)
    words = _words(target, told)
    plain = next(iter(words.values()), "")
    if known.data_type == "text":
        return Fitted(known, text={language: tidy(text) for language, text in words.items() if text.strip()})
    if known.data_type == "enum":
        return _fit_choices(target, known, told, plain)
    if known.data_type == "number":
        number = told.number if told.number is not None else _number(plain)
        fits = number is not None and number.is_finite() and abs(number) <= HIGHEST
        return Fitted(known, number=number.quantize(Decimal("0.0001"))) if fits and number is not None else None
    if known.data_type == "bool":
        flag = told.flag if told.flag is not None else _flag(plain)
        return None if flag is None else Fitted(known, flag=flag)
    day = told.day or _day(plain)
    return Fitted(known, day=day) if day else None


def _fit_choices(target: Target, known: Known, told: ImportedDetail, plain: str) -> Fitted:
    named = [choice(target, known, each, told.attribute) for each in told.choices]
    if not named and plain.strip():
        named = [choice(target, known, plain, told.attribute)]
    return Fitted(known, options=tuple(dict.fromkeys(named)))


def _words(target: Target, told: ImportedDetail) -> Mapping[str, str]:
    if told.text is not None:
        return told.text
    return {target.language: _raw(told)}


def _raw(told: ImportedDetail) -> str:
    if told.choices:
        return ", ".join(each.name for each in told.choices)
    if told.text is not None:
        return next(iter(told.text.values()), "")
    if told.flag is not None:
        return "yes" if told.flag else "no"
    if told.number is not None:
        return f"{told.number:f}"
    return told.day.isoformat() if told.day else ""


def _number(text: str) -> Decimal | None:
    plain = text.replace("\xa0", "").replace(" ", "")
    try:
        return Decimal(plain.replace(",", ".") if re.fullmatch(r"-?\d+,\d+", plain) else plain)
    except InvalidOperation:
        return None


def _flag(text: str) -> bool | None:
    plain = text.strip().casefold()
    return True if plain in YES else False if plain in NO else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
