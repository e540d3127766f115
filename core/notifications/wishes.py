"""Who wants to be told what, and how. People are known by a fingerprint of their address, guests and members alike."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import DomainError
from core.models import MessageWish, PushSubscription
from core.notifications.channels import EMAIL, PUSH, SMS
from core.notifications.kinds import TOPICS
from core.sealing import fingerprint, fingerprints
from core.signing import secret_hash

MOST_SUBSCRIPTIONS = 20


class WishRefused(DomainError):
    """Mail of a necessary topic cannot be turned off, and nothing is wished about what does not exist."""

    code = "WISH_REFUSED"
    message = _("We have to send you this.")


def person_of(email: str) -> str:
    """What a person is known by here: a fingerprint of their address without regard to case."""
    return fingerprint(email.strip().lower())


def all_names_of(email: str) -> list[str]:
    """The same by every key of the settings: rows written before a key was replaced are found, too."""
    return fingerprints(email.strip().lower())


def wants(wishes: Mapping[tuple[str, str], bool], *, topic: str, channel: str) -> bool:
    """Whether a message may leave. Mail: unless refused, and always when necessary. What rings: only when asked for."""
    if channel == EMAIL and TOPICS[topic].is_necessary:
        return True
    if channel == PUSH:  # the browser's own agreement is the wish; a topic can still be refused
        return wishes.get((topic, channel), True)
    return wishes.get((topic, channel), channel == EMAIL)


def wishes_of(email: str) -> dict[tuple[str, str], bool]:
    """What somebody has said, by topic and channel. The newest word counts."""
    rows = MessageWish.objects.filter(person__in=all_names_of(email)).order_by("changed", "pk")
    return {(row.topic, row.channel): row.is_wanted for row in rows}


def say_wish(*, email: str, topic: str, channel: str, is_wanted: bool, said: str = "") -> None:
    """Write down what somebody wishes; saying it again changes nothing. Raises `WishRefused`.

    `said` is the sentence they agreed to, in their words and language: the proof that text messages were asked for.
    """
    say_wish_of(person=person_of(email), topic=topic, channel=channel, is_wanted=is_wanted, said=said)


def say_wish_of(*, person: str, topic: str, channel: str, is_wanted: bool, said: str = "") -> None:
    """The same for somebody who is known by their fingerprint only."""
    if topic not in TOPICS or channel not in (EMAIL, SMS, PUSH):
        raise WishRefused
    if channel == EMAIL and TOPICS[topic].is_necessary and not is_wanted:
        raise WishRefused
    with transaction.atomic():
        words = {"is_wanted": is_wanted, "said": said, "language": translation.get_language() or ""}
        row, made = MessageWish.objects.select_for_update().get_or_create(
            person=person, topic=topic, channel=channel, defaults=words
        )
        if not made:
            if row.is_wanted == is_wanted:
                return
            MessageWish.objects.filter(pk=row.pk).update(**words, changed=timezone.now())
        wish = {"topic": topic, "channel": channel, "wanted": is_wanted}
        audit.record("core.say_wish", row, data=wish)


def listen(*, email: str, endpoint: str, p256dh: str, auth: str, said: str, reference: str = "") -> PushSubscription:
    """A browser agrees to be told. Agreeing again renews its keys; the oldest of too many ends."""
    with transaction.atomic():
        row, _was_made = PushSubscription.objects.select_for_update().update_or_create(
            endpoint_hash=secret_hash(endpoint),
            person=person_of(email),
            reference=reference,
            ended_at=None,
            defaults={
                "endpoint": endpoint,
                "p256dh": p256dh,
                "auth": auth,
                "said": said,
                "language": translation.get_language() or "",
            },
        )
        _end_oldest(row.person)
        audit.record("core.listen", row, data={"reference": reference})
    return row


def stop_listening(*, email: str, endpoint: str) -> int:
    """The browser takes its agreement back, whatever it was about; returns how many ended."""
    rows = PushSubscription.objects.filter(
        person__in=all_names_of(email), endpoint_hash=secret_hash(endpoint), ended_at=None
    )
    return rows.update(ended_at=timezone.now())


def end_all(email: str) -> int:
    """Every browser of this person is told nothing any more; returns how many."""
    with transaction.atomic():
        rows = PushSubscription.objects.filter(person__in=all_names_of(email), ended_at=None)
        count = rows.update(ended_at=timezone.now())
        if count:
            audit.record("core.end_all", "core.PushSubscription", data={"count": count})
    return count


def listening_anywhere(email: str) -> list[PushSubscription]:
    """The browsers that are told something, whatever it is about; the newest first."""
    rows = PushSubscription.objects.filter(person__in=all_names_of(email), ended_at=None)
    return list(rows.order_by("-pk")[:MOST_SUBSCRIPTIONS])


def end_subscription(pk: int, *, at: datetime) -> None:
    """Its push server says that nobody listens there any more."""
    PushSubscription.objects.filter(pk=pk, ended_at=None).update(ended_at=at)


def listening(email: str, *, reference: str) -> list[PushSubscription]:
    """The browsers to tell about one thing, each once although it may have agreed to one order and to all."""
    rows = PushSubscription.objects.filter(
        person__in=all_names_of(email), reference__in={"", reference}, ended_at=None
    ).order_by("-reference", "pk")
    return _each_once(rows)


def _each_once(rows: Iterable[PushSubscription]) -> list[PushSubscription]:
    found: dict[str, PushSubscription] = {}
    for row in rows:
        found.setdefault(row.endpoint_hash, row)
    return list(found.values())


def _end_oldest(person: str) -> None:
    rows = PushSubscription.objects.filter(person=person, ended_at=None).order_by("-pk")
    too_many = list(rows.values_list("pk", flat=True)[MOST_SUBSCRIPTIONS:])
    if too_many:
        PushSubscription.objects.filter(pk__in=too_many).update(ended_at=timezone.now())
