"""One registry of what waits: declared by the apps, every entry leads somewhere, overdue work comes first."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.console.types import WorkRow
from config.console.work import Waiting, work_queue
from core.chores import Chore, chores
from core.models import Job
from members.models import User
from orders.actions import open_hold
from orders.models import Order, OrderHold
from tests.admin.people import owner, signed_in, text
from tests.admin.worlds import an_order

pytestmark = pytest.mark.django_db
KEYS = {
    "holds", "authorized", "cases", "differences", "pack", "withdrawals", "returns", "tickets", "out", "low",
    "questions", "reviews", "planned", "messages", "outbox", "prices", "rates", "jobs", "imports",
    "approvals", "disputes", "bank_gaps", "bank_lines", "bank_payouts", "bank_recipients",
    "transfers_send", "transfers_late", "takes", "expired", "expiring", "over", "ageing", "lanes",
    "shorts", "totes", "boxes", "left_behind", "open_handovers",
    "replenish", "replenish_urgent", "purchase_late", "purchase_difference", "feed_silent", "feed_short",
    "codes", "carrier_messages", "carriers", "parcels", "labels",
}  # fmt: skip


def everyone() -> User:
    return User(is_superuser=True, is_active=True)


def rows() -> list[WorkRow]:
    return list(work_queue(everyone()))


def test_nothing_to_do_is_said() -> None:
    assert rows() == []
    assert "Nothing waits for you." in text(owner().get("/admin/"))


def test_every_app_declares_what_waits_in_it() -> None:
    assert {one.key for one in chores()} == KEYS
    assert len(chores()) == len(KEYS)


def test_every_chore_asks_a_permission_that_exists_and_leads_to_a_list_that_opens() -> None:
    known = {f"{app}.{code}" for app, code in Permission.objects.values_list("content_type__app_label", "codename")}
    browser = owner()

    for one in chores():
        assert one.permission in known, one.key
        address = f"{reverse(one.url_name)}?{one.query}"
        assert browser.get(address).status_code == 200, address


def test_every_chore_counts_rows_that_say_since_when_they_wait() -> None:
    for one in chores():
        model = one.rows().model
        for name in filter(None, (one.since, one.due)):
            assert model._meta.get_field(name).get_internal_type() == "DateTimeField", one.key


def held() -> Order:
    order = an_order(1)
    open_hold(number=order.number, reason="Wait")
    return order


def test_an_overdue_hold_is_said_and_comes_before_what_is_only_urgent() -> None:
    held()
    Job.objects.create(kind="import.catalogue", title="Import", state="failed")
    assert [row.key for row in rows()] == ["holds", "jobs"]
    assert rows()[0].overdue == 0

    OrderHold.objects.update(due_at=timezone.now() - timedelta(minutes=1))

    first = rows()[0]
    assert (first.key, first.count, first.overdue, first.is_urgent) == ("holds", 1, 1, True)
    assert first.waiting.startswith("1 is overdue.")


def test_what_is_overdue_comes_before_what_is_urgent() -> None:
    first, second = chore("a", is_urgent=True), chore("b", is_urgent=False)
    now = timezone.now()
    urgent = Waiting(chore=first, count=1, oldest=now, overdue=0)
    overdue = Waiting(chore=second, count=1, oldest=now, overdue=1)

    assert sorted([urgent, overdue], key=lambda one: one.pressing) == [overdue, urgent]


def chore(key: str, *, is_urgent: bool) -> Chore:
    return Chore(
        key=key,
        permission="orders.view_order",
        rows=Order.objects.all,
        since="placed_at",
        title=key,
        sentence=key,
        button=key,
        url_name="admin:index",
        is_urgent=is_urgent,
    )


def test_the_queue_costs_one_query_per_kind() -> None:
    me = User.objects.create_superuser("me@example.com", "a-long-password")
    held()
    with CaptureQueriesContext(connection) as caught:
        work_queue(me)

    assert len(caught) == len(KEYS)


def test_nobody_is_told_of_work_they_may_not_see() -> None:
    held()
    person = User.objects.create_user("nobody@example.com", "a-long-password", is_staff=True)

    assert work_queue(person) == ()
    assert signed_in(person).get("/admin/").context["page"].work == ()
