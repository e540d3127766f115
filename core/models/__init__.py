"""Tables of mechanisms: nothing here knows about commerce."""

from core.models.audit import AuditEntry
from core.models.channels import ChannelState, MessageWish, PushSubscription
from core.models.idempotency import IdempotencyKey
from core.models.integrity import IntegrityRun
from core.models.jobs import Job, JobError, JobItem
from core.models.messages import Message
from core.models.outbox import OutboxMessage
from core.models.sequences import Sequence
from core.models.words import MessageWords

__all__ = [
    "AuditEntry",
    "ChannelState",
    "IdempotencyKey",
    "IntegrityRun",
    "Job",
    "JobError",
    "JobItem",
    "Message",
    "MessageWish",
    "MessageWords",
    "OutboxMessage",
    "PushSubscription",
    "Sequence",
]
