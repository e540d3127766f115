"""The inbox: what providers told us, kept before anybody acts on it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PaymentEvent(models.Model):
    """One verified webhook message. The same message is kept once, however often it arrives."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        PROCESSED = "processed", _("processed")
        IGNORED = "ignored", _("not for us")
        UNMATCHED = "unmatched", _("no payment found")

    provider = models.CharField(_("provider"), max_length=30)
    event_id = models.CharField(_("event"), max_length=255)
    kind = models.CharField(_("kind"), max_length=100)
    provider_ref = models.CharField(_("provider's reference"), max_length=255, blank=True)
    payment_ref = models.UUIDField(_("payment"), null=True, blank=True)
    payload = models.JSONField(_("content"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    occurred_at = models.DateTimeField(_("occurred"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("provider message")
        verbose_name_plural = _("provider messages")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="payment_event_once"),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="payment_event_due", condition=Q(processed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
