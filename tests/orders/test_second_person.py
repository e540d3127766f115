"""Money back above a limit: asked by one, agreed to by another, done once."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from core import audit
from core.errors import DomainError
from core.locks import LockingQuerySet
from core.models import AuditEntry
from core.money import Money
from members.models import User
from orders.actions.approvals import approve_money, ask_approval, decline_money
from orders.approving.errors import ApprovalDecided, ApprovalWaits, OtherPersonNeeded
from orders.approving.limits import Limit, alone_up_to, needs_second_person
from orders.approving.wishes import Wish, as_json, read_wish
from orders.errors import ReasonMissing, RefundChanged
from orders.models import MoneyApproval, Order, OrderRefund, RefundLimit
from orders.types import RefundWish
from orders.workspace.refunds import preview_refund
from tests.admin.worlds import an_order

AGREED = 8


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.com", "a-long-password", is_staff=True)


def one_unit(order: Order) -> Wish:
    return Wish(lines=(RefundWish(line_id=order.lines.earliest("position").pk, quantity=1),))


def worth(order: Order, wish: Wish) -> Money:
    return preview_refund(order, wishes=wish.lines, shipping=wish.shipping, to=wish.to).total


def ask(order: Order, who: User, *, key: str = "k", reason: str = "Broken", wish: Wish | None = None) -> MoneyApproval:
    wanted = wish or one_unit(order)
    with audit.acting_as(who.pk, who.email):
        return ask_approval(
            number=order.number, kind="refund", wish=wanted, amount=worth(order, wanted), reason=reason, key=key
        )


def agree(approval: MoneyApproval, who: User) -> MoneyApproval:
    with audit.acting_as(who.pk, who.email):
        return approve_money(approval_id=approval.pk)


@pytest.mark.django_db
def test_asking_moves_nothing_and_agreeing_does_exactly_what_was_asked() -> None:
    order, one, two = an_order(3), person("one"), person("two")
    approval = ask(order, one)
    assert ask(order, one) == approval
    assert not OrderRefund.objects.exists()
    done = agree(approval, two)
    refund = OrderRefund.objects.get()
    assert (refund.amount, refund.reason, refund.key) == (approval.amount, "Broken", "k")
    assert (done.state, done.decided_by_id) == ("done", two.pk)
    deeds = AuditEntry.objects.values_list("action", flat=True)
    assert {"orders.ask_approval", "orders.approve_refund", "orders.refund_order"} <= set(deeds)


@pytest.mark.django_db
def test_the_one_who_asked_cannot_agree_and_neither_can_nobody() -> None:
    order, one = an_order(3), person("one")
    approval = ask(order, one)
    with pytest.raises(OtherPersonNeeded):
        agree(approval, one)
    with pytest.raises(OtherPersonNeeded):
        approve_money(approval_id=approval.pk)
    assert (MoneyApproval.objects.get().state, OrderRefund.objects.exists()) == ("asked", False)


@pytest.mark.django_db
def test_the_database_too_refuses_one_person_in_both_parts() -> None:
    order, one, two = an_order(3), person("one"), person("two")
    approval = agree(ask(order, one), two)
    with pytest.raises(IntegrityError, match="orders_approval_two_people"), transaction.atomic():
        MoneyApproval.objects.filter(pk=approval.pk).update(decided_by=one)


@pytest.mark.django_db
def test_declined_it_is_never_done_and_says_why() -> None:
    order, one, two = an_order(3), person("one"), person("two")
    approval = ask(order, one)
    with audit.acting_as(two.pk, "two"):
        with pytest.raises(ReasonMissing):
            decline_money(approval_id=approval.pk, reason=" ")
        declined = decline_money(approval_id=approval.pk, reason="The pictures show nothing")
    assert (declined.state, declined.answer) == ("declined", "The pictures show nothing")
    with pytest.raises(ApprovalDecided):
        agree(approval, two)
    assert not OrderRefund.objects.exists()


@pytest.mark.django_db
def test_one_wish_per_order_waits_at_a_time() -> None:
    order, one = an_order(3), person("one")
    approval = ask(order, one)
    with pytest.raises(ApprovalWaits):
        ask(order, one, key="other")
    with audit.acting_as(one.pk, "one"):
        decline_money(approval_id=approval.pk, reason="Asked for the wrong line")
    assert ask(order, one, key="other").state == "asked"


@pytest.mark.django_db
def test_another_amount_than_was_asked_is_not_given() -> None:
    order, one, two = an_order(3), person("one"), person("two")
    approval = ask(order, one)
    MoneyApproval.objects.update(amount=Money("0.01", "EUR").amount)
    with pytest.raises(RefundChanged):
        agree(approval, two)
    assert (MoneyApproval.objects.get().state, OrderRefund.objects.exists()) == ("asked", False)


@pytest.mark.django_db
def test_a_cancellation_waits_and_is_done_the_same_way() -> None:
    order, one, two = an_order(2), person("one"), person("two")
    with audit.acting_as(one.pk, "one"):
        approval = ask_approval(
            number=order.number, kind="cancel", wish=Wish(), amount=order.total, reason="Changed mind", key="c"
        )
    order.refresh_from_db()
    assert order.lifecycle == "confirmed"
    agree(approval, two)
    order.refresh_from_db()
    assert (order.lifecycle, order.cancel_reason) == ("canceled", "Changed mind")


@pytest.mark.django_db
def test_the_limit_counts_what_went_back_of_the_order_before() -> None:
    order, one, two = an_order(4, price="20.00"), person("one"), person("two")
    unit = worth(order, one_unit(order))
    RefundLimit.objects.create(currency="EUR", alone_minor=int(unit.amount * 100))
    assert not needs_second_person(order, unit, one)
    agree(ask(order, one), two)
    assert needs_second_person(order, Money("0.01", "EUR"), one)


@pytest.mark.django_db
def test_a_role_has_a_limit_of_its_own_and_another_currency_none() -> None:
    order, one = an_order(2), person("one")
    finance = Group.objects.create(name="A finance role of this test")
    RefundLimit.objects.create(currency="EUR", alone_minor=0)
    RefundLimit.objects.create(currency="EUR", role=finance, alone_minor=1_000_000)
    assert needs_second_person(order, Money("1.00", "EUR"), one)
    one.groups.add(finance)
    assert not needs_second_person(order, Money("1.00", "EUR"), one)
    RefundLimit.objects.all().delete()
    RefundLimit.objects.create(currency="USD", alone_minor=0)
    assert not needs_second_person(order, Money("1.00", "EUR"), one)


@pytest.mark.parametrize(
    ("limits", "roles", "alone"),
    [
        ([], {1}, None),
        ([Limit(role=None, minor=50)], set(), 50),
        ([Limit(role=None, minor=50), Limit(role=1, minor=10)], {1}, 10),
        ([Limit(role=1, minor=10), Limit(role=2, minor=90)], {1, 2}, 90),
        ([Limit(role=1, minor=10), Limit(role=2, minor=90)], {3}, 10),
    ],
)
def test_a_roles_limit_goes_before_the_shops_and_strangers_have_the_strictest(limits, roles, alone) -> None:
    assert alone_up_to(limits, roles) == alone


@given(
    st.lists(st.tuples(st.integers(1, 9999), st.integers(1, 99), st.none() | st.integers(1, 999)), max_size=5),
    st.booleans() | st.decimals("0.01", "999.99", places=2).map(lambda amount: Money(amount, "EUR")),
    st.sampled_from(["methods", "credit"]),
)
def test_a_wish_is_the_same_after_storing(lines: list[Any], shipping: Any, to: Any) -> None:
    wish = Wish(
        lines=tuple(RefundWish(line_id=a, quantity=b, part_id=c) for a, b, c in lines),
        shipping=shipping,
        to=to,
        warehouse="w1",
        return_number="R-1",
    )
    assert read_wish(as_json(wish)) == wish


def agree_at_once(approval: MoneyApproval, people: list[User]) -> list[str]:
    start, results = threading.Barrier(len(people)), []

    def go(who: User) -> None:
        try:
            start.wait(timeout=10)
            agree(approval, who)
            results.append("done")
        except DomainError as refusal:
            results.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_agreed_to_by_many_at_once_it_is_done_once() -> None:
    order, asker = an_order(3), person("asker")
    approval = ask(order, asker)
    results = agree_at_once(approval, [person(f"p{n}") for n in range(AGREED)])
    assert sorted(results) == ["APPROVAL_DECIDED"] * (AGREED - 1) + ["done"]
    assert OrderRefund.objects.count() == 1
    order.refresh_from_db()
    assert order.lines.earliest("position").qty_refunded == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_several_believe_that_they_did_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: read and write without locking the wish lets more than one person agree.

    The refund's own key still keeps the money from going twice.
    """
    order, asker = an_order(3), person("asker")
    approval = ask(order, asker)
    people = [person(f"p{n}") for n in range(AGREED)]
    meet = threading.Barrier(AGREED)
    locked = LockingQuerySet.lock

    def lock(self: Any, **options: Any) -> Any:
        return self.order_by("pk") if self.model is MoneyApproval else locked(self, **options)

    from orders.actions import approvals

    def asked(approval_id: int) -> tuple[MoneyApproval, Order]:
        found = MoneyApproval.objects.get(pk=approval_id)
        meet.wait(timeout=10)
        return found, approvals.lock_order(found.order.number)

    monkeypatch.setattr(LockingQuerySet, "lock", lock)
    monkeypatch.setattr(approvals, "_asked", asked)

    assert agree_at_once(approval, people).count("done") > 1
    assert OrderRefund.objects.count() == 1
