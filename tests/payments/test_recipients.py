"""Money goes back to another account only when two people say so."""

import pytest
from django.db import IntegrityError, transaction
from djmoney.money import Money

from core import audit
from core.integrity import registered, run
from core.models import AuditEntry
from members.models import User
from payments.actions import confirm_payout, refund_payment, submit_refund
from payments.actions.recipients import (
    Account,
    AccountUnsound,
    RecipientMoved,
    RecipientWaits,
    approve_recipient,
    ask_recipient,
    decline_recipient,
)
from payments.actions.transfers import PayoutDecided, PayoutUndecided
from payments.errors import CreditReasonMissing, GrantDecided, SecondPersonNeeded
from payments.models import BankPayout, Payment, RecipientChange
from tests.admin.people import operator
from tests.payments.bank_world import arrive, transfer, transfer_world

pytestmark = pytest.mark.django_db
NEW = Account(recipient="Test Person", number="FR14 2004 1010 0505 0001 3M02 606")
PLAIN = "FR1420041010050500013M02606"


@pytest.fixture(autouse=True)
def switched_on(settings) -> None:
    settings.BANK_TRANSFERS = True


@pytest.fixture
def payout() -> BankPayout:
    """A transfer that is to be sent to where the money came from."""
    account = transfer_world()
    awaited = transfer("49.90")
    arrive(account, awaited, "49.90")
    payment = Payment.objects.get(pk=awaited.payment_id)
    refund = refund_payment(payment_ref=payment.ref, amount=Money("9.90", "EUR"), key="r-1", reason="Broken")
    submit_refund(refund_id=refund.pk)
    return BankPayout.objects.get()


def person(name: str) -> int:
    return int(User.objects.create_user(f"{name}@example.com", "a-long-password", is_staff=True).pk)


def asked(payout: BankPayout, by: int, to: Account = NEW) -> RecipientChange:
    with audit.acting_as(by, "first"):
        return ask_recipient(payout_id=payout.pk, to=to, reason="The old account is closed")


def test_the_account_changes_when_a_second_person_agrees_and_not_before(payout: BankPayout) -> None:
    first, second = person("first"), person("second")
    change, before = asked(payout, first), payout.recipient_account
    assert asked(payout, first) == change

    with audit.acting_as(first, "first"), pytest.raises(SecondPersonNeeded):
        approve_recipient(change_id=change.pk)
    with pytest.raises(SecondPersonNeeded):
        approve_recipient(change_id=change.pk)
    with pytest.raises(PayoutUndecided):
        confirm_payout(payout_id=payout.pk)
    payout.refresh_from_db()
    assert (payout.recipient_account, payout.state) == (before, "waiting")

    with audit.acting_as(second, "second"):
        approve_recipient(change_id=change.pk)
        with pytest.raises(GrantDecided):
            approve_recipient(change_id=change.pk)

    payout.refresh_from_db()
    assert (payout.recipient, payout.recipient_account) == ("Test Person", PLAIN)
    confirm_payout(payout_id=payout.pk)
    told = AuditEntry.objects.filter(action__endswith="_recipient")
    assert sorted(told.values_list("action", flat=True)) == ["payments.approve_recipient", "payments.ask_recipient"]
    assert not any(PLAIN in str(entry.data) for entry in told)
    assert [found for found in run(registered()) if found.count and found.check.code == "R06"] == []


def test_an_account_that_was_changed_behind_their_backs_is_found(payout: BankPayout) -> None:
    change = asked(payout, person("first"))
    with audit.acting_as(person("second"), "second"):
        approve_recipient(change_id=change.pk)
    BankPayout.objects.update(recipient_account="DE02120300000000202051")

    assert [found.check.code for found in run(registered()) if found.count and found.check.code == "R06"] == ["R06"]


def test_one_wish_at_a_time_and_declining_leaves_everything(payout: BankPayout) -> None:
    first, other = person("first"), person("other")
    change, before = asked(payout, first), payout.recipient_account
    with pytest.raises(RecipientWaits):
        asked(payout, other, Account(recipient="Somebody", number="12-345-6789"))
    with audit.acting_as(first, "first"):
        with pytest.raises(CreditReasonMissing):
            decline_recipient(change_id=change.pk, reason=" ")
        decline_recipient(change_id=change.pk, reason="A mistake")

    payout.refresh_from_db()
    assert payout.recipient_account == before
    assert asked(payout, other, Account(recipient="Somebody", number="12-345-6789")).state == "asked"


@pytest.mark.parametrize("number", ["", "NL91ABNA0417164301", "DE00", "no digits", "1" * 61])
def test_nothing_that_cannot_be_an_account(payout: BankPayout, number: str) -> None:
    with pytest.raises(AccountUnsound):
        asked(payout, person("first"), Account(recipient="Test Person", number=number))
    assert not RecipientChange.objects.exists()


def test_the_account_it_goes_to_anyway_is_no_change(payout: BankPayout) -> None:
    same = Account(recipient=payout.recipient, number=payout.recipient_account)
    with pytest.raises(AccountUnsound):
        asked(payout, person("first"), same)


def test_what_moved_or_was_sent_meanwhile_is_not_agreed_to(payout: BankPayout) -> None:
    change, second = asked(payout, person("first")), person("second")
    BankPayout.objects.update(recipient_account="DE02120300000000202051")
    with audit.acting_as(second, "second"), pytest.raises(RecipientMoved):
        approve_recipient(change_id=change.pk)
    BankPayout.objects.update(recipient_account=payout.recipient_account)
    BankPayout.objects.update(state="refused")
    with audit.acting_as(second, "second"), pytest.raises(PayoutDecided):
        approve_recipient(change_id=change.pk)


def test_the_database_wants_two_people_as_well(payout: BankPayout) -> None:
    change = asked(payout, person("first"))

    with pytest.raises(IntegrityError), transaction.atomic():
        RecipientChange.objects.update(state="done", decided_by=change.asked_by_id, decided_at=change.created)


def test_the_screen_asks_one_person_and_then_another(payout: BankPayout) -> None:
    sends = operator("payments.view_bankline", "payments.send_bankpayout")
    agrees = operator("payments.view_bankline", "payments.approve_recipientchange")
    said = {"recipient": "Test Person", "account": NEW.number, "reason": "Closed"}
    assert agrees.post(f"/admin/bank/recipient/{payout.pk}/", said).status_code == 403
    assert sends.post(f"/admin/bank/recipient/{payout.pk}/", said).status_code == 302
    change = RecipientChange.objects.get()
    decide = f"/admin/bank/recipient/{change.pk}/decide/"

    mine, theirs = sends.get("/admin/bank/").content.decode(), agrees.get("/admin/bank/").content.decode()
    assert 'value="agree"' not in mine
    assert 'value="agree"' in theirs
    assert PLAIN in theirs
    assert sends.post(decide, {"choice": "agree"}).status_code == 403
    assert agrees.post(decide, {"choice": "agree"}).status_code == 302

    payout.refresh_from_db()
    assert payout.recipient_account == PLAIN
