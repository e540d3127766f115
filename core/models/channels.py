"""Ways to reach people: what each person wishes, which browsers listen, and which channels answer at all."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChannelState(models.Model):
    """The circuit breaker of one channel. `open_until` in the future: nobody asks the provider before."""

    channel = models.CharField(_("channel"), max_length=20, primary_key=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    open_until = models.DateTimeField(_("asked again at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("state of a channel")
        verbose_name_plural = _("states of channels")

    def __str__(self) -> str:
        return self.channel


class MessageWish(models.Model):
    """What one person said about one topic and one channel. No row: the topic's own default counts.

    `person` is the fingerprint of their address, so that guests have wishes, too, and the table names nobody.
    `said` keeps the sentence they agreed to, as proof of the consent.
    """

    person = models.CharField(max_length=64, editable=False)
    topic = models.CharField(_("topic"), max_length=40)
    channel = models.CharField(_("channel"), max_length=20)
    is_wanted = models.BooleanField(_("wanted"))
    said = models.TextField(_("what was agreed to"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("wish about messages")
        verbose_name_plural = _("wishes about messages")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["person", "topic", "channel"], name="message_wish_once")]

    def __str__(self) -> str:
        return f"{self.topic} · {self.channel}"


class PushSubscription(models.Model):
    """One browser that agreed to be told. Its address and keys are its own, given by its push server.

    `reference` limits it to one thing, such as one order followed by a guest; empty: everything of the person.
    """

    person = models.CharField(max_length=64, editable=False)
    reference = models.CharField(_("about"), max_length=100, blank=True)
    endpoint = models.URLField(_("address"), max_length=1000)
    endpoint_hash = models.CharField(max_length=64, editable=False)
    p256dh = models.CharField(max_length=100, editable=False)
    auth = models.CharField(max_length=40, editable=False)
    language = models.CharField(_("language"), max_length=10)
    said = models.TextField(_("what was agreed to"))
    created = models.DateTimeField(_("agreed"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("browser that is told")
        verbose_name_plural = _("browsers that are told")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint_hash", "person", "reference"],
                name="push_once",
                condition=models.Q(ended_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(fields=["person"], name="push_of_person", condition=models.Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.endpoint.split("/", 3)[2] if self.endpoint.count("/") > 2 else self.endpoint
