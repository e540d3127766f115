"""Operators: who may do what to payments and cases, and that it is written down."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from djmoney.money import Money

from core.models import AuditEntry
from payments.models import Payment, PaymentException
from tests.factories.payments import PaymentFactory, choose_at_sandbox, fact, settled, started

pytestmark = pytest.mark.django_db


def operator(*permissions: str, is_staff: bool = True) -> Client:
    user = get_user_model().objects.create_user(email=f"op{len(permissions)}{is_staff}@example.com", password="x")
    user.is_staff = is_staff
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions, content_type__app_label="payments"))
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def case() -> PaymentException:
    settled(payment := PaymentFactory(), fact(payment, "captured", Money("51.00", "EUR")))
    return PaymentException.objects.get()


def accept(case: PaymentException) -> str:
    return reverse("admin:payments_paymentexception_accept", args=[case.pk])


@pytest.mark.parametrize(
    "browser",
    [
        Client,
        lambda: operator("resolve_paymentexception", is_staff=False),
        lambda: operator("view_paymentexception", "capture_payment"),
    ],
    ids=["nobody", "shopper", "wrong operator"],
)
def test_others_cannot_decide_a_case(case, browser) -> None:
    assert browser().post(accept(case), {"note": "mine"}).status_code in (302, 403)
    case.refresh_from_db()
    assert (case.state, Payment.objects.get().captured_minor) == ("open", 0)


def test_the_right_operator_decides_a_case_and_it_is_written_down(case) -> None:
    browser = operator("resolve_paymentexception", "view_paymentexception")
    answer = browser.post(accept(case), {"note": "Seen on the statement."})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.note, Payment.objects.get().captured_minor) == ("accepted", "Seen on the statement.", 5100)
    entry = AuditEntry.objects.get(action="payments.accept_case")
    assert entry.actor_label.startswith("op")


def test_a_held_payment_is_captured_by_an_operator(settings) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    payment = started()
    choose_at_sandbox(payment, "succeed")
    browser = operator("capture_payment", "view_payment")
    browser.post(reverse("admin:payments_payment_ask", args=[payment.pk]))
    payment.refresh_from_db()
    assert payment.state == "authorized"
    browser.post(reverse("admin:payments_payment_capture", args=[payment.pk]), {"amount": "20.00"})
    payment.refresh_from_db()
    assert (payment.state, payment.captured) == ("captured", Money("20.00", "EUR"))
    assert AuditEntry.objects.filter(action="payments.capture").exists()


@pytest.mark.parametrize(
    "name", ["payment", "paymentexception", "paymentevent", "refund", "ledgertxn", "ledgeraccount"]
)
def test_lists_are_shown_and_nothing_is_added_there(name, case) -> None:
    browser = operator(f"view_{name}", f"add_{name}", f"change_{name}", f"delete_{name}")
    assert browser.get(reverse(f"admin:payments_{name}_changelist")).status_code == 200
    assert browser.get(reverse(f"admin:payments_{name}_add")).status_code == 403


def test_a_payments_page_shows_its_facts_and_only_permitted_operations(case) -> None:
    page = operator("view_payment", "cancel_payment").get(
        reverse("admin:payments_payment_change", args=[Payment.objects.get().pk])
    )
    html = page.content.decode()
    assert page.status_code == 200
    assert Payment.objects.get().order_ref in html
    assert "/cancel/" in html
    assert "/capture/" not in html
