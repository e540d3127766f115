"""One label bought by many at once, and one parcel spoken of by many carriers' messages at once. And unlocked."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import DomainError
from core.locks import LockingQuerySet
from inventory.actions import labels
from inventory.models import LabelRecord, LabelState
from orders.actions.tracking import record_reports
from orders.models import ParcelException, TrackingEvent
from tests.inventory.carriers.worlds import a_shipment, an_account
from tests.orders.logistics.worlds import said, shipped
from tests.payments.credit_world import broken
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
CLERKS = 8
BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def switched_on(settings, tmp_path) -> None:
    settings.SANDBOX_CARRIER = True
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


def buy(clerk: int) -> str:
    try:
        record = labels.buy_label(
            shipment=a_shipment(), account_code="sandbox", service="standard", warehouse_code="LEJ", key=f"k{clerk}"
        )
    except DomainError as refusal:
        return refusal.code
    return record.state


def test_eight_clerks_buy_one_label() -> None:
    an_account("sandbox")
    results = all_at_once(buy, range(CLERKS), at_once=CLERKS)
    assert results.count(LabelState.BOUGHT) == 1
    assert set(results) <= {LabelState.BOUGHT, "LABEL_STANDS", "LABEL_IN_PROGRESS"}
    assert LabelRecord.objects.filter(state=LabelState.BOUGHT).count() == 1
    assert not broken("K03")


def test_control_without_the_rule_of_the_database_several_are_bought(monkeypatch) -> None:
    """Everybody looks before anybody has written; only the constraint stands in the way, so it is taken away."""
    from django.db import connection

    an_account("sandbox")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX label_one_stands")
    try:
        monkeypatch.setattr(LockingQuerySet, "lock", lambda self, **_options: self.order_by("pk").none())
        monkeypatch.setattr(labels, "_bought", lambda record, label: record)
        all_at_once(buy, range(CLERKS), at_once=CLERKS)
        assert LabelRecord.objects.count() > 1
    finally:
        LabelRecord.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX label_one_stands ON inventory_labelrecord (parcel_ref)"
                " WHERE state IN ('asked', 'bought', 'cancel_asked')"
            )


def test_many_messages_of_one_parcel_leave_one_story() -> None:
    _order, package = shipped()
    codes = ["picked_up", "in_transit", "delivery_failed", "customs_in_progress"]

    def speak(turn: int) -> bool:
        events = [said(code, BEGAN + timedelta(hours=index)) for index, code in enumerate(codes)]
        return record_reports(package_id=package.pk, events=events[turn % 3 :])

    all_at_once(speak, range(24))
    assert TrackingEvent.objects.count() == len(codes)
    assert ParcelException.objects.count() <= 1
    package.refresh_from_db()
    assert package.status == "customs_in_progress"
    assert not broken("O40")
