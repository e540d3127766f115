"""What of the machinery waits for a person."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.chores import Chore, register
from core.models import Job, Message, OutboxMessage

RECENT = timedelta(days=14)


def _failed_jobs() -> QuerySet[Job]:
    return Job.objects.filter(state=Job.State.FAILED, created__gte=timezone.now() - RECENT)


register(
    Chore(
        key="messages",
        permission="core.view_message",
        rows=lambda: Message.objects.filter(state=Message.State.FAILED),
        since="created",
        title=_("Messages that did not arrive"),
        sentence=_("The mail server refused them; the customers know nothing yet."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:core_message_changelist",
        query="state__exact=failed",
        is_urgent=True,
        place=140,
    ),
    Chore(
        key="outbox",
        permission="core.view_outboxmessage",
        rows=lambda: OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD),
        since="created",
        title=_("Consequences given up"),
        sentence=_("Something that should have followed an event failed every time."),
        button=pgettext_lazy("button in the work queue", "Try again"),
        url_name="admin:core_outboxmessage_changelist",
        query="state__exact=dead",
        is_urgent=True,
        place=150,
    ),
    Chore(
        key="jobs",
        permission="core.view_job",
        rows=_failed_jobs,
        since="created",
        title=_("Jobs that failed"),
        sentence=_("Imports and other long work of the last 14 days."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:core_job_changelist",
        query="state__exact=failed",
        place=180,
    ),
)
