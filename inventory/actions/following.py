"""Following parcels: whom to ask about a number, when, and what was heard."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast, Now
from django.utils import timezone

from core.errors import DomainError
from core.events import publish
from core.http import refuse_open_transaction
from inventory.carriers.canonical import TERMINAL, Canonical
from inventory.carriers.protocols import Registers, Tracks, TracksByWebhook
from inventory.carriers.registry import ability, can
from inventory.carriers.types import Followed, Tracked, Tracking
from inventory.events import ParcelTracked
from inventory.models import CarrierAccount, CarrierMessage, LabelRecord, LabelState, TrackedParcel, UnknownCode

State = TrackedParcel.State
EARLY = timedelta(days=2)
AT_ONCE = 40


def compact(number: str) -> str:
    """A tracking number without spaces, in capitals: carriers write one number in several ways."""
    return "".join(number.split()).upper()[:80]


def follow_parcel(*, parcel_ref: str, followed: Followed) -> TrackedParcel | None:
    """Have a number followed from now on; None for no number. Following it again changes nothing."""
    number = compact(followed.number)
    if not number:
        return None
    account = _who_tells(parcel_ref, followed.carrier, number)
    parcel, made = TrackedParcel.objects.get_or_create(
        carrier=followed.carrier,
        tracking_no=number,
        defaults={
            "parcel_ref": parcel_ref,
            "account": account,
            "origin": followed.origin,
            "origin_city": followed.origin_city[:100],
            "country": followed.country,
            "city": followed.city[:100],
            "postal_code": followed.postcode[:20],
            "sent_at": followed.sent_at or timezone.now(),
        },
    )
    if made and account is not None:
        _hear_again(account, number)
    return parcel


def stop_following(*, parcel_ref: str) -> int:
    """Nothing more is asked about a parcel's numbers; what is told of them is still heard."""
    return TrackedParcel.objects.filter(parcel_ref=parcel_ref).update(state=State.ENDED)


def forget_places(*, parcel_refs: Iterable[str]) -> int:
    """Part of an erasure, in its transaction: where these parcels went to, also those without a label of ours."""
    return TrackedParcel.objects.filter(parcel_ref__in=list(parcel_refs)).update(city="", postal_code="")


def announce_due(*, limit: int = 200) -> int:
    """Tell trackers that want it which numbers to watch; returns how many were announced. No transaction is open."""
    refuse_open_transaction()
    waiting = TrackedParcel.objects.filter(registered_at=None, state=State.FOLLOWED, account__is_active=True)
    done = 0
    for account, parcels in by_account(waiting.filter(failures__lt=8)[:limit]):
        if can(account, Registers):
            done += _announce(account, parcels)
    return done


def hear(*, account: CarrierAccount, provider: str, tracking: Tracking) -> bool:
    """Pass on what a carrier said of one number; whether the number is one of ours."""
    names = [compact(name) for name in (tracking.number, *tracking.refs)]
    rows = TrackedParcel.objects.filter(tracking_no__in=names).filter(Q(account=account) | Q(account=None))
    parcel = rows.order_by(F("account").asc(nulls_last=True), "-pk").first()
    if parcel is None:
        return False
    with transaction.atomic():
        note_unknown(provider=provider, events=tracking.events)
        ends = any(event.code in TERMINAL for event in tracking.events)
        TrackedParcel.objects.filter(pk=parcel.pk).update(
            heard_at=Now(), failures=0, **({"state": State.ENDED} if ends else {})
        )
        publish(
            ParcelTracked(
                parcel_ref=parcel.parcel_ref,
                tracking_no=parcel.tracking_no,
                carrier=parcel.carrier,
                eta=tracking.eta,
                events=tracking.events,
            )
        )
    return True


