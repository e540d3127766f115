"""Payment methods the world knows, and which of them a market offers in which order."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from markets.models.dated import Sourced
from markets.models.markets import Market


class PaymentMethod(Sourced):
    """A way to pay: facts about it, not the connection to a provider."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    brand = models.CharField(_("brand"), max_length=120)
    provider_codes = models.JSONField(_("codes at providers"), default=dict, blank=True)
    buyer_countries = models.JSONField(_("countries of buyers"), default=list, blank=True)
    presentment_currencies = models.JSONField(_("currencies"), default=list, blank=True)
    family = models.CharField(_("family"), max_length=20)
    flow = models.CharField(_("flow"), max_length=120, blank=True)
    confirmation = models.CharField(_("confirmation"), max_length=120, blank=True)
    is_delayed = models.BooleanField(_("the result arrives later"), default=False)
    typical_completion = models.CharField(_("typical completion"), max_length=160, blank=True)
    refunds = models.CharField(_("refunds"), max_length=160, blank=True)
    buyer_disputes = models.BooleanField(_("buyers can dispute"), default=False)
    is_reusable = models.BooleanField(_("reusable for recurring payments"), default=False)
    status = models.CharField(_("status"), max_length=20, default="active")

    class Meta:
        verbose_name = _("payment method")
        verbose_name_plural = _("payment methods")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.brand


class MarketPaymentMethod(models.Model):
    """A market offers a method, at a position, within an amount range."""

    market = models.ForeignKey(
        Market, verbose_name=_("market"), on_delete=models.PROTECT, related_name="offered_methods"
    )
    method = models.ForeignKey(PaymentMethod, verbose_name=_("method"), on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(
        _("provider"), max_length=40, blank=True, help_text=_("Empty: the first provider that knows the method.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    minimum = models.DecimalField(_("from amount"), max_digits=19, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(_("up to amount"), max_digits=19, decimal_places=4, null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("payment method of a market")
        verbose_name_plural = _("payment methods of markets")
        ordering = ["market", "position", "method"]
        constraints = [
            models.UniqueConstraint(fields=["market", "method"], name="markets_market_method_once"),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(maximum__gte=models.F("minimum")),
                name="markets_market_method_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market_id} {self.method_id}"
