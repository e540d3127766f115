"""The shop's own words: how a term is to be translated, and which are not."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class GlossaryTerm(models.Model):
    """A term of the default language and its approved translation. Without a language it holds for all of them."""

    source_term = models.CharField(_("term"), max_length=120)
    language = models.CharField(
        _("language"), max_length=12, blank=True, help_text=_("Empty: for every language. Only for terms that stay.")
    )
    target_term = models.CharField(_("translation"), max_length=200, blank=True)
    do_not_translate = models.BooleanField(
        _("stays as it is"), default=False, help_text=_("A name or a mark: it must stand in the translation unchanged.")
    )
    case_sensitive = models.BooleanField(
        _("capital letters count"), default=False, help_text=_("“Polish” is then another term than “polish”.")
    )
    note = models.CharField(_("note for translators"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = ["source_term", "language"]
        constraints = [
            models.UniqueConstraint(Lower("source_term"), "language", name="catalog_glossaryterm_once"),
            models.CheckConstraint(
                condition=Q(do_not_translate=True, target_term="")
                | (Q(do_not_translate=False) & ~Q(target_term="") & ~Q(language="")),
                name="catalog_glossaryterm_says_what_to_write",
            ),
            models.CheckConstraint(condition=~Q(source_term=""), name="catalog_glossaryterm_has_a_term"),
        ]

    def __str__(self) -> str:
        return self.source_term
