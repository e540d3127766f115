"""Price lists, the prices on them, what was shown when, and the cache of what applies."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import exponent_check, money_field
from core.locks import LockingQuerySet

PUBLIC = "public"
"""The audience everybody belongs to. Other keys are opaque here: members and marketing grant them."""


class PriceList(models.Model):
    """Prices of one market for one audience and time. A derived list follows its parent by `adjust_bp`."""

    class Kind(models.TextChoices):
        BASE = "base", _("Ordinary prices")
        SALE = "sale", _("Sale")
        TIER = "tier", _("Quantity prices")
        MEMBER = "member", _("Member prices")
        FLASH = "flash", _("Flash sale")
        CONTRACT = "contract", _("Contract")
        GROUP_BUY = "group_buy", _("Group buying")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        ARCHIVED = "archived", _("Archived")

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    market = models.ForeignKey("markets.Market", verbose_name=_("market"), on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(_("currency"), max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")])
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.BASE)
    priority = models.IntegerField(_("priority"), default=0)
    during = DateTimeRangeField(_("during"), null=True, blank=True)  # type: ignore[misc] # stubs
    audience_key = models.CharField(_("audience"), max_length=80, default=PUBLIC)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("derived from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="derived_lists",
    )
    adjust_bp = models.IntegerField(_("adjustment in basis points"), null=True, blank=True)
    charm_rule = models.JSONField(_("price ending rule"), null=True, blank=True)
    boundary_seen_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["market", "kind", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True, adjust_bp__isnull=True)
                | Q(parent__isnull=False, adjust_bp__isnull=False),
                name="catalog_pricelist_derived_has_adjustment",
            ),
            models.CheckConstraint(
                condition=Q(adjust_bp__isnull=True) | Q(adjust_bp__gt=-10000),
                name="catalog_pricelist_adjustment_leaves_a_price",
            ),
            models.CheckConstraint(condition=~Q(audience_key=""), name="catalog_pricelist_has_audience"),
        ]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """The price of a variant on a list from a quantity on. Rows of a derived list are `derived`, unless overridden."""

    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="prices")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="prices")
    min_qty = models.PositiveIntegerField(_("from quantity"), default=1)
    amount = money_field(verbose_name=_("amount"))
    derived = models.BooleanField(_("follows the parent list"), default=False, editable=False)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        indexes = [models.Index(fields=["variant", "price_list"], name="catalog_price_of_variant")]
        constraints = [
            models.UniqueConstraint(fields=["price_list", "variant", "min_qty"], name="catalog_price_once"),
            models.CheckConstraint(condition=Q(min_qty__gte=1), name="catalog_price_min_qty"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="catalog_price_not_negative"),
            exponent_check("amount", "catalog_price_digits"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="currency_of_the_list",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.amount_currency <> (SELECT currency FROM catalog_pricelist WHERE id = NEW.price_list_id) THEN
                        RAISE EXCEPTION 'a price has the currency of its list' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} from {self.min_qty}: {self.amount}"


class PublishedPrice(models.Model):
    """What everybody was shown, and when. `reduced` says that it was announced as a reduction.

    History for the prior-price rule (98/6/EC art. 6a): rows are closed, never changed otherwise, never deleted.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+")
    amount = money_field(verbose_name=_("amount"))
    reduced = models.BooleanField(_("shown as a reduction"), default=False)
    during = DateTimeRangeField(_("during"))

    objects: ClassVar[models.Manager["PublishedPrice"]] = models.Manager()

    class Meta:
        verbose_name = _("published price")
        verbose_name_plural = _("published prices")
        constraints = [
            ExclusionConstraint(
                name="catalog_publishedprice_one_at_a_time",
                expressions=[
                    ("variant", RangeOperators.EQUAL),
                    ("market", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__lower_inf=False),
                name="catalog_publishedprice_has_a_time",
            ),
            exponent_check("amount", "catalog_publishedprice_digits"),
        ]
        triggers = [pgtrigger.Protect(name="history_stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.market_id}: {self.amount}"


class EffectivePrice(models.Model):
    """Derived: what a variant costs now in a market for an audience from a quantity on. Rebuildable to the bit."""

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="effective_prices")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+")
    audience_key = models.CharField(max_length=80, default=PUBLIC)
    min_qty = models.PositiveIntegerField(default=1)
    amount = money_field()
    list_amount = money_field(null=True)
    prior_low = money_field(null=True)
    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="+")
    computed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager["EffectivePrice"]] = models.Manager()

    class Meta:
        verbose_name = _("effective price")
        verbose_name_plural = _("effective prices")
        indexes = [
            models.Index(
                fields=["market", "variant"],
                include=["amount"],
                condition=Q(audience_key=PUBLIC, min_qty=1),
                name="catalog_effectiveprice_shown",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "market", "audience_key", "min_qty"], name="catalog_effectiveprice_once"
            ),
            exponent_check("amount", "catalog_effectiveprice_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.market_id}: {self.amount}"
