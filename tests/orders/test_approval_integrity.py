"""The nightly checks of second persons and of suspicion find what must not be."""

import pytest

from core import audit
from core.integrity import registered, run
from core.money import Money
from members.models import User
from orders.actions.approvals import approve_money, ask_approval
from orders.approving.wishes import Wish
from orders.models import MoneyApproval, OrderHold, OrderRefund
from orders.types import RefundWish
from orders.workspace.refunds import preview_refund
from payments.actions import Asked, open_payment
from payments.risk.types import About
from tests.admin.worlds import an_order, unpaid_order
from tests.factories.payments import fact, settled
from tests.tampering import behind_the_databases_back

pytestmark = pytest.mark.django_db


def found(code: str) -> int:
    return next(one.count for one in run(registered()) if one.check.code == code)


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.com", "a-long-password", is_staff=True)


def agreed() -> MoneyApproval:
    order = an_order(3)
    wish = Wish(lines=(RefundWish(line_id=order.lines.earliest("position").pk, quantity=1),))
    amount: Money = preview_refund(order, wishes=wish.lines, shipping=wish.shipping, to=wish.to).total
    one, two = person("one"), person("two")
    with audit.acting_as(one.pk, one.email):
        asked = ask_approval(number=order.number, kind="refund", wish=wish, amount=amount, reason="Broken", key="k")
    with audit.acting_as(two.pk, two.email):
        return approve_money(approval_id=asked.pk)


def test_an_agreement_without_its_refund_is_found() -> None:
    agreed()
    assert found("O90") == 0
    OrderRefund.objects.update(key="another")
    assert found("O90") == 1


def test_an_order_under_suspicion_that_nothing_holds_is_found() -> None:
    order = unpaid_order()
    about = About(order_ref=order.number, worth=order.total, email=order.email, address="", ship_country="DE")
    payment = open_payment(
        order_ref=order.number, amount=order.total, provider="sandbox", method="card", asked=Asked(about=about)
    )
    settled(payment, fact(payment, "captured", detail={"risk_level": "highest"}))
    assert OrderHold.objects.filter(order=order, kind="fraud", resolved_at=None).exists()
    assert found("O91") == 0
    with behind_the_databases_back():
        OrderHold.objects.filter(kind="fraud").delete()
    assert found("O91") == 1
