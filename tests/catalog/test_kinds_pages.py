"""What shoppers read about pre-sales and downloads before they buy."""

import pytest
from django.test import Client

from catalog import actions
from core.outbox import drain
from tests.factories.cart import open_shop
from tests.factories.kinds import download_in, presale_in, presale_of
from tests.factories.orders import paid_order

pytestmark = pytest.mark.django_db


def test_a_pre_sale_says_from_when_it_is_sent_and_how_many_are_left(client: Client) -> None:
    market = open_shop()
    game = presale_in(market, most_in_all=3, most_per_customer=2)
    drain()
    actions.refresh_derived(product_ids=[game.product_id])
    url = f"/de/en/p/{game.product.code}/"

    page = client.get(url).content.decode()

    assert "Pre-sale" in page
    assert "You pay when you order." in page
    assert "3 pieces are left before the release." in page
    assert "Add to cart" in page
    paid_order(market, (game, 2))
    drain()
    assert presale_of(game).left() == 1
    assert "1 piece is left before the release." in client.get(url).content.decode()


def test_a_download_says_that_nothing_is_sent(client: Client) -> None:
    book = download_in(open_shop())

    page = client.get(f"/de/en/p/{book.product.code}/").content.decode()

    assert "Nothing is sent." in page
    assert "Available at once by download" in page
