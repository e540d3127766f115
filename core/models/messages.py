"""The log of every message the shop has sent or tries to send."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One message to one person by one channel, rendered and stored before it leaves.

    `recipient` is an address, a telephone number or, by web push, the browser's push server. `person` is the
    fingerprint of the address the shop knows them by. A message that is not sent by `useful_until` is dropped.
    `arrived_at` is what a provider reported later; most report nothing.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        DROPPED = "dropped", _("not sent any more")

    dedupe_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    channel = models.CharField(_("channel"), max_length=20, default="email")
    recipient = models.CharField(_("recipient"), max_length=254)
    person = models.CharField(max_length=64, blank=True, editable=False)
    subscription = models.ForeignKey(
        "core.PushSubscription", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    language = models.CharField(_("language"), max_length=10)
    market = models.CharField(_("market"), max_length=10, blank=True)
    reference = models.CharField(_("about"), max_length=100, blank=True)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(blank=True)
    link = models.CharField(_("link"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    useful_until = models.DateTimeField(_("useful until"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        permissions = [
            ("retry_message", _("Can send failed messages again")),
            ("preview_message", _("Can look at every message and send one to themselves")),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="message_due", condition=models.Q(state="waiting")),
            models.Index(fields=["reference"], name="message_about"),
            models.Index(fields=["state"], name="message_failed", condition=models.Q(state="failed")),
            models.Index(fields=["person"], name="message_person", condition=~models.Q(person="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient}"