def note_unknown(*, provider: str, events: Sequence[Tracked]) -> None:
    """Codes nobody knows become somebody's work, once each; the events themselves are kept as `unknown`."""
    for event in events:
        if event.code != Canonical.UNKNOWN:
            continue
        row, made = UnknownCode.objects.get_or_create(
            provider=provider[:40],
            level=event.level[:20],
            carrier_code=event.carrier_code[:80],
            defaults={"sample": event.text},
        )
        if not made:
            UnknownCode.objects.filter(pk=row.pk).update(seen=F("seen") + 1, last_seen_at=Now(), settled_at=None)


def _hear_again(account: CarrierAccount, number: str) -> None:
    """What was said of a number before we knew it is worked on now: trackers are quicker than warehouses at times."""
    early = CarrierMessage.objects.filter(
        account=account, state=CarrierMessage.State.UNMATCHED, received_at__gt=timezone.now() - EARLY
    )
    naming = early.annotate(said=Cast("payload", TextField())).filter(said__icontains=number)
    pks = list(naming.values_list("pk", flat=True)[:AT_ONCE])
    CarrierMessage.objects.filter(pk__in=pks).update(
        state=CarrierMessage.State.RECEIVED, processed_at=None, next_attempt_at=Now(), attempts=0
    )


def _who_tells(parcel_ref: str, carrier: str, number: str) -> CarrierAccount | None:
    """Who sold the label; else the first that goes by the carrier's name; else the first tracker of all carriers."""
    label = LabelRecord.objects.filter(parcel_ref=parcel_ref, tracking_no=number, state=LabelState.BOUGHT).first()
    if label is not None and _tells(label.account):
        return label.account
    accounts = [one for one in CarrierAccount.objects.filter(is_active=True) if _tells(one)]
    wanted = carrier.strip().lower()
    for account in accounts:
        names = [account.name, *account.also_called]
        if account.adapter != "sandbox" and wanted in [name.strip().lower() for name in names]:
            return account
    return next((one for one in accounts if not one.also_called and can(one, Registers)), None)


def _tells(account: CarrierAccount) -> bool:
    return can(account, Tracks) or can(account, TracksByWebhook)


def by_account(rows: Iterable[TrackedParcel]) -> list[tuple[CarrierAccount, list[TrackedParcel]]]:
    """Numbers by whom they are asked of."""
    found: dict[int, list[TrackedParcel]] = defaultdict(list)
    for row in rows:
        if row.account_id is not None:
            found[row.account_id].append(row)
    accounts = CarrierAccount.objects.in_bulk(list(found))
    return [(accounts[pk], parcels) for pk, parcels in found.items()]


def _announce(account: CarrierAccount, parcels: Sequence[TrackedParcel]) -> int:
    """Tell one tracker; what it refuses once it is told again some times, then no more."""
    rows = TrackedParcel.objects.filter(pk__in=[one.pk for one in parcels])
    try:
        ability(account, Registers).register([followed_of(one) for one in parcels])
    except DomainError as trouble:
        rows.update(failures=F("failures") + 1)
        note_trouble(account, trouble)
        return 0
    note_answer(account)
    return rows.update(registered_at=Now(), failures=0)


def followed_of(one: TrackedParcel) -> Followed:
    """The number with what some carriers ask for beside it."""
    sent: datetime = one.sent_at
    return Followed(
        number=one.tracking_no,
        carrier=one.carrier,
        origin=one.origin,
        origin_city=one.origin_city,
        country=one.country,
        city=one.city,
        postcode=one.postal_code,
        sent_at=sent,
    )


def note_trouble(account: CarrierAccount, trouble: DomainError) -> None:
    """The account is in trouble since the first failed question."""
    said = str(getattr(trouble, "reason", "") or trouble)[:300]
    rows = CarrierAccount.objects.filter(pk=account.pk)
    rows.filter(failing_since=None).update(failing_since=Now())
    rows.update(last_error=said)


def note_answer(account: CarrierAccount) -> None:
    """The account answers."""
    CarrierAccount.objects.filter(pk=account.pk).update(last_ok_at=Now(), failing_since=None, last_error="")
