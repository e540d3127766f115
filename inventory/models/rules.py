"""By which rules a market chooses between warehouses, and what else counts as a cost."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import exponent_check, money_field


class AllocationRule(models.Model):
    """One rule of a market. Rules are asked in order; the first that tells two plans apart decides between them."""

    class Kind(models.TextChoices):
        PREFERRED = "preferred", _("preferred warehouses first")
        SAME_COUNTRY = "same_country", _("from the country of the address")
        BONDED_FIRST = "bonded_first", _("from bonded warehouses first")
        MIN_SPLITS = "min_splits", _("as few parcels as possible")
        OLDEST_BATCH = "oldest_batch", _("where the stock is oldest")
        AVOID = "avoid", _("not from these warehouses, if others can")

    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("rule"), max_length=20, choices=Kind.choices)
    params = models.JSONField(
        _("warehouses"),
        default=list,
        blank=True,
        help_text=_("Codes of warehouses for the rules that name some. Empty: the market's own order."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects: ClassVar[models.Manager["AllocationRule"]] = models.Manager()

    class Meta:
        verbose_name = pgettext_lazy("choosing warehouses", "sourcing rule")
        verbose_name_plural = pgettext_lazy("choosing warehouses", "sourcing rules")
        ordering = ["market", "position"]
        constraints = [
            models.UniqueConstraint(fields=["market", "kind"], name="allocation_rule_once_per_market"),
            models.UniqueConstraint(
                fields=["market", "position"],
                name="allocation_rule_position_per_market",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market_id}: {self.position}. {self.kind}"


class SourcingWeights(models.Model):
    """What counts beside freight and duty in a market, as money. Without a row nothing else does."""

    market = models.OneToOneField("markets.Market", on_delete=models.PROTECT, related_name="+")
    split = money_field(verbose_name=_("each further parcel"))
    late = money_field(verbose_name=_("each day later"))
    scarce = money_field(verbose_name=_("each last piece of a warehouse"))

    objects: ClassVar[models.Manager["SourcingWeights"]] = models.Manager()

    class Meta:
        verbose_name = pgettext_lazy("choosing warehouses", "what else counts")
        verbose_name_plural = pgettext_lazy("choosing warehouses", "what else counts")
        constraints = [
            models.CheckConstraint(
                condition=Q(split__gte=0) & Q(late__gte=0) & Q(scarce__gte=0), name="sourcing_weights_not_negative"
            ),
            exponent_check("split", "sourcing_split_minor_units"),
            exponent_check("late", "sourcing_late_minor_units"),
            exponent_check("scarce", "sourcing_scarce_minor_units"),
        ]

    def __str__(self) -> str:
        return f"{self.market_id}: {self.split}, {self.late}, {self.scarce}"
