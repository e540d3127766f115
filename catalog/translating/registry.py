"""Which rows have words in several languages. Every app registers its own models when it is made ready."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from modeltrans.conf import get_available_languages, get_default_language
from modeltrans.fields import TranslationField
from modeltrans.utils import build_localized_fieldname

from catalog.translating.texts import Kind

Related = tuple[str, Sequence[int]]
"""Other rows that belong to a row: the key of their model and their ids."""


@dataclass(frozen=True, kw_only=True)
class TranslatableField:
    """One text of a model. `advised` is the length beyond which readers see it cut."""

    name: str
    title: str | Promise
    kind: Kind
    longest: int | None
    advised: int | None = None


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How the desk deals with rows of a model.

    `label` names a row for people, with `joins` as the relations it reads. `follow` is what the owning app does after
    words of a row were changed here: forget what it remembers, derive anew. `related` names rows whose words belong
    on the same desk.
    """

    label: Callable[[Any], str] = str
    joins: tuple[str, ...] = ()
    follow: Callable[[Any], None] | None = None
    related: Callable[[Any], Iterable[Related]] | None = None


@dataclass(frozen=True, kw_only=True)
class Translatable:
    """A model with translated texts."""

    key: str
    model: type[models.Model]
    fields: tuple[TranslatableField, ...]
    manners: Manners

    @property
    def title(self) -> str:
        """The model in the reader's language."""
        return capfirst(str(self.model._meta.verbose_name_plural))

    def field(self, name: str) -> TranslatableField | None:
        """One of the texts; nothing by this name otherwise."""
        return next((each for each in self.fields if each.name == name), None)

    def rows(self) -> models.QuerySet[Any]:
        """All rows, with what their labels need."""
        found = self.model._default_manager.all()
        return found.select_related(*self.manners.joins) if self.manners.joins else found


@dataclass
class _Register:
    by_key: dict[str, Translatable] = field(default_factory=dict)


_register = _Register()


def register(
    model: type[models.Model],
    *,
    kinds: Mapping[str, Kind] | None = None,
    advised: Mapping[str, int] | None = None,
    manners: Manners | None = None,
) -> Translatable:
    """Bring a model with a `TranslationField` to the desk; its texts are those the field names.

    A column of limited length is a line, another one plain text, unless `kinds` says otherwise. Registering again
    replaces. Raises `ImproperlyConfigured` for a model without translations.
    """
    store = next((each for each in model._meta.fields if isinstance(each, TranslationField)), None)
    if store is None:
        raise ImproperlyConfigured(f"{model._meta.label} has no translated texts")
    found = tuple(_field(model, name, (kinds or {}).get(name), (advised or {}).get(name)) for name in store.fields)
    entry = Translatable(key=model._meta.label_lower, model=model, fields=found, manners=manners or Manners())
    _register.by_key[entry.key] = entry
    return entry


def translatable(key: str) -> Translatable | None:
    """The entry of a model by its key, such as `catalog.product`."""
    return _register.by_key.get(key)


def translatable_of(row: models.Model | type[models.Model]) -> Translatable | None:
    """The entry of a row or of its model."""
    return _register.by_key.get(row._meta.label_lower)


def translatables() -> tuple[Translatable, ...]:
    """Everything registered, in the order it was."""
    return tuple(_register.by_key.values())


def target_languages() -> tuple[str, ...]:
    """The languages one translates into."""
    return tuple(code for code in get_available_languages() if code != get_default_language())


def source_language() -> str:
    """The language one translates from: that of the plain columns."""
    return str(get_default_language())


def words_of(row: models.Model, name: str, language: str) -> str:
    """What a row says in exactly this language; empty when it says nothing."""
    if language == get_default_language():
        return getattr(row, name) or ""
    return str((getattr(row, "i18n", None) or {}).get(_column(name, language)) or "")


def put_words(row: models.Model, name: str, language: str, words: str) -> None:
    """Set a text in one of the languages one translates into; saving is the caller's."""
    found = dict(getattr(row, "i18n", None) or {})
    key = _column(name, language)
    if words:
        found[key] = words
    else:
        found.pop(key, None)
    row.i18n = found  # type: ignore[attr-defined]  # every registered model has it


_column = cache(build_localized_fieldname)
"""The name of a text in a language, asked for once."""


def _field(model: type[models.Model], name: str, kind: Kind | None, advised: int | None) -> TranslatableField:
    column = model._meta.get_field(name)
    longest = getattr(column, "max_length", None)
    return TranslatableField(
        name=name,
        title=getattr(column, "verbose_name", name),
        kind=kind or (Kind.LINE if longest else Kind.TEXT),
        longest=longest,
        advised=advised,
    )
