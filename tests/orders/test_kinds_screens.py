"""Operators' screens of pre-sales and downloads: who may, what is refused, what is done once."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from catalog.models import DownloadTerms, LicenceKey, Presale, VariantFile
from core.outbox import drain
from inventory.models import StockItem
from orders.actions import grant_access
from orders.actions.ahead import may_cancel
from orders.models import Lifecycle
from tests.factories.cart import item_in, open_shop
from tests.factories.kinds import PDF, download_in, in_days, presale_in, presale_of
from tests.factories.orders import paid_order

pytestmark = pytest.mark.django_db


def test_a_pre_sale_is_opened_moved_and_released_by_hand(admin_client: Client) -> None:
    market = open_shop()
    game = item_in(market, stock=0)
    url = f"/admin/catalogue/products/{game.product_id}/presale/"
    form = {"variant": str(game.pk), "release_on": in_days(20).isoformat(), "warehouse_code": "LEJ", "most_in_all": "9"}

    opened = admin_client.post(url, form)
    past = admin_client.post(url, {**form, "release_on": (timezone.now() - timedelta(days=2)).date().isoformat()})
    page = admin_client.get(url).content.decode()
    released = admin_client.post(url, {"variant": str(game.pk), "step": "release"})

    assert (opened.status_code, past.status_code, released.status_code) == (302, 422, 302)
    assert "Choose a day after today." in past.content.decode()
    assert "Release now" in page
    row = Presale.objects.get()
    assert (row.release_on, row.most_in_all, row.is_open) == (in_days(20), 9, False)
    assert StockItem.objects.get(variant=game).backorder_limit == 0


def test_a_moved_line_is_canceled_on_the_page_of_its_order(admin_client: Client, client: Client) -> None:
    market = open_shop()
    game = presale_in(market)
    order = paid_order(market, (game, 1))
    page_url = f"/de/en/orders/{order.number}/{grant_access(number=order.number)}/"
    before = client.get(page_url).content.decode()
    url = f"/admin/catalogue/products/{game.product_id}/presale/"
    admin_client.post(url, {"variant": str(game.pk), "release_on": in_days(70).isoformat(), "warehouse_code": "LEJ"})
    drain()
    after = client.get(page_url).content.decode()
    line = order.lines.get()

    answer = client.post(f"{page_url}cancel/{line.pk}/")

    assert "Cancel free of charge" not in before
    assert "Cancel free of charge" in after
    assert answer.status_code == 303
    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.CANCELED
    assert presale_of(game).sold == 0
    assert not may_cancel(order.presale_claims.get(), line)


def test_files_terms_and_keys_are_kept_and_refused_in_words(admin_client: Client) -> None:
    book = download_in(open_shop(), most=None, days=None)
    url = f"/admin/catalogue/products/{book.product_id}/downloads/"
    variant = {"variant": str(book.pk)}

    file = admin_client.post(url, {**variant, "step": "file", "file": SimpleUploadedFile("more.pdf", PDF)})
    lie = admin_client.post(url, {**variant, "step": "file", "file": SimpleUploadedFile("lie.pdf", b"<html>")})
    terms = admin_client.post(url, {**variant, "step": "terms", "most_downloads": "4", "gives_keys": "on"})
    keys = admin_client.post(url, {**variant, "step": "keys", "keys": "A-1\nA-2\n\nA-1"})
    page = admin_client.get(url).content.decode()

    assert [one.status_code for one in (file, lie, terms, keys)] == [302, 422, 302, 302]
    assert "not what its name says" in lie.content.decode()
    assert VariantFile.objects.count() == 2
    row = DownloadTerms.objects.get()
    assert (row.most_downloads, row.days, row.gives_keys) == (4, None, True)
    assert LicenceKey.objects.count() == 2
    assert "2 of 2 keys are free." in page
    gone = VariantFile.objects.get(name="more.pdf")
    admin_client.post(url, {**variant, "step": "withdraw", "file": str(gone.pk)})
    gone.refresh_from_db()
    assert gone.withdrawn


def test_a_download_is_ended_with_a_reason_and_opened_anew(admin_client: Client) -> None:
    market = open_shop()
    order = paid_order(market, (download_in(market), 1))
    drain()
    row = order.entitlements.get()
    url = f"/admin/orders/{order.number}/downloads/{row.pk}/"

    bare = admin_client.post(url, {"key": "a", "deed": "revoke"})
    ended = admin_client.post(url, {"key": "b", "deed": "revoke", "reason": "Sold by mistake"})
    row.refresh_from_db()
    state = row.state
    again = admin_client.post(url, {"key": "c", "deed": "renew"})

    assert (bare.status_code, ended.status_code, again.status_code) == (422, 302, 302)
    row.refresh_from_db()
    assert (state, row.state) == ("revoked", "active")
    assert "Open it anew" in admin_client.get(f"/admin/orders/{order.number}/").content.decode()


@pytest.mark.parametrize("screen", ["set", "presale", "downloads"])
def test_nobody_else_gets_in(client: Client, screen: str) -> None:
    cup = item_in(open_shop())

    answer = client.get(f"/admin/catalogue/products/{cup.product_id}/{screen}/")

    assert answer.status_code == 302
    assert "/login" in answer["Location"]
