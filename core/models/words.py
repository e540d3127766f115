"""Words of their own that operators put into messages: a signature, or a sentence in one kind of message."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageWords(models.Model):
    """Plain lines in one language for the mails of one market; no row: nothing is added.

    Without a kind they are the signature at the end of every mail, with one a sentence below that message.
    They are never read as a template: what looks like one is refused, and every letter is escaped.
    """

    market = models.CharField(_("market"), max_length=10, blank=True)
    """Empty: every market that says nothing itself."""
    language = models.CharField(_("language"), max_length=10)
    kind = models.CharField(_("message"), max_length=60, blank=True)
    text = models.TextField(_("words"))
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("words in messages")
        verbose_name_plural = _("words in messages")
        ordering = ["market", "language", "kind"]
        constraints = [models.UniqueConstraint(fields=["market", "language", "kind"], name="message_words_once")]

    def __str__(self) -> str:
        return " · ".join(part for part in (self.market, self.language, self.kind) if part)
