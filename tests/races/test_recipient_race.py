"""Somebody agrees to another account of a refund while somebody else marks it as sent: to the account they were shown.

Either the clerk was first, then the account stays, or the account changed first, then the clerk is told to look again.
Never is money written down as sent to an account that nobody sent it to.
"""

from threading import Event
from uuid import uuid4

import pytest
from djmoney.money import Money

from core import audit
from core.errors import DomainError
from core.locks import LockingQuerySet
from core.models import AuditEntry
from payments.actions import confirm_payout, refund_payment, transfers
from payments.actions.recipients import approve_recipient, ask_recipient, decline_recipient
from payments.actions.refunding import submit_refund
from payments.models import BankPayout, Payment, RecipientChange
from tests.payments.bank_world import arrive, transfer, transfer_world
from tests.payments.credit_world import broken
from tests.payments.test_recipients import NEW, PLAIN, person
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def switched_on(settings) -> None:
    settings.BANK_TRANSFERS = True


@pytest.fixture
def change() -> RecipientChange:
    """A transfer to send, for which somebody has asked for another account."""
    account = transfer_world()
    awaited = transfer("49.90")
    arrive(account, awaited, "49.90")
    payment = Payment.objects.get(pk=awaited.payment_id)
    refund = refund_payment(payment_ref=payment.ref, amount=Money("9.90", "EUR"), key=str(uuid4()), reason="Broken")
    submit_refund(refund_id=refund.pk)
    with audit.acting_as(person("first"), "first"):
        return ask_recipient(payout_id=BankPayout.objects.get().pk, to=NEW, reason="The old account is closed")


def _agreed_and_sent(change: RecipientChange) -> list[str]:
    """What became of both: `done`, or the code of the refusal. The clerk has sent to the account there was before."""
    second, clerk = person("second"), person("clerk")

    def act(who: str) -> str:
        with audit.acting_as(second if who == "agrees" else clerk, who):
            try:
                if who == "agrees":
                    approve_recipient(change_id=change.pk)
                else:
                    confirm_payout(payout_id=change.payout_id, seen=change.before)
            except DomainError as refusal:
                return refusal.code
            return "done"

    return all_at_once(act, ["agrees", "sends"], at_once=2)


def test_what_was_agreed_to_and_what_was_sent_never_contradict_each_other(change: RecipientChange) -> None:
    agreed, sent = _agreed_and_sent(change)

    payout = BankPayout.objects.get()
    assert agreed == "done"
    assert sent in ("BANK_PAYOUT_UNDECIDED", "BANK_PAYOUT_MOVED")
    assert (payout.state, payout.recipient_account) == ("waiting", PLAIN)
    assert not AuditEntry.objects.filter(action="payments.decide_bank_payout").exists()
    assert not broken("R06", "R11", "R13", "R16", "L01", "L03")
    confirm_payout(payout_id=payout.pk, seen=PLAIN)
    assert BankPayout.objects.get().state == "sent"


def test_control_without_the_lock_money_is_marked_as_sent_to_an_account_nobody_sent_it_to(
    change: RecipientChange, monkeypatch
) -> None:
    """The clerk's transaction has read the old account; the new one is agreed to before it looks who waits."""
    read_before, agreed = Event(), Event()
    exists = transfers.RecipientChange.objects.filter

    def late(*asked, **more):
        read_before.set()
        agreed.wait(5)
        return exists(*asked, **more)

    monkeypatch.setattr(LockingQuerySet, "lock", lambda self, **_options: self.order_by("pk"))
    second, clerk = person("second"), person("clerk")

    class Looking:
        """The wishes, as the clerk's transaction looks for them."""

        objects = type("Rows", (), {"filter": staticmethod(late)})

    monkeypatch.setattr(transfers, "RecipientChange", Looking)

    def act(who: str) -> None:
        with audit.acting_as(second if who == "agrees" else clerk, who):
            if who == "agrees":
                read_before.wait(5)
                approve_recipient(change_id=change.pk)
                agreed.set()
            else:
                confirm_payout(payout_id=change.payout_id, seen=change.before)

    all_at_once(act, ["agrees", "sends"], at_once=2)

    payout = BankPayout.objects.get()
    assert (payout.state, payout.recipient_account) == ("sent", PLAIN), "sent to the old one, written down for the new"


def test_two_second_people_who_decide_differently_at_once_decide_once(change: RecipientChange) -> None:
    people = {"agrees": person("second"), "declines": person("third")}

    def act(who: str) -> str:
        with audit.acting_as(people[who], who):
            try:
                if who == "agrees":
                    approve_recipient(change_id=change.pk)
                else:
                    decline_recipient(change_id=change.pk, reason="The customer knows nothing of it")
            except DomainError as refusal:
                return refusal.code
            return who

    said = all_at_once(act, ["agrees", "declines"], at_once=2)

    payout = BankPayout.objects.get()
    winner = next(one for one in said if one in people)
    assert payout.recipient_account == (PLAIN if winner == "agrees" else change.before)
    assert len([one for one in said if one in people]) == 1
    assert (
        AuditEntry.objects.filter(action__in=["payments.approve_recipient", "payments.decline_recipient"]).count() == 1
    )
