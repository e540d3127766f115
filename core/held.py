"""What core holds about people: the messages sent to them, and who did what."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from core.models import AuditEntry, Message, MessageWish, PushSubscription
from core.notifications.wishes import all_names_of
from core.privacy import Holding, Personal, Subject, erased_email, register, rows_of


def _messages(subject: Subject) -> Q:
    by_address: Q = reduce(or_, (Q(recipient__iexact=email) for email in sorted(subject.emails)), Q(pk__in=[]))
    return by_address | Q(person__in=_persons(subject))


def _persons(subject: Subject) -> list[str]:
    """What the person is known by where no address is kept."""
    return [name for email in sorted(subject.emails) for name in all_names_of(email)]


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The messages, and what the account did."""
    fields = ("kind", "channel", "recipient", "language", "subject", "text", "reference", "created", "sent_at")
    mine = {"person__in": _persons(subject)}
    found = {
        "core.Message": rows_of(Message.objects.filter(_messages(subject)), *fields),
        "core.MessageWish": rows_of(
            MessageWish.objects.filter(**mine), "topic", "channel", "is_wanted", "said", "changed"
        ),
        "core.PushSubscription": rows_of(
            PushSubscription.objects.filter(**mine), "reference", "endpoint", "said", "created", "ended_at"
        ),
    }
    if subject.user_id is not None:
        entries = AuditEntry.objects.filter(actor_id=subject.user_id)
        found["core.AuditEntry"] = rows_of(entries, "at", "action", "target", "reason")
    return found


def erase(subject: Subject) -> Mapping[str, int]:
    """Of messages stays that, when and about what they were sent; to whom and their words go. Unsent ones go whole."""
    found = Message.objects.filter(_messages(subject))
    unsent, _by_model = found.exclude(state=Message.State.SENT).delete()
    sent = found.update(
        recipient=erased_email("message"), person="", subject="", text="", html="", link="", last_error=""
    )
    mine = {"person__in": _persons(subject)}
    browsers, _browsers = PushSubscription.objects.filter(**mine).delete()
    wishes, _wishes = MessageWish.objects.filter(**mine).delete()
    return {"core.Message": unsent + sent, "core.PushSubscription": browsers, "core.MessageWish": wishes}


register(
    Holding(
        app="core",
        personal=(
            Personal(
                model="core.Message",
                fields=("recipient", "person", "subject", "text", "html", "link"),
                purpose="What was written to a customer, and whether it arrived.",
                fate="blanked",
            ),
            Personal(
                model="core.MessageWish",
                fields=("person", "said"),
                purpose="What a customer wants to be told, and by which channel.",
                fate="deleted",
            ),
            Personal(
                model="core.PushSubscription",
                fields=("person", "endpoint", "p256dh", "auth"),
                purpose="Browsers that agreed to be told about orders.",
                fate="deleted",
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
