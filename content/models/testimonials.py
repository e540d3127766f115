"""What buyers said, picked from real reviews, on the first page and on shelves."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from content.models.shown import Shown, ShownQuerySet


class Testimonial(Shown):
    """A review, or a part of it word for word, shown away from its product.

    `excerpt` is in the review's own language; `translations` are the same words in others, by language. Readers of a
    translation are told so; a language without one does not show it. No category: the first page. A
    review that is no longer shown on its product's page is not shown here either.
    """

    review = models.ForeignKey("catalog.Review", verbose_name=_("review"), on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(
        "catalog.Category", verbose_name=_("category"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="+", help_text=_("Empty means the first page."),
    )  # fmt: skip
    excerpt = models.CharField(pgettext_lazy("the words of a text", "words"), max_length=400)
    permission = models.CharField(
        _("how the author agreed"), max_length=200,
        help_text=_("Where the author allows you to quote them, such as a message or the terms they accepted."),
    )  # fmt: skip

    translations = models.JSONField(_("translations"), default=dict, blank=True)

    objects: ClassVar[ShownQuerySet["Testimonial"]] = ShownQuerySet.as_manager()  # type: ignore[assignment] # stubs

    class Meta:
        verbose_name = _("testimonial")
        verbose_name_plural = _("testimonials")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "category"], name="testimonial_once_per_place", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~models.Q(permission=""), name="testimonial_with_permission"),
            models.CheckConstraint(condition=~models.Q(excerpt=""), name="testimonial_with_words"),
        ]
        permissions = [("pick_testimonial", _("Can pick reviews to show as testimonials"))]

    def __str__(self) -> str:
        return self.excerpt[:60]
