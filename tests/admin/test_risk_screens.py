"""Risk, disputes and second persons over HTTP: who may, what is seen, what is done."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import User
from orders.disputing.evidence import evidence_for
from orders.models import MoneyApproval, Order, OrderRefund, RefundLimit, Ticket, TicketMessage
from payments.actions import Asked, open_payment
from payments.models import Dispute, Payment, RiskDecision, RiskRule
from payments.risk.rules import RULES
from payments.risk.types import About
from tests.admin.people import hidden, operator, owner, text
from tests.admin.worlds import KEY, an_order
from tests.factories.cart import open_shop
from tests.factories.payments import fact, settled

pytestmark = pytest.mark.django_db
RULES_URL = "/admin/payments/risk-rules/"


def answers(**changes: object) -> dict[str, object]:
    """The form as it stands, with changes."""
    fields: dict[str, object] = {"strong": 30, "hold": 60, "refuse": 100, "reason": ""}
    for rule in RULES:
        fields |= {f"on_{rule.code}": "on", f"at_least_{rule.code}": rule.at_least, f"points_{rule.code}": rule.points}
    return fields | changes


def weighed(order: Order) -> None:
    """A decision about an order whose billing country is another one."""
    about = About(
        order_ref=f"{order.number}-X",
        worth=order.total,
        email=order.email,
        address="Somewhere 1",
        ship_country="DE",
        bill_country="US",
    )
    open_payment(
        order_ref=about.order_ref, amount=order.total, provider="sandbox", method="card", asked=Asked(about=about)
    )


def refund(browser, order: Order, step: str = "confirm") -> object:
    asked = {"key": KEY, "reason": "Broken", "warehouse": "", "step": "preview"}
    asked[f"line_{order.lines.earliest('position').pk}"] = "1"
    shown = browser.post(f"/admin/orders/{order.number}/refund/", asked)
    return browser.post(f"/admin/orders/{order.number}/refund/", hidden(shown) | {"step": step})


def disputed(order: Order) -> Dispute:
    payment = Payment.objects.get(order_ref=order.number)
    settled(payment, fact(payment, "disputed", fact_ref="dp_1", code="fraudulent"))
    return Dispute.objects.get()


def test_a_change_of_the_rules_is_previewed_and_then_kept_with_a_reason() -> None:
    weighed(an_order(1))
    browser = owner()
    seen = browser.post(RULES_URL, answers(points_bill_country=60, step="preview"))
    assert (seen.context["preview"].orders, seen.context["preview"].touched) == (1, 1)
    assert not RiskRule.objects.exists()
    assert browser.post(RULES_URL, answers(points_bill_country=60, step="keep")).status_code == 422
    kept = browser.post(RULES_URL, answers(points_bill_country=60, step="keep", reason="Many chargebacks"))
    assert kept.status_code == 302
    assert dict(RiskRule.objects.values_list("code", "points")) == {"bill_country": 60}


def test_thresholds_out_of_order_are_refused_and_change_nothing() -> None:
    refused = owner().post(RULES_URL, answers(strong=70, step="keep", reason="A slip"))
    assert refused.status_code == 422
    assert not RiskRule.objects.exists()


@pytest.mark.parametrize(
    ("permissions", "get", "post"),
    [
        ((), 403, 403),
        (("payments.view_riskdecision",), 200, 403),
        (("payments.view_riskdecision", "payments.change_risk_rules"), 200, 200),
    ],
)
def test_who_may_see_and_change_the_rules(permissions: tuple[str, ...], get: int, post: int) -> None:
    browser = operator(*permissions)
    assert browser.get(RULES_URL).status_code == get
    assert browser.post(RULES_URL, answers(step="preview")).status_code == post


def test_the_page_of_an_order_says_why() -> None:
    order = an_order(1)
    signal = {"code": "failed_card", "value": 7, "points": 35}
    RiskDecision.objects.create(order_ref=order.number, moment="before", outcome="strong", points=35, signals=[signal])
    page = text(owner().get(f"/admin/orders/{order.number}/"))
    assert "7 attempts with this card failed within a day." in page


def test_above_the_limit_a_refund_waits_and_below_it_is_done() -> None:
    shop = open_shop("de")
    order, other = an_order(3, price="20.00", market=shop), an_order(3, price="20.00", market=shop)
    RefundLimit.objects.create(currency="EUR", alone_minor=0)
    assert refund(owner(), order).status_code == 302
    assert (MoneyApproval.objects.get().state, OrderRefund.objects.exists()) == ("asked", False)
    RefundLimit.objects.update(alone_minor=1_000_000)
    assert refund(owner(), other).status_code == 302
    assert OrderRefund.objects.get().order == other


def test_a_second_person_agrees_on_the_screen_and_the_first_cannot() -> None:
    order, first, second = an_order(3), owner(), owner()
    RefundLimit.objects.create(currency="EUR", alone_minor=0)
    refund(first, order)
    url = f"/admin/orders/moneyapproval/{MoneyApproval.objects.get().pk}/agree/"
    assert first.post(url).status_code == 422
    assert not OrderRefund.objects.exists()
    assert second.post(url).status_code == 302
    assert OrderRefund.objects.get().amount == MoneyApproval.objects.get().amount


def test_nobody_without_the_permission_agrees() -> None:
    order = an_order(3)
    RefundLimit.objects.create(currency="EUR", alone_minor=0)
    refund(owner(), order)
    url = f"/admin/orders/moneyapproval/{MoneyApproval.objects.get().pk}/agree/"
    assert operator("orders.view_moneyapproval", "orders.refund_order").post(url).status_code == 403
    assert MoneyApproval.objects.get().state == "asked"


def test_above_the_limit_an_old_sign_in_is_not_enough() -> None:
    order, browser = an_order(3), owner()
    RefundLimit.objects.create(currency="EUR", alone_minor=0)
    User.objects.update(last_login=timezone.now() - timedelta(minutes=11))
    assert refund(browser, order).status_code == 422
    assert not MoneyApproval.objects.exists()
    RefundLimit.objects.all().delete()
    assert refund(browser, order).status_code == 302


def test_a_dispute_is_answered_from_its_screen() -> None:
    dispute, browser = disputed(an_order(2)), owner()
    url = f"/admin/disputes/{dispute.pk}/"
    assert browser.get(url).status_code == 200
    kept = browser.post(url, {"step": "keep", "chosen_order": "on", "note_order": "As described"})
    assert kept.status_code == 302
    file = browser.get(f"{url}evidence.zip")
    names = zipfile.ZipFile(io.BytesIO(file.content)).namelist()
    assert names[0] == "01-order.txt"
    assert not [name for name in names if "messages" in name]
    assert browser.post(url, {"step": "answer", "note": "Uploaded"}).status_code == 302
    assert Dispute.objects.get().state == "answered"
    assert browser.post(url, {"step": "answer", "note": "Again"}).status_code == 422


@pytest.mark.parametrize(
    ("permissions", "get", "post"),
    [
        ((), 403, 403),
        (("payments.view_dispute",), 200, 403),
        (("payments.view_dispute", "payments.handle_dispute"), 200, 302),
    ],
)
def test_who_may_see_and_answer_disputes(permissions: tuple[str, ...], get: int, post: int) -> None:
    url = f"/admin/disputes/{disputed(an_order(1)).pk}/"
    browser = operator(*permissions)
    assert browser.get(url).status_code == get
    assert browser.post(url, {"step": "answer", "note": "Done"}).status_code == post


def test_what_staff_wrote_among_themselves_is_not_evidence() -> None:
    order = an_order(1)
    dispute = disputed(order)
    ticket = Ticket.objects.create(order=order, number="T-1", key="t", category="other", subject="A question")
    TicketMessage.objects.create(ticket=ticket, key="a", by_customer=False, is_internal=True, body="Between us")
    TicketMessage.objects.create(ticket=ticket, key="b", by_customer=True, body="Where is it?")
    said = "\n".join(line for one in evidence_for(dispute, order) for line in one.lines)
    assert "Where is it?" in said
    assert "Between us" not in said
