"""Groups of customers: whose prices a member sees, and how members come in and go."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from catalog.models import PUBLIC
from core import audit
from members.models import CustomerGroup, GroupMember


def audiences_of(user_id: int | None) -> tuple[str, ...]:
    """The audiences of prices that hold for somebody: everybody's, and those of the groups they belong to today."""
    if user_id is None:
        return (PUBLIC,)
    rows = GroupMember.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=timezone.localdate()), user_id=user_id
    ).order_by("group__code")
    return (PUBLIC, *rows.values_list("group__code", flat=True))


def take_in(*, group: CustomerGroup, user_id: int, last_day: date | None = None) -> GroupMember:
    """Let a member have the group's prices, until a last day if there is one. Again, only the day is new."""
    with transaction.atomic():
        row, is_new = GroupMember.objects.update_or_create(
            group=group, user_id=user_id, defaults={"last_day": last_day}
        )
        audit.record(
            "members.join_group", group, data={"user": user_id, "last_day": str(last_day or ""), "new": is_new}
        )
    return row


def let_go(*, group: CustomerGroup, user_id: int) -> bool:
    """End it at once. True when there was something to end."""
    with transaction.atomic():
        ended = GroupMember.objects.filter(group=group, user_id=user_id).delete()[0] > 0
        if ended:
            audit.record("members.leave_group", group, data={"user": user_id})
    return ended


def note_group(group: CustomerGroup, *, old: Mapping[str, Any], is_new: bool) -> None:
    """Record that somebody made a group or called it otherwise."""
    verb = "create" if is_new else "change"
    audit.record(
        f"members.{verb}_group", group, data={"old": dict(old), "new": {"code": group.code, "name": group.name}}
    )
