"""Who asks to hear when something is back hears it once, in their language, when their market can sell it."""

from collections.abc import Callable

import pytest
from django.test import Client

from catalog.models import Variant
from core.models import Message
from inventory.actions import receive_stock
from inventory.models import BackInStock, Warehouse
from markets.models import Market
from tests.factories.catalog import sellable_variant
from tests.factories.inventory import a_warehouse
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
ASK = "/de/de/back-in-stock/"


@pytest.fixture
def variant() -> Variant:
    small_world("de", "jp")
    return sellable_variant()


@pytest.fixture
def leipzig(variant: Variant) -> Warehouse:
    return a_warehouse("LEJ", market=Market.objects.get(code="de"))


def test_one_message_is_sent_when_it_is_back(
    client: Client, variant: Variant, leipzig: Warehouse, run_outbox: Callable[[], int]
) -> None:
    for _ in range(2):
        answer = client.post(ASK, {"variant": variant.pk, "email": "Waiting@Example.com"})
        assert answer.status_code == 302
        assert answer["Location"].endswith("#notify")
    assert BackInStock.objects.count() == 1
    for delivery in ("first", "second"):
        receive_stock(warehouse_code="LEJ", variant_id=variant.pk, quantity=1, op_key=delivery)
        run_outbox()
    message = Message.objects.get(kind="back_in_stock")
    assert (message.recipient, message.language) == ("waiting@example.com", "de")
    assert "/de/de/p/" in message.text


def test_stock_of_another_market_tells_nobody(
    client: Client, variant: Variant, leipzig: Warehouse, run_outbox: Callable[[], int]
) -> None:
    client.post(ASK, {"variant": variant.pk, "email": "waiting@example.com"})
    a_warehouse("NGT", market=Market.objects.get(code="jp"), zone="Asia/Tokyo", country="JP")
    receive_stock(warehouse_code="NGT", variant_id=variant.pk, quantity=1, op_key="delivery")
    run_outbox()
    assert not Message.objects.filter(kind="back_in_stock").exists()


def test_an_address_that_is_none_is_said_and_nothing_is_kept(client: Client, variant: Variant) -> None:
    answer = client.post(ASK, {"variant": variant.pk, "email": "nobody"}, follow=True)
    assert "name@example.com" in answer.content.decode()
    assert not BackInStock.objects.exists()


@pytest.mark.parametrize("number", ["0", "-1", "abc", "9" * 30, ""])
def test_a_thing_that_does_not_exist_is_not_found(client: Client, variant: Variant, number: str) -> None:
    assert client.post(ASK, {"variant": number, "email": "a@example.com"}).status_code == 404
