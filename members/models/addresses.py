"""Addresses a member keeps for the next purchase."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped


class Address(TimeStamped):
    """One saved address. `fields` holds what the country's form asks, by the names of `markets.addresses`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="addresses")
    country = models.CharField(_("country"), max_length=2)
    fields = models.JSONField(_("address"), default=dict)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    is_default = models.BooleanField(_("first choice"), default=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(is_default=True), name="address_one_default_per_user"
            ),
            models.CheckConstraint(condition=models.Q(country__regex=r"^[A-Z]{2}$"), name="address_country_code"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.fields.get('city', '')}".strip()
