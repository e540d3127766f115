"""Words in several languages: how a translated field is read, and how far each translation is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
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
    """How far one field of one row is in one language. `source_hash` tells when the original has moved on."""

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

    class Meta:
        verbose_name = _("translation state")
        verbose_name_plural = _("translation states")
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id", "language", "field"], name="catalog_translationstate_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id} {self.field} {self.language}: {self.state}"
