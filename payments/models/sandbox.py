"""The sandbox provider's own books. They stand for the world outside: nothing else in the shop reads them."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.money import from_minor


class SandboxCharge(TimeStamped):
    """A test payment as the sandbox knows it."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CONFIRMING = "confirming", _("needs confirmation")
        PENDING = "pending", _("pending")
        AUTHORIZED = "authorized", _("authorised")
        SUCCEEDED = "succeeded", _("succeeded")
        DECLINED = "declined", _("declined")
        CANCELED = "canceled", _("cancelled")

    token = models.CharField(max_length=64, unique=True)
    idempotency_key = models.CharField(max_length=120, unique=True)
    fingerprint = models.CharField(max_length=64)
    payment_ref = models.UUIDField(_("payment"))
    order_ref = models.CharField(_("order"), max_length=40)
    method = models.CharField(_("method"), max_length=40)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    captured_minor = models.BigIntegerField(_("captured"), default=0)
    refunded_minor = models.BigIntegerField(_("refunded"), default=0)
    manual_capture = models.BooleanField(default=False)
    language = models.CharField(max_length=10)
    market = models.CharField(max_length=10, blank=True)
    return_url = models.CharField(max_length=500)
    cancel_url = models.CharField(max_length=500)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    decline_code = models.CharField(_("reason"), max_length=60, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    due_at = models.DateTimeField(_("result due"), null=True, blank=True)
    due_result = models.CharField(_("result to come"), max_length=12, blank=True)
    expires_at = models.DateTimeField(_("expires"))

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("test payment")
        verbose_name_plural = _("test payments")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, captured_minor__lte=F("amount_minor"))
                & Q(refunded_minor__lte=F("captured_minor")),
                name="sandbox_charge_within",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="sandbox_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.order_ref} {self.amount}"

    @property
    def amount(self) -> Money:
        return from_minor(self.amount_minor, self.currency)

    @property
    def provider_ref(self) -> str:
        return f"sbx_{self.pk}"


class SandboxMovement(models.Model):
    """Something that happened to a charge; the same key happens once.

    Money moves with a capture, a refund, a dispute and a dispute that was won. With the other kinds the sandbox only
    says something, and their amount is nothing or what it is about.
    """

    class Kind(models.TextChoices):
        CAPTURE = "capture"
        REFUND = "refund"
        DISPUTE = "dispute"
        WON = "won"
        LOST = "lost"
        STRONG = "strong"
        ELEVATED = "elevated"
        HIGHEST = "highest"

    charge = models.ForeignKey(SandboxCharge, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10)
    idempotency_key = models.CharField(max_length=120, unique=True)
    refund_ref = models.UUIDField(null=True)
    amount_minor = models.BigIntegerField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("test movement")
        verbose_name_plural = _("test movements")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"

    @property
    def ref(self) -> str:
        return f"sbx_{self.kind}_{self.pk}"

    @property
    def signed_minor(self) -> int:
        """What it moved, seen from the shop."""
        return SIGNS.get(self.kind, 0) * self.amount_minor


SIGNS: dict[str, int] = {
    SandboxMovement.Kind.CAPTURE: 1,
    SandboxMovement.Kind.REFUND: -1,
    SandboxMovement.Kind.DISPUTE: -1,
    SandboxMovement.Kind.WON: 1,
}
"""Kinds that move money, and in which direction."""


class SandboxWebhook(models.Model):
    """A message the sandbox has to deliver to the shop, and how often it has tried."""

    charge = models.ForeignKey(SandboxCharge, on_delete=models.PROTECT, related_name="webhooks")
    event_id = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=60)
    due_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("test message")
        verbose_name_plural = _("test messages")
        indexes = [models.Index(fields=["due_at"], name="sandbox_webhook_due", condition=Q(delivered_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
