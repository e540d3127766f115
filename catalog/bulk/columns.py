"""Columns of products and variants that can be changed in bulk: read, checked and written a batch at a time."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from modeltrans.conf import get_available_languages, get_default_language
from modeltrans.utils import build_localized_fieldname

from catalog.actions.products import cleaned_words
from catalog.actions.routes import route
from catalog.bulk.operations import Value
from catalog.models import Product
from catalog.translating.noting import note_texts

Row = Any
Values = Mapping[int, Value]
Refused = dict[int, str]
PATTERNS = {"hs_code": r"[0-9]{6,13}", "origin_country": r"[A-Z]{2}"}


class Column(Protocol):
    """One thing every row has. Values are JSON; keys are primary keys of the rows."""

    @property
    def empty(self) -> Value:
        """What clearing leaves."""

    @property
    def digits(self) -> int:
        """How many decimals a number keeps."""

    def read(self, rows: Sequence[Row]) -> dict[int, Value]:
        """What the rows hold."""

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """Which of the values a row cannot take, and why. Writes nothing."""

    def write(self, rows: Sequence[Row], values: Values) -> None:
        """Store checked values; rows without one are left alone."""

    def words(self, values: Iterable[Value]) -> dict[str, str]:
        """Names of values that do not speak for themselves, by their text."""


@dataclass(frozen=True)
class PlainColumn:
    """A column of the row's own table: text, number, date, choice, yes or no, list."""

    name: str
    empty: Value = None
    digits: int = 0

    def read(self, rows: Sequence[Row]) -> dict[int, Value]:
        """As stored."""
        return {row.pk: to_json(getattr(row, self.name)) for row in rows}

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """By the model's own validation."""
        refused = {}
        for row in rows:
            if row.pk in values:
                try:
                    self._clean(row, values[row.pk])
                except ValidationError as trouble:
                    refused[row.pk] = " ".join(trouble.messages)
        return refused

    def write(self, rows: Sequence[Row], values: Values) -> None:
        """In one statement."""
        changed = [row for row in rows if row.pk in values]
        for row in changed:
            setattr(row, self.name, self._clean(row, values[row.pk]))
        store(changed, [self.name])

    def words(self, values: Iterable[Value]) -> dict[str, str]:
        """Choices by their labels."""
        return {}

    def _clean(self, row: Row, value: Value) -> Any:
        field = row._meta.get_field(self.name)
        pattern = PATTERNS.get(self.name)
        if pattern and value and not re.fullmatch(pattern, str(value)):
            raise ValidationError(_("“%(value)s” does not have the right form.") % {"value": value})
        if value is None and not field.null:
            value = ""
        return field.clean(value, row)


@dataclass(frozen=True)
class ChoiceColumn(PlainColumn):
    """A column with named choices."""

    choices: tuple[tuple[str, str], ...] = ()

    def words(self, values: Iterable[Value]) -> dict[str, str]:
        """The choices' labels."""
        return {str(value): str(label) for value, label in self.choices}


@dataclass(frozen=True)
class LinkColumn:
    """A foreign key. The value is the other row's key."""

    name: str
    model: type[models.Model]
    empty: Value = None
    digits: int = 0

    def read(self, rows: Sequence[Row]) -> dict[int, Value]:
        """The keys."""
        return {row.pk: getattr(row, f"{self.name}_id") for row in rows}

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """The other row must be there."""
        wanted = {value for value in values.values() if value is not None}
        known = set(self.model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True))
        gone = _("What it would belong to is no longer there.")
        return {pk: gone for pk, value in values.items() if value is not None and value not in known}

    def write(self, rows: Sequence[Row], values: Values) -> None:
        """In one statement."""
        changed = [row for row in rows if row.pk in values]
        for row in changed:
            setattr(row, f"{self.name}_id", values[row.pk])
        store(changed, [self.name])

    def words(self, values: Iterable[Value]) -> dict[str, str]:
        """The other rows' names."""
        keys = {value for value in values if value is not None}
        return {str(row.pk): str(row) for row in self.model._default_manager.filter(pk__in=keys)}


@dataclass(frozen=True)
class TextColumn:
    """Words of a product in one language: its own words, without any fallback."""

    name: str
    language: str
    empty: Value = ""
    digits: int = 0
    moves_addresses: bool = False
    """Whether a product whose name moves gets an address made of the new one. Its old address leads there."""

    def read(self, rows: Sequence[Row]) -> dict[int, Value]:
        """What is written in that language."""
        if self.language == get_default_language():
            return {row.pk: getattr(row, self.name) for row in rows}
        key = build_localized_fieldname(self.name, self.language)
        return {row.pk: (row.i18n or {}).get(key) or "" for row in rows}

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """Within the length of the column; a name in the default language is never empty."""
        most = getattr(Product._meta.get_field(self.name), "max_length", None)
        is_needed = self.name == "name" and self.language == get_default_language()
        refused = {}
        for pk, words in values.items():
            if most is not None and len(words) > most:
                refused[pk] = _("This text would be longer than %(most)d characters.") % {"most": most}
            elif is_needed and not words.strip():
                refused[pk] = _("A product cannot be without a name.")
        return refused

    def write(self, rows: Sequence[Row], values: Values) -> None:
        """With formatting cleaned; addresses stay unless it was said that they shall follow names."""
        changed = [row for row in rows if row.pk in values]
        for row in changed:
            words = cleaned_words(self.name, {self.language: str(values[row.pk])})
            row.put_texts({self.name: words})
        store(changed, [self.name if self.language == get_default_language() else "i18n"])
        note_texts(changed)
        if self.name == "name":
            keep = () if self.moves_addresses else get_available_languages()
            for row in changed:
                route(target=row, wanted={}, keep=keep)

    def words(self, values: Iterable[Value]) -> dict[str, str]:
        """They are words already."""
        return {}


def store(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Write columns of many rows, and that they were changed: a form somebody has open must notice."""
    now = timezone.now()
    for row in rows:
        row.updated = now
    if rows:
        type(rows[0])._base_manager.bulk_update(rows, [*names, "updated"], batch_size=250)


def to_json(value: Any) -> Value:
    """A column's value as JSON holds it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize()) if value else "0"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
