"""Words in several languages: how a translated field is read, and how far each translation is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.conf import get_default_language, get_fallback_chain
from modeltrans.utils import build_localized_fieldname


def pick_text(original: str, i18n: Mapping[str, Any] | None, field: str, language: str) -> str:
    """`field` in `language`, else along the fallback chain, else the original. Never raises, never queries."""
    words = i18n or {}
    default = get_default_language()
    for code in (language, *get_fallback_chain(language)):
        if code == default:
            if original:
                return original
            continue
        text = words.get(build_localized_fieldname(field, code))
        if text:
            return str(text)
    return original


class Translated(models.Model):
    """A model with an `i18n` column of django-modeltrans. The plain column holds the shop's default language."""

    i18n: Any

    class Meta:
        abstract = True

    def text(self, field: str, language: str) -> str:
        """`field` in `language`, with the fallback chain of the settings."""
        return pick_text(getattr(self, field), self.i18n, field, language)

    def put_text(self, field: str, language: str, words: str) -> None:
        """Set `field` in one language; saving is the caller's."""
        if language == get_default_language():
            setattr(self, field, words)
            return
        i18n = dict(self.i18n or {})
        key = build_localized_fieldname(field, language)
        if words:
            i18n[key] = words
        else:
            i18n.pop(key, None)
        self.i18n = i18n

    def put_texts(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        """Set many: field → language → words."""
        for field, by_language in texts.items():
            for language, words in by_language.items():
                self.put_text(field, language, words)

    def languages_of(self, field: str) -> Iterable[str]:
        """The languages in which `field` has words of its own."""
        default = get_default_language()
        if getattr(self, field):
            yield default
        start = f"{field}_"
        for key, words in (self.i18n or {}).items():
            if key.startswith(start) and words:
                yield key.removeprefix(start).replace("_", "-")


class TranslationState(models.Model):
    """How far one translation is: one field of one row in one language. There is a row while there are words.

    `source_hash` is that of the original these words were made from; when it is not the present one the
    translation is stale. `target_hash` is that of the words themselves: other words are another translation.
    """

    class State(models.TextChoices):
        MACHINE = "machine", _("Machine translation")
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")

    model = models.CharField(_("model"), max_length=60)
    object_id = models.BigIntegerField(_("row"))
    language = models.CharField(_("language"), max_length=12)
    field = models.CharField(_("field"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    source_hash = models.CharField(_("hash of the original"), max_length=64)
    target_hash = models.CharField(_("hash of the words"), max_length=64, default="", editable=False)
    updated = models.DateTimeField(pgettext_lazy("when", "changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("translation state")
        verbose_name_plural = _("translation states")
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id", "language", "field"], name="catalog_translationstate_once"
            )
        ]
        permissions = [
            ("translate_texts", _("Can write translations")),
            ("approve_translations", _("Can approve translations")),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id} {self.field} {self.language}: {self.state}"


class SourceText(models.Model):
    """One text of the shop's default language that is to be translated, with how far it is in every language.

    `states` is derived from the `TranslationState` rows in the transaction that writes them: one letter per
    language that has words, between commas (`,ar=s,de=a,`). Texts that stand alike have the same value, so
    completeness is one grouping query over an index, however many texts there are.
    """

    model = models.CharField(_("model"), max_length=60)
    object_id = models.BigIntegerField(_("row"))
    field = models.CharField(_("field"), max_length=60)
    label = models.CharField(_("name"), max_length=200, blank=True)
    source_hash = models.CharField(_("hash of the original"), max_length=64)
    words = models.PositiveIntegerField(pgettext_lazy("number of words", "words"))
    states = models.CharField(max_length=600, default=",")
    changed = models.DateTimeField(_("original changed"), default=timezone.now)

    class Meta:
        verbose_name = _("original text")
        verbose_name_plural = _("original texts")
        constraints = [
            models.UniqueConstraint(fields=["model", "object_id", "field"], name="catalog_sourcetext_once"),
        ]
        indexes = [
            models.Index(fields=["model", "field", "states"], include=["words"], name="catalog_sourcetext_tally"),
            models.Index(fields=["-changed", "-id"], name="catalog_sourcetext_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id} {self.field}"


class OriginalText(models.Model):
    """The words behind a source hash, kept while a translation was made from them: what a change is shown against."""

    hash = models.CharField(primary_key=True, max_length=64)
    text = models.TextField()

    class Meta:
        verbose_name = _("kept original")
        verbose_name_plural = _("kept originals")

    def __str__(self) -> str:
        return self.hash
