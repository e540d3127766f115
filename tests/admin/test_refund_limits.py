"""Limits for refunds are typed as money, and whoever moves one is written down."""

import pytest

from core.models import AuditEntry
from orders.models import RefundLimit
from tests.admin.people import owner
from tests.factories.cart import open_shop

pytestmark = pytest.mark.django_db
ADD = "/admin/orders/refundlimit/add/"


def test_a_limit_is_typed_as_money_and_its_change_says_what_it_was() -> None:
    open_shop("de")
    browser = owner()
    assert browser.post(ADD, {"currency": "EUR", "role": "", "amount": "250.00"}).status_code == 302
    limit = RefundLimit.objects.get()
    assert limit.alone_minor == 25_000
    url = f"/admin/orders/refundlimit/{limit.pk}/change/"
    assert "250" in browser.get(url).content.decode()
    assert browser.post(url, {"currency": "EUR", "role": "", "amount": "10"}).status_code == 302
    told = AuditEntry.objects.filter(action="orders.keep_refund_limit").latest("pk").data
    assert (told["was"]["alone"], told["is"]["alone"]) == ("250.00", "10.00")
    gone = browser.post(f"/admin/orders/refundlimit/{limit.pk}/delete/", {"post": "yes"})
    assert gone.status_code == 302
    assert not RefundLimit.objects.exists()
    assert AuditEntry.objects.filter(action="orders.drop_refund_limit").count() == 1


@pytest.mark.parametrize("amount", ["-1", "1.005", "", "much"])
def test_what_is_no_amount_of_the_currency_is_refused(amount: str) -> None:
    open_shop("de")
    assert owner().post(ADD, {"currency": "EUR", "role": "", "amount": amount}).status_code == 200
    assert not RefundLimit.objects.exists()
    assert not AuditEntry.objects.filter(action="orders.keep_refund_limit").exists()
