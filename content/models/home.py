"""Sections of the home page and what they hold."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from content.models.shown import Shown, ShownQuerySet


class HomeSection(Shown):  # type: ignore[django-manager-missing]  # modeltrans makes the manager of `items`
    """One section of the home page. `kind` says how it looks and what its items mean."""

    class Kind(models.TextChoices):
        HERO = "hero", _("Hero")
        PROMISES = "promises", _("Promises")
        ROOMS = "rooms", _("Rooms")
        BESTSELLERS = "bestsellers", _("Bestsellers")
        NEW = "new", _("New products")
        STORY = "story", _("Story with a route")
        QUOTES = "quotes", _("Quotes")
        READING = "reading", _("Things to read")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    label = models.CharField(_("label"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=120)
    text = models.CharField(_("text"), max_length=400, blank=True)
    link_label = models.CharField(_("link"), max_length=80, blank=True)
    link_target = models.CharField(_("link target"), max_length=200, blank=True)
    second_label = models.CharField(_("second link"), max_length=80, blank=True)
    second_target = models.CharField(_("second link target"), max_length=200, blank=True)
    picture = models.CharField(_("picture"), max_length=200, blank=True)
    picture_small = models.CharField(_("picture for phones"), max_length=200, blank=True)
    picture_alt = models.CharField(_("picture in words"), max_length=200, blank=True)
    picture_width = models.PositiveSmallIntegerField(_("picture width"), default=0)
    picture_height = models.PositiveSmallIntegerField(_("picture height"), default=0)
    progress = models.PositiveSmallIntegerField(_("progress of the route, percent"), default=0)

    i18n = TranslationField(fields=("label", "title", "text", "link_label", "second_label", "picture_alt"))
    objects: ClassVar[ShownQuerySet["HomeSection"]] = ShownQuerySet.as_manager()  # type: ignore[assignment] # stubs

    class Meta:
        verbose_name = _("home section")
        verbose_name_plural = _("home sections")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="homesection_progress_is_a_percentage")
        ]

    def __str__(self) -> str:
        return self.title


class HomeItem(models.Model):
    """One promise, room, stop of a route, quote or article, inside a section."""

    section = models.ForeignKey(HomeSection, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    icon = models.CharField(_("icon"), max_length=20, blank=True)
    label = models.CharField(_("label"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=120)
    text = models.CharField(_("text"), max_length=400, blank=True)
    target = models.CharField(_("target"), max_length=200, blank=True)
    picture = models.CharField(_("picture"), max_length=200, blank=True)
    picture_width = models.PositiveSmallIntegerField(_("picture width"), default=0)
    picture_height = models.PositiveSmallIntegerField(_("picture height"), default=0)
    language = models.CharField(
        _("written in"), max_length=10, blank=True, help_text=_("Of a quote: other languages say it is translated.")
    )
    stars = models.PositiveSmallIntegerField(_("stars"), null=True, blank=True)

    i18n = TranslationField(fields=("label", "title", "text"))
    objects: ClassVar[models.Manager["HomeItem"]] = models.Manager()

    class Meta:
        verbose_name = _("home item")
        verbose_name_plural = _("home items")
        ordering = ["section", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["section", "position"], name="homeitem_one_per_position"),
            models.CheckConstraint(
                condition=models.Q(stars__isnull=True) | models.Q(stars__range=(1, 5)),
                name="homeitem_stars_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return self.title
