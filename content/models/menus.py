"""Links of the header and the page foot. A category in the header brings its own panel along."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from content.models.shown import Shown, ShownQuerySet


class MenuLink(Shown):
    """One link of one menu. `target` is written as `content.targets` reads it."""

    class Menu(models.TextChoices):
        HEAD = "head", _("Header")
        SHOP = "shop", _("Foot: shop")
        HELP = "help", _("Foot: help")
        ABOUT = "about", _("Foot: about")
        LEGAL = "legal", _("Foot: legal")

    menu = models.CharField(_("menu"), max_length=10, choices=Menu)
    code = models.SlugField(_("code"), max_length=60)
    label = models.CharField(_("label"), max_length=80)
    target = models.CharField(_("target"), max_length=200)

    i18n = TranslationField(fields=("label",))
    objects: ClassVar[ShownQuerySet["MenuLink"]] = ShownQuerySet.as_manager()  # type: ignore[assignment] # stubs

    class Meta:
        verbose_name = _("menu link")
        verbose_name_plural = _("menu links")
        ordering = ["menu", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["menu", "code"], name="menulink_once_per_menu")]

    def __str__(self) -> str:
        return self.label
