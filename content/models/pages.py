"""Policy and information pages."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from content.models.shown import Shown, ShownQuerySet


class Page(Shown):
    """A page of words. A version that names markets wins there over the one that names none."""

    code = models.SlugField(_("code"), max_length=60)
    is_legal = models.BooleanField(_("legal text"), default=False)
    title = models.CharField(_("title"), max_length=120)
    meta_description = models.CharField(_("description for search engines"), max_length=300, blank=True)
    notice = models.TextField(_("notice"), blank=True, help_text=_("Shown above the text."))
    body = models.TextField(_("text"), help_text=_("Markdown."))
    search_words = models.CharField(
        _("search words"), max_length=300, blank=True, help_text=_("Words that lead the search to this page.")
    )
    revised = models.DateField(_("valid from"))

    i18n = TranslationField(fields=("title", "meta_description", "notice", "body", "search_words"))
    objects: ClassVar[ShownQuerySet["Page"]] = ShownQuerySet.as_manager()  # type: ignore[assignment] # stubs

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["is_legal", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "market_codes"], name="page_once_per_set_of_markets"),
        ]

    def __str__(self) -> str:
        return self.title
