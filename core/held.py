"""What core holds about people: the messages sent to them, and who did what."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from core.models import AuditEntry, Message
from core.privacy import Holding, Personal, Subject, erased_email, register, rows_of


def _messages(subject: Subject) -> Q:
    by_address: Q = reduce(or_, (Q(recipient__iexact=email) for email in sorted(subject.emails)), Q(pk__in=[]))
    return by_address


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The messages, and what the account did."""
    fields = ("kind", "recipient", "language", "subject", "text", "reference", "created", "sent_at")
    found = {"core.Message": rows_of(Message.objects.filter(_messages(subject)), *fields)}
    if subject.user_id is not None:
        entries = AuditEntry.objects.filter(actor_id=subject.user_id)
        found["core.AuditEntry"] = rows_of(entries, "at", "action", "target", "reason")
    return found


def erase(subject: Subject) -> Mapping[str, int]:
    """Of messages stays that, when and about what they were sent; to whom and their words go. Unsent ones go whole."""
    found = Message.objects.filter(_messages(subject))
    unsent, _by_model = found.exclude(state=Message.State.SENT).delete()
    sent = found.update(recipient=erased_email("message"), subject="", text="", html="", last_error="")
    return {"core.Message": unsent + sent}


register(
    Holding(
        app="core",
        personal=(
            Personal(
                model="core.Message",
                fields=("recipient", "subject", "text", "html"),
                purpose="What was written to a customer, and whether it arrived.",
                fate="blanked",
            ),
            Personal(
                model="core.AuditEntry",
                fields=("actor", "actor_label", "data"),
                purpose="Who did what in the shop.",
                fate="kept",
                reason="Accountability: an unbroken chain. Shoppers are in it by number only, operators by address.",
            ),
            Personal(
                model="core.Job",
                fields=("started_by",),
                purpose="Which operator started long work.",
                fate="kept",
                reason="A number that leads to a pseudonymised account.",
            ),
        ),
        export=export,
        erase=erase,
    )
)
