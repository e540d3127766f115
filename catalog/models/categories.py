"""Categories: a tree of few, cached nodes."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField
from tree_queries.fields import TreeNodeForeignKey
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from catalog.models.translations import Translated


class Category(Translated, TreeNode):  # type: ignore[misc, django-manager-missing] # untyped tree_queries
    """A shelf of the shop. Slugs per language are `Route` rows."""

    code = models.SlugField(_("code"), max_length=80, unique=True, allow_unicode=True)
    parent = TreeNodeForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    meta_title = models.CharField(_("title for search engines"), max_length=120, blank=True)
    meta_description = models.CharField(_("description for search engines"), max_length=320, blank=True)
    picture = models.ForeignKey(
        "catalog.MediaAsset",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    active = models.BooleanField(_("active"), default=True)
    in_menu = models.BooleanField(_("in the menu"), default=True)
    i18n = TranslationField(fields=("name", "description", "meta_title", "meta_description"))

    objects: ClassVar[models.Manager["Category"]] = TreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="catalog_category_is_not_its_parent",
            )
        ]

    def __str__(self) -> str:
        return self.name
