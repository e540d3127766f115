"""Our books beside the provider's: read, matched, healed, booked, or left to a person."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import InternalError
from django.utils import timezone
from djmoney.money import Money

from core import integrity
from core.models import AuditEntry
from markets.actions import record_exchange_rate
from payments.actions import refund_payment, submit_refund
from payments.models import (
    Payment,
    PaymentTransaction,
    ReconciliationItem,
    SandboxCharge,
    SandboxMovement,
    SandboxWebhook,
    StatementEntry,
    StatementMatch,
    StatementRead,
)
from payments.reconciliation.daily import begin_of, reconcile_books
from payments.reconciliation.days import days_of_books
from payments.reconciliation.deciding import (
    ItemClosed,
    ItemNotBookable,
    StillDiffers,
    book_item,
    explain_item,
    retry_item,
)
from payments.reconciliation.matching import match_waiting
from payments.reconciliation.reading import keep_entries
from payments.types import ProviderEntry
from tests.factories.payments import choose_at_sandbox, paid, started

pytestmark = pytest.mark.django_db
ZERO = Money("0.00", "EUR")


def read() -> StatementRead:
    return StatementRead.objects.create(provider="sandbox", source="asked")


def row(entry_id: str = "row-1", **changes: object) -> ProviderEntry:
    """A charge of 49.90 with a fee of 0.75, as a provider would show it."""
    values: dict[str, Any] = {
        "entry_id": entry_id,
        "kind": "charge",
        "amount": Money("49.90", "EUR"),
        "fee": Money("0.75", "EUR"),
        "created": timezone.now(),
    } | changes
    values["net"] = values["amount"] - values["fee"]
    return ProviderEntry(**values)


def told(*entries: ProviderEntry) -> None:
    keep_entries(read=read(), entries=entries)
    match_waiting()


def broken() -> list[str]:
    """Checks of payments, ledger and reconciliation that do not hold."""
    checks = [check for check in integrity.registered() if check.code[0] in "PLR" and check.code not in ("P01", "P02")]
    return [found.check.code for found in integrity.run(checks) if found.count]


def item() -> ReconciliationItem:
    return ReconciliationItem.objects.get()


def test_a_day_of_payments_and_refunds_matches_row_by_row(balances) -> None:
    payment = paid()
    refund = refund_payment(payment_ref=payment.ref, amount=Money("9.90", "EUR"), key="r1", reason="broken")
    submit_refund(refund_id=refund.pk)
    tally = reconcile_books()
    assert (tally.fresh, tally.matched, ReconciliationItem.objects.count()) == (2, 2, 0)
    day = days_of_books(first=timezone.now().date(), last=timezone.now().date())
    assert [(one.told, one.booked, one.rows) for one in day] == [(Money("39.25", "EUR"), Money("39.25", "EUR"), 2)]
    assert balances()["psp_clearing EUR"] == 3925
    assert broken() == []


def test_reading_again_stores_and_books_nothing(balances) -> None:
    paid()
    reconcile_books()
    before = balances(), StatementEntry.objects.count(), StatementMatch.objects.count()
    again = reconcile_books()
    assert (again.fresh, again.matched) == (0, 0)
    assert (balances(), StatementEntry.objects.count(), StatementMatch.objects.count()) == before


def test_a_payment_whose_every_message_was_lost_is_settled_by_the_books(balances) -> None:
    payment = started()
    choose_at_sandbox(payment, "succeed")
    SandboxWebhook.objects.all().delete()
    reconcile_books()
    payment.refresh_from_db()
    assert (payment.state, ReconciliationItem.objects.count()) == ("captured", 0)
    assert balances()["psp_clearing EUR"] == 4990 - 75


def test_a_start_whose_answer_was_lost_is_healed_by_the_row(balances) -> None:
    payment = started()
    choose_at_sandbox(payment, "succeed")
    Payment.objects.update(provider_ref="", state="created", next_action={})
    reconcile_books()
    payment.refresh_from_db()
    assert (payment.state, payment.provider_ref) == ("captured", SandboxCharge.objects.get().provider_ref)


def test_a_charge_of_nobody_is_a_work_item_and_books_nothing(balances) -> None:
    told(row(order_ref="X-1"))
    assert (item().kind, item().state, item().order_ref, item().difference) == (
        "unknown_here",
        "open",
        "X-1",
        Money("49.15", "EUR"),
    )
    assert balances() == {}
    assert broken() == []


def test_another_amount_than_booked_is_a_work_item_with_the_difference() -> None:
    payment = paid()
    fact = payment.transactions.get(kind="captured")
    told(row(amount=Money("49.80", "EUR"), payment_ref=payment.ref, fact_ref=fact.fact_ref))
    assert (item().kind, item().difference, item().detail["ours"]) == (
        "amount_differs",
        Money("-0.10", "EUR"),
        "49.90 EUR",
    )


def test_money_that_a_person_has_to_decide_first_is_not_matched() -> None:
    payment = started()
    choose_at_sandbox(payment, "succeed")
    Payment.objects.update(amount_minor=5000)
    reconcile_books()
    payment.refresh_from_db()
    assert (payment.state, item().kind) == ("held", "in_doubt")


def test_two_charges_for_one_capture_leave_one_to_a_person() -> None:
    payment = paid()
    fact = payment.transactions.get(kind="captured")
    told(row("a", payment_ref=payment.ref, fact_ref=fact.fact_ref))
    told(row("b", payment_ref=payment.ref, fact_ref=fact.fact_ref))
    assert StatementMatch.objects.get().entry.entry_id == "a"
    assert (item().kind, item().entry.entry_id) == ("unknown_here", "b")
    assert broken() == []


def test_a_fee_nobody_reported_and_one_that_came_back_are_booked(balances) -> None:
    payment = paid()
    fact = payment.transactions.get(kind="captured")
    told(row("other-name", fee=Money("1.00", "EUR"), payment_ref=payment.ref, fact_ref=fact.fact_ref))
    assert balances()["psp_fees EUR"] == 75 + 100
    told(
        row("cheap", kind="fee", amount=Money("-0.30", "EUR"), fee=ZERO),
        row("back", kind="fee", amount=Money("0.05", "EUR"), fee=ZERO),
    )
    assert balances()["psp_fees EUR"] == 75 + 100 + 30 - 5


def test_the_providers_books_have_the_last_word_about_a_fee(balances) -> None:
    payment = paid()
    fact = payment.transactions.get(kind="captured")
    told(row(fact.fact_ref, fee=Money("0.70", "EUR"), payment_ref=payment.ref, fact_ref=fact.fact_ref))
    assert (balances()["psp_fees EUR"], balances()["psp_clearing EUR"]) == (70, 4920)
    assert broken() == []


def test_a_payout_goes_to_the_bank_and_one_that_came_back_returns(balances) -> None:
    told(row("p1", kind="payout", amount=Money("-49.15", "EUR"), fee=ZERO))
    assert balances() == {"psp_clearing EUR": -4915, "bank EUR": 4915}
    told(row("p2", kind="payout", amount=Money("49.15", "EUR"), fee=ZERO))
    assert balances() == {}
    assert broken() == []


def test_what_the_provider_exchanged_is_booked_with_its_gain_or_loss(balances, eur_and_usd) -> None:
    payment = paid(Money("100.00", "USD"))
    fact = payment.transactions.get(kind="captured")
    today = timezone.now().date()
    record_exchange_rate(base="EUR", quote="USD", rate=Decimal("1.25"), on=today, source="ecb")
    told(
        row(
            fact.fact_ref,
            amount=Money("79.00", "EUR"),
            fee=ZERO,
            charged=Money("100.00", "USD"),
            exchange_rate=Decimal("0.79"),
            payment_ref=payment.ref,
            fact_ref=fact.fact_ref,
        )
    )
    assert ReconciliationItem.objects.count() == 0
    found = balances()
    assert (found["psp_clearing EUR"], found["fx_gain_loss EUR"]) == (7900, 100)
    assert (found["fx_conversion USD"], found["fx_conversion EUR"]) == (10000, -8000)
    assert found["psp_clearing USD"] == -150  # the sandbox's own fee, which this provider did not take


def test_without_a_rate_nothing_is_exchanged_in_the_books(balances, eur_and_usd) -> None:
    payment = paid(Money("100.00", "USD"))
    fact = payment.transactions.get(kind="captured")
    entry = row(
        amount=Money("79.00", "EUR"), charged=Money("100.00", "USD"), payment_ref=payment.ref, fact_ref=fact.fact_ref
    )
    told(entry)
    assert (item().kind, "fx_conversion USD" in balances()) == ("rate_missing", False)
    record_exchange_rate(base="EUR", quote="USD", rate=Decimal("1.25"), on=timezone.now().date(), source="ecb")
    match_waiting()
    assert (item().state, item().resolution) == ("resolved", "matched")


def test_what_a_provider_does_not_show_is_missing_only_where_its_books_were_read() -> None:
    payment = paid()
    now = timezone.now()
    SandboxMovement.objects.all().delete()
    later = now + timedelta(days=5)
    reconcile_books(now=now - timedelta(days=1))
    assert reconcile_books(now=now + timedelta(days=1)).missing == 0
    assert reconcile_books(now=later).missing == 1
    assert (item().kind, item().fact.payment_id, item().difference) == (
        "missing_there",
        payment.pk,
        Money("-49.90", "EUR"),
    )
    assert reconcile_books(now=later).missing == 0


def test_a_row_told_differently_the_second_time_is_a_work_item() -> None:
    told(row(kind="fee", amount=Money("-2.00", "EUR"), fee=ZERO))
    told(row(kind="fee", amount=Money("-3.00", "EUR"), fee=ZERO))
    assert StatementEntry.objects.get().net_minor == -200
    assert (item().kind, item().difference) == ("amount_differs", Money("-1.00", "EUR"))


def test_rows_are_never_changed_or_deleted_and_learn_their_payout_once() -> None:
    told(row(kind="fee", amount=Money("-2.00", "EUR"), fee=ZERO))
    told(row(kind="fee", amount=Money("-2.00", "EUR"), fee=ZERO, payout_id="po_1"))
    entry = StatementEntry.objects.get()
    assert entry.payout_id == "po_1"
    for change in ({"net_minor": -1, "amount_minor": -1}, {"payout_id": "po_2"}):
        with pytest.raises(InternalError), transaction.atomic():
            StatementEntry.objects.update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        StatementEntry.objects.all()._raw_delete("default")


def test_a_payout_that_is_not_its_rows_is_a_work_item() -> None:
    StatementRead.objects.create(
        provider="sandbox",
        source="asked",
        begin=timezone.now() - timedelta(days=9),
        end=timezone.now(),
        finished=timezone.now(),
    )
    told(
        row("part", kind="fee", amount=Money("-2.00", "EUR"), fee=ZERO, payout_id="po_1"),
        row("po_1", kind="payout", amount=Money("-3.00", "EUR"), fee=ZERO, payout_id="po_1"),
    )
    reconcile_books()
    found = ReconciliationItem.objects.get(kind="payout_differs")
    assert found.difference == Money("-5.00", "EUR")


def test_explaining_needs_a_note_and_ends_it(django_user_model) -> None:
    told(row())
    explained = explain_item(item_id=item().pk, note="Another shop's charge.", actor_id=None)
    assert (explained.state, explained.resolution, StatementMatch.objects.get().verdict) == (
        "resolved",
        "explained",
        "explained",
    )
    assert AuditEntry.objects.get(action="payments.explain_difference").reason == "Another shop's charge."
    match_waiting()
    assert item().state == "resolved"
    with pytest.raises(ItemClosed):
        explain_item(item_id=item().pk, note="again", actor_id=None)


def test_booking_puts_the_providers_movement_on_the_ledger(balances) -> None:
    told(row(kind="adjustment", amount=Money("-5.00", "EUR"), fee=ZERO))
    assert item().kind == "unexplained"
    book_item(item_id=item().pk, account="psp_fees", note="A yearly fee.", actor_id=None)
    assert balances() == {"psp_clearing EUR": -500, "psp_fees EUR": 500}
    assert broken() == []


def test_booking_a_difference_keeps_the_movement_and_books_the_rest(balances) -> None:
    payment = paid()
    fact = payment.transactions.get(kind="captured")
    told(row(fact.fact_ref, amount=Money("49.80", "EUR"), payment_ref=payment.ref, fact_ref=fact.fact_ref))
    book_item(item_id=item().pk, account="provider_adjustments", note="Rounded by the bank.", actor_id=None)
    assert balances()["psp_clearing EUR"] == 4980 - 75
    assert StatementMatch.objects.get().fact == fact
    assert broken() == []


def test_what_has_no_amount_cannot_be_booked() -> None:
    payment = paid()
    fact = payment.transactions.get(kind="captured")
    made = ReconciliationItem.objects.create(kind="missing_there", subject="fact:1", fact=fact)
    with pytest.raises(ItemNotBookable):
        book_item(item_id=made.pk, account="psp_fees", note="no", actor_id=None)
    made.refresh_from_db()
    assert made.state == "open"


def test_trying_again_says_whether_anything_changed(monkeypatch) -> None:
    payment = paid()
    fact = payment.transactions.get(kind="captured")
    told(row(payment_ref=payment.ref, fact_ref="unheard-of"))
    with pytest.raises(StillDiffers):
        retry_item(item_id=item().pk, actor_id=None)
    assert PaymentTransaction.objects.filter(pk=fact.pk).exists()


def test_a_movement_that_its_provider_shows_late_is_found_by_trying_again() -> None:
    payment = paid()
    late = list(SandboxMovement.objects.all())
    now = timezone.now()
    SandboxMovement.objects.all().delete()
    reconcile_books(now=now - timedelta(days=1))
    assert reconcile_books(now=now + timedelta(days=5)).missing == 1
    SandboxMovement.objects.bulk_create(late)
    SandboxMovement.objects.update(created=payment.transactions.get(kind="captured").occurred_at)
    assert retry_item(item_id=item().pk, actor_id=None).resolution == "matched"


def test_yesterday_and_what_was_left_out_are_read_again() -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert begin_of("sandbox", now) == datetime(2026, 10, 23, tzinfo=UTC)
    StatementRead.objects.create(provider="sandbox", source="asked", end=now, finished=now)
    assert begin_of("sandbox", now) == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    StatementRead.objects.create(provider="sandbox", source="asked", end=now + timedelta(days=9), refusal="silent")
    assert begin_of("sandbox", now + timedelta(days=9)) == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_the_sandbox_pays_out_each_day_on_the_next_morning(balances) -> None:
    paid()
    SandboxMovement.objects.update(created=timezone.now() - timedelta(days=2))
    reconcile_books()
    payout = StatementEntry.objects.get(kind="payout")
    assert (payout.net, balances()["bank EUR"]) == (Money("-49.15", "EUR"), 4915)
    assert "psp_clearing EUR" not in balances()
    assert broken() == []
