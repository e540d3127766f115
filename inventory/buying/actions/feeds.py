"""What suppliers tell of their stock: kept, and followed by the warehouses of drop-shippers."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from core import audit
from core.errors import DomainError
from core.http import OutsideTrouble, fetch
from core.signing import new_secret
from inventory.actions.snapshots import Snapshot, book_snapshot
from inventory.buying.feed_reading import Message, Told, read_csv
from inventory.models import FeedRun, SupplierFeed, SupplierStock, SupplierVariant

MOST_BYTES = 20 * 1024 * 1024
MOST_WAIT = timedelta(hours=6)
KEPT = timedelta(days=180)
OWNER = "feed:"
"""How the keys of corrections by feeds begin."""
WORKING = timedelta(minutes=10)
"""A fetch that is not over by then was lost with its worker."""
OK = 200


def take_over(*, feed_id: int, message: Message, key: str, received_at: datetime) -> FeedRun:
    """Take one message over, once per `key`. Without a moment of its own it is true for when it was received.

    Absolute numbers come with the moment they are true for: a message older than the last one changes nothing, and
    what was sold since is not undone (see `book_snapshot`).
    """
    told_at = min(message.told_at or received_at, received_at)
    with transaction.atomic():
        feed = SupplierFeed.objects.lock().select_related("supplier", "warehouse").get(pk=feed_id)
        before = FeedRun.objects.filter(feed=feed, key=key).first()
        if before is not None:
            return before
        run = FeedRun(feed=feed, key=key, told_at=told_at, state=FeedRun.State.DONE, rows=len(message.rows))
        run.problems = list(message.problems)
        if feed.last_told_at is not None and told_at < feed.last_told_at:
            run.state = FeedRun.State.STALE
            run.save()
            return run
        articles = _articles(feed, message.rows)
        run.unknown = len(message.rows) - len(articles)
        run.changed = _keep(feed, articles, told_at)
        run.save()
        if feed.warehouse is not None:
            followed = book_snapshot(
                Snapshot(
                    warehouse_id=feed.warehouse.pk,
                    pieces={article.variant_id: told.quantity for article, told in articles},
                    as_of=told_at,
                    owner=OWNER,
                    op_key=f"{OWNER}{run.pk}",
                    reason=f"{feed.supplier} ({feed.name})",
                    counts_free=feed.meaning == SupplierFeed.Meaning.FREE,
                )
            )
            run.changed, run.short = followed.changed, followed.short
            run.problems = [*run.problems, *followed.problems]
            run.save(update_fields=["changed", "short", "problems"])
        feed.last_told_at, feed.failures = told_at, 0
        feed.save(update_fields=["last_told_at", "failures", "updated"])
        return run


def _articles(feed: SupplierFeed, rows: Sequence[Told]) -> list[tuple[SupplierVariant, Told]]:
    told = {row.sku: row for row in rows}
    found = SupplierVariant.objects.filter(supplier=feed.supplier_id, supplier_sku__in=list(told)).order_by("pk")
    return [(article, told[article.supplier_sku]) for article in found]


def _keep(feed: SupplierFeed, articles: Sequence[tuple[SupplierVariant, Told]], told_at: datetime) -> int:
    """What the supplier has, by article; returns how many have changed. No older word replaces a newer."""
    known = {
        row.supplier_variant_id: row
        for row in SupplierStock.objects.lock().filter(supplier_variant__in=[article.pk for article, _told in articles])
    }
    rows = []
    changed = 0
    for article, told in articles:
        before = known.get(article.pk)
        if before is not None and before.told_at > told_at:
            continue
        changed += before is None or (before.quantity, before.lead_days) != (told.quantity, told.lead_days)
        rows.append(
            SupplierStock(
                supplier_variant=article,
                quantity=told.quantity,
                lead_days=told.lead_days,
                told_at=told_at,
                feed=feed,
            )
        )
    SupplierStock.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["supplier_variant"],
        update_fields=["quantity", "lead_days", "told_at", "feed"],
    )
    return changed


def take_file(*, feed_id: int, content: bytes, received_at: datetime) -> FeedRun:
    """Take a CSV file over. The same file for the same moment counts once. Raises `FeedUnreadable`."""
    feed = SupplierFeed.objects.get(pk=feed_id)
    message = read_csv(content, feed.mapping)
    moment = message.told_at.isoformat() if message.told_at is not None else received_at.isoformat()
    digest = hashlib.sha256(content + moment.encode()).hexdigest()
    return take_over(feed_id=feed_id, message=message, key=f"file:{digest}", received_at=received_at)


def fetch_due_feeds() -> int:
    """Fetch the files whose time has come, one after the other; returns how many. Two workers never fetch the same."""
    count = 0
    while (feed := _next_due()) is not None:
        count += 1
        try:
            take_file(feed_id=feed.pk, content=_fetched(feed), received_at=timezone.now())
        except DomainError as refusal:
            _note_failure(feed, str(refusal))
            continue
        _plan(feed, timedelta(minutes=feed.every_minutes))
    return count


def _next_due() -> SupplierFeed | None:
    now = timezone.now()
    with transaction.atomic():
        due = SupplierFeed.objects.select_for_update(skip_locked=True).filter(
            Q(next_at__lte=now) | Q(next_at=None), is_active=True, kind=SupplierFeed.Kind.CSV_URL
        )
        feed = due.order_by("next_at", "pk").first()
        if feed is not None:
            feed.next_at = now + WORKING
            feed.save(update_fields=["next_at"])
        return feed


def _fetched(feed: SupplierFeed) -> bytes:
    """The file. With no transaction open. Raises `OutsideTrouble`, `AddressRefused`."""
    account = (feed.username, feed.password) if feed.username else None
    answer = fetch(feed.url, max_bytes=MOST_BYTES, auth=account)
    if answer.status != OK:
        raise OutsideTrouble(f"The supplier's server answered {answer.status}.")
    return answer.body


def _note_failure(feed: SupplierFeed, why: str) -> None:
    """Wait longer each time, and write down why."""
    wait = min(timedelta(minutes=feed.every_minutes) * (2 ** min(feed.failures, 6)), MOST_WAIT)
    with transaction.atomic():
        SupplierFeed.objects.filter(pk=feed.pk).update(failures=F("failures") + 1)
        note_unusable(feed_id=feed.pk, why=why)
    _plan(feed, max(wait, timedelta(minutes=feed.every_minutes)))


def note_unusable(*, feed_id: int, why: str) -> None:
    """Keep that a message could not be used, and why."""
    now = timezone.now()
    FeedRun.objects.create(
        feed_id=feed_id,
        key=f"failed:{now.isoformat()}:{new_secret()[:8]}",
        told_at=now,
        state=FeedRun.State.FAILED,
        problems=[why[:300]],
    )


def _plan(feed: SupplierFeed, wait: timedelta) -> None:
    SupplierFeed.objects.filter(pk=feed.pk).update(next_at=timezone.now() + wait)


def verified(feed: SupplierFeed, body: bytes, headers: dict[str, str]) -> str:
    """The identifier of a signed message. Raises `WebhookVerificationError` when it is not theirs, or too old."""
    Webhook(feed.secret).verify(body, headers)
    return headers["webhook-id"][:90]


def renew_secret(*, feed_id: int) -> str:
    """A new secret for a feed's signatures, to be handed to the supplier; shown once. The old one ends at once."""
    made = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    with transaction.atomic():
        feed = SupplierFeed.objects.lock().get(pk=feed_id)
        feed.secret = made
        feed.save(update_fields=["secret", "updated"])
        audit.record("buying.renew_feed_secret", feed)
    return made


def forget_old_runs(*, older_than: timedelta = KEPT) -> int:
    """Delete old messages of feeds that nobody has to deal with; returns how many. The ledger keeps what they did."""
    old = FeedRun.objects.filter(received_at__lt=timezone.now() - older_than)
    return old.exclude(short__gt=0, settled_at=None).delete()[0]


def settle_feed_run(*, run_id: int, note: str) -> FeedRun:
    """Somebody has dealt with what a message brought up: orders were moved, the supplier was called."""
    with transaction.atomic():
        run = FeedRun.objects.lock().get(pk=run_id)
        if run.settled_at is None:
            run.settled_at = timezone.now()
            run.save(update_fields=["settled_at"])
            audit.record("buying.settle_feed_run", run, reason=note)
        return run
