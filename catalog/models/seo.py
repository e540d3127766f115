"""What search engines are told of pages that say nothing themselves."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class MetaTemplate(models.Model):
    """A pattern for titles and descriptions in one language, of one market or of all that have none of their own.

    `{name}` and its like stand for facts of the page; what a kind of page knows is in `FACTS`.
    """

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Product")
        CATEGORY = "category", _("Category")

    FACTS = {
        Kind.PRODUCT: frozenset({"name", "brand", "category", "price", "summary", "market"}),
        Kind.CATEGORY: frozenset({"name", "parent", "description", "market"}),
    }

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=12)
    market = models.ForeignKey(
        "markets.Market",
        verbose_name=_("market"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: every market without a pattern of its own."),
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    description = models.TextField(_("description"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("pattern for search engines")
        verbose_name_plural = _("patterns for search engines")
        ordering = ["kind", "language", "market"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language", "market"], name="catalog_metatemplate_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"

    def clean(self) -> None:
        """Refuse a placeholder that the kind of page knows nothing of."""
        known = self.FACTS.get(self.Kind(self.kind), frozenset()) if self.kind else frozenset()
        problems = {}
        for field in ("title", "description"):
            strange = sorted(set(PLACEHOLDER.findall(getattr(self, field))) - known)
            if strange:
                problems[field] = _("%(strange)s stands for nothing here. Known are: %(known)s.") % {
                    "strange": ", ".join(f"{{{name}}}" for name in strange),
                    "known": ", ".join(f"{{{name}}}" for name in sorted(known)),
                }
        if problems:
            raise ValidationError(problems)
