"""The audit trail: who did what to what, append-only and chained by hashes."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One operation. `hash` covers the entry and the hash before it, so a missing or altered row shows."""

    at = models.DateTimeField(_("time"))
    action = models.CharField(_("action"), max_length=100)
    target = models.CharField(_("target"), max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_label = models.CharField(_("done by"), max_length=200)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("activity log entry")
        verbose_name_plural = _("activity log")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["target", "-id"], name="audit_by_target")]
        triggers = [
            pgtrigger.Protect(name="audit_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"
