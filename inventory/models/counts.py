"""Stock takes: what people count while sales go on."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions
from inventory.reasons import Reason


class StockTake(Transitions, TimeStamped):
    """One count of a warehouse or a part of it."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("state of a stock take", "planned")
        COUNTING = "counting", pgettext_lazy("state of a stock take", "being counted")
        REVIEW = "review", pgettext_lazy("state of a stock take", "under review")
        BOOKED = "booked", pgettext_lazy("state of a stock take", "booked")
        CANCELED = "canceled", pgettext_lazy("state of a stock take", "canceled")

    class Scope(models.TextChoices):
        ALL = "all", _("the whole warehouse")
        SHELF = "shelf", _("shelves that begin with")
        CATEGORY = "category", _("a category")
        ALERTS = "alerts", _("everything that is low or sold out")

    transitions: ClassVar = {
        "state": {
            "draft": {"counting", "canceled"},
            "counting": {"review", "canceled"},
            "review": {"counting", "booked", "canceled"},
        }
    }

    number = models.CharField(_("number"), max_length=20, unique=True)
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(_("what is counted"), max_length=10, choices=Scope.choices, default=Scope.ALL)
    part = models.CharField(_("which"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    is_blind = models.BooleanField(
        _("without the expected numbers"), default=True, help_text=_("People count better when they see none.")
    )
    review_above = models.PositiveIntegerField(
        _("second person above"), default=5, help_text=_("Differences of more pieces need somebody else's word.")
    )
    began_at = models.DateTimeField(_("begun"), null=True, blank=True)
    ended_at = models.DateTimeField(_("counted until"), null=True, blank=True)
    booked_at = models.DateTimeField(_("booked"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock take")
        verbose_name_plural = _("stock takes")
        ordering = ["-pk"]
        permissions = [
            ("count_stock", _("Can count stock")),
            ("book_stocktake", _("Can plan and book stock takes")),
            ("approve_difference", _("Can agree to large differences that somebody else counted")),
        ]

    def __str__(self) -> str:
        return self.number


class StockTakeLine(models.Model):
    """One shelf of a stock take: what was counted, and what the books said at that very moment."""

    stock_take = models.ForeignKey(StockTake, on_delete=models.PROTECT, related_name="lines")
    stock_item = models.ForeignKey("inventory.StockItem", on_delete=models.PROTECT, related_name="+")
    expected_at_count = models.IntegerField(_("in the books"), null=True, blank=True)
    movement_at_count = models.BigIntegerField(null=True, blank=True, editable=False)
    counted = models.PositiveIntegerField(_("counted"), null=True, blank=True)
    difference = models.IntegerField(_("difference"), default=0)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices, blank=True, default="")
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    counted_at = models.DateTimeField(_("when"), null=True, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("counted by"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("agreed to by"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    approved_at = models.DateTimeField(_("agreed to"), null=True, blank=True)
    rounds = models.PositiveSmallIntegerField(_("times counted"), default=0)

    objects: ClassVar[models.Manager["StockTakeLine"]] = models.Manager()

    class Meta:
        verbose_name = _("line of a stock take")
        verbose_name_plural = _("lines of stock takes")
        ordering = ["stock_item__shelf", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stock_take", "stock_item"], name="stocktake_line_once"),
            models.CheckConstraint(
                condition=Q(counted__isnull=True, expected_at_count__isnull=True, difference=0)
                | Q(
                    counted__isnull=False,
                    expected_at_count__isnull=False,
                    difference=F("counted") - F("expected_at_count"),
                ),
                name="stocktake_difference_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(counted_by__isnull=True) | ~Q(approved_by=F("counted_by")),
                name="stocktake_second_person_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stock_take_id}: {self.stock_item_id}"
