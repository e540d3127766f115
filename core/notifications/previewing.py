"""Look at every message before anybody gets it, and send one to oneself. Samples here; orders show their own words."""

import uuid

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.models import Message
from core.notifications.channels import EMAIL
from core.notifications.kinds import Kind, kinds
from core.notifications.rendering import Rendered, render_message
from core.notifications.wishes import person_of
from core.notifications.words import added_to
from core.wakeups import wake_on_commit

REFERENCE = "sample"


class NoSuchMessage(DomainError):
    """Nothing is called so, or it is not written for this channel, or has no sample."""

    code = "NO_SUCH_MESSAGE"


def previewable() -> tuple[Kind, ...]:
    """Every message that brings a sample, in the order of its app's list."""
    return tuple(one for one in kinds().values() if one.sample())


def preview(*, name: str, channel: str, language: str, market: str = "") -> Rendered:
    """A message with its sample and the market's own words, as it would leave. Raises `NoSuchMessage`."""
    kind = kinds().get(name)
    if kind is None or channel not in kind.channels:
        raise NoSuchMessage
    with translation.override(language):
        sample = kind.sample()
    if not sample:
        raise NoSuchMessage
    added = added_to(name, market=market, language=language)
    return render_message(kind, channel=channel, language=language, context=sample, added=added)


def send_sample(*, name: str, language: str, to: str, market: str = "") -> Message:
    """Mail a sample to `to`, the address of whoever asks; marked as a test in its subject. Raises `NoSuchMessage`."""
    rendered = preview(name=name, channel=EMAIL, language=language, market=market)
    with transaction.atomic():
        message = Message.objects.create(
            dedupe_key=f"sample:{uuid.uuid4()}",
            kind=name,
            channel=EMAIL,
            recipient=to,
            person=person_of(to),
            language=language,
            market=market,
            reference=REFERENCE,
            subject=f"[{_('Test')}] {rendered.subject}"[:300],
            text=rendered.text,
            html=rendered.html,
        )
        audit.record("core.send_sample", message, data={"kind": name, "language": language})
        wake_on_commit("core.tasks.send_messages")
    return message
