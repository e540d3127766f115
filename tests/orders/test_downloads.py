"""Downloads: opened by payment, counted, limited, blocked until the customer agrees, ended by a refund."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from catalog.actions.downloads import add_file, add_keys, hand_out_keys, withdraw_file
from catalog.errors import FileProblem, KeysGone
from catalog.models import LicenceKey, Variant, VariantFile
from core.models import Message
from core.outbox import drain
from markets.types import MarketContext
from orders.actions import grant_access, refund_order
from orders.actions.downloads import (
    agree_to_download,
    count_download,
    hand_out_missing_keys,
    open_downloads,
    renew_download,
    revoke_download,
)
from orders.actions.withdrawals import lines_to_withdraw
from orders.errors import DownloadRefused, ReasonMissing
from orders.models import DigitalConsent, Entitlement, Lifecycle, Order
from orders.queries import order_page
from orders.types import RefundWish
from tests.factories.cart import cart_with, item_in, open_shop, quote_of
from tests.factories.kinds import PDF, download_in, set_in
from tests.factories.orders import paid_order
from tests.soundness import broken

pytestmark = pytest.mark.django_db


def bought(market: MarketContext, *items: tuple[Variant, int]) -> Order:
    order = paid_order(market, *items)
    drain()
    order.refresh_from_db()
    return order


def fetch(order: Order, nonce: str = "n1") -> VariantFile:
    row = order.entitlements.get()
    file = VariantFile.objects.get(variant=row.variant_id, withdrawn=False)
    return count_download(number=order.number, entitlement_id=row.pk, file_id=file.pk, nonce=nonce)


def test_a_download_needs_no_delivery_and_is_never_out_of_stock() -> None:
    market = open_shop()
    book = download_in(market)

    quote = quote_of(cart_with(market, (book, 5)), market)

    assert quote.can_be_ordered
    assert quote.has_downloads
    assert (quote.delivery, quote.parcels) == (None, ())
    assert quote.lines[0].supply == "virtual"


def test_payment_opens_the_download_once_and_completes_the_order() -> None:
    market = open_shop()
    book = download_in(market)
    order = bought(market, (book, 1))

    assert open_downloads(number=order.number) == 0

    row = Entitlement.objects.get()
    assert (row.most_downloads, row.quantity, row.state) == (3, 1, "active")
    assert row.expires_at is not None
    assert (order.lifecycle, order.fulfillment_state) == (Lifecycle.COMPLETED, "delivered")
    assert Message.objects.filter(kind="downloads_ready").count() == 1
    assert broken() == []


def test_it_waits_for_the_word_of_the_customer_and_ends_the_right_of_withdrawal() -> None:
    market = open_shop()
    order = bought(market, (download_in(market), 1))
    assert order.withdrawal_days > 0
    with pytest.raises(DownloadRefused, match="Agree first"):
        fetch(order)
    before = lines_to_withdraw(order)

    agree_to_download(number=order.number)
    agree_to_download(number=order.number)
    first = order_page(Order.objects.get(pk=order.pk), secret="s").withdrawal
    fetch(Order.objects.get(pk=order.pk))
    then = order_page(Order.objects.get(pk=order.pk), secret="s").withdrawal

    assert first is not None
    assert first.until is not None
    assert first.until >= (order.placed_at + timedelta(days=order.withdrawal_days)).date()
    assert then is None
    assert len(before) == 1
    assert lines_to_withdraw(order) == []
    consent = DigitalConsent.objects.get()
    assert (consent.place, consent.language) == ("order", order.language)
    assert "right of withdrawal" in consent.text


def test_each_link_counts_once_and_the_limit_holds() -> None:
    market = open_shop()
    order = bought(market, (download_in(market, most=2), 1))
    agree_to_download(number=order.number)

    for nonce in ("a", "a", "b", "a"):
        fetch(order, nonce)
    with pytest.raises(DownloadRefused, match="as often as you can"):
        fetch(order, "c")

    row = order.entitlements.get()
    assert row.downloads.count() == 2
    renew_download(entitlement_id=row.pk)
    fetch(order, "c")
    assert row.downloads.count() == 3


def test_it_ends_with_its_days_and_can_be_opened_anew() -> None:
    market = open_shop()
    order = bought(market, (download_in(market, days=7), 1))
    agree_to_download(number=order.number)
    row = order.entitlements.get()
    Entitlement.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(DownloadRefused, match="run out"):
        fetch(order)

    renew_download(entitlement_id=row.pk)

    assert fetch(order).name == "book.pdf"


def test_a_refund_ends_the_download() -> None:
    market = open_shop()
    order = bought(market, (download_in(market), 1))
    agree_to_download(number=order.number)

    refund_order(
        number=order.number,
        lines=[RefundWish(line_id=order.lines.get().pk, quantity=1)],
        shipping=False,
        reason="Does not open",
        key="k",
    )

    assert order.entitlements.get().state == "revoked"
    with pytest.raises(DownloadRefused, match="ended"):
        fetch(order)


def test_an_operator_ends_a_download_with_a_reason() -> None:
    market = open_shop()
    row = bought(market, (download_in(market), 1)).entitlements.get()

    with pytest.raises(ReasonMissing):
        revoke_download(entitlement_id=row.pk, reason=" ")
    revoke_download(entitlement_id=row.pk, reason="Sold by mistake")

    row.refresh_from_db()
    assert (row.state, row.revoke_reason) == ("revoked", "Sold by mistake")


def test_a_set_hands_over_what_is_virtual_in_it() -> None:
    market = open_shop()
    pot, book = item_in(market, code="pot"), download_in(market)
    order = bought(market, (set_in(market, (pot, 1, 3), (book, 1, 1)), 2))

    row = order.entitlements.get()
    assert (row.ref, row.quantity) == (f"{order.number}/1.2", 2)
    assert order.lifecycle == Lifecycle.CONFIRMED
    assert broken() == []


class TestKeys:
    def test_each_piece_gets_a_key_of_its_own(self) -> None:
        market = open_shop()
        book = download_in(market, keys=True)
        told = add_keys(variant_id=book.pk, values=["A-1", " A-2 ", "", "A-1", "A-3"])
        again = add_keys(variant_id=book.pk, values=["A-1", "A-4"])

        order = bought(market, (book, 2))

        assert (told.added, told.known, again.added, again.known) == (3, 0, 1, 1)
        given = LicenceKey.objects.exclude(given_to="")
        assert [key.value for key in given] == ["A-1", "A-2"]
        assert {key.given_to for key in given} == {f"{order.number}/1"}
        assert hand_out_keys(variant_id=book.pk, ref=f"{order.number}/1", count=2) == ["A-1", "A-2"]

    def test_when_there_are_too_few_a_person_is_asked_and_none_is_spent(self) -> None:
        market = open_shop()
        book = download_in(market, keys=True)
        add_keys(variant_id=book.pk, values=["A-1"])

        order = bought(market, (book, 2))

        row = order.entitlements.get()
        assert order.holds.get().key == f"keys:{row.ref}"
        assert not LicenceKey.objects.exclude(given_to="").exists()
        with pytest.raises(KeysGone):
            hand_out_missing_keys(entitlement_id=row.pk)
        add_keys(variant_id=book.pk, values=["A-2"])
        assert hand_out_missing_keys(entitlement_id=row.pk) == 2


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("run.exe", b"MZ"),
            ("page.html", b"<script>"),
            ("drawing.svg", b"<svg>"),
            ("book.pdf", b"<html>not a book"),
            ("empty.pdf", b""),
            ("notes.txt", b"\x00\x01"),
        ],
    )
    def test_what_is_not_offered_is_refused_with_a_sentence(self, name: str, content: bytes) -> None:
        book = download_in(open_shop())

        with pytest.raises(FileProblem) as refusal:
            add_file(variant_id=book.pk, name=name, content=SimpleUploadedFile(name, content))

        assert str(refusal.value)
        assert VariantFile.objects.count() == 1

    def test_goods_that_are_sent_have_no_files(self) -> None:
        cup = item_in(open_shop())

        with pytest.raises(FileProblem):
            add_file(variant_id=cup.pk, name="a.pdf", content=SimpleUploadedFile("a.pdf", PDF))

    def test_a_file_that_is_taken_away_is_handed_over_no_more(self) -> None:
        market = open_shop()
        order = bought(market, (download_in(market), 1))
        agree_to_download(number=order.number)
        file = VariantFile.objects.get()

        assert withdraw_file(file_id=file.pk)
        assert not withdraw_file(file_id=file.pk)

        with pytest.raises(DownloadRefused):
            count_download(number=order.number, entitlement_id=order.entitlements.get().pk, file_id=file.pk, nonce="n")


class TestOverHttp:
    def link(self, client: Client, order: Order, token: str) -> str:
        page = order_page(Order.objects.get(pk=order.pk), secret=token)
        return page.downloads[0].files[0].url

    def body(self, response: Any) -> bytes:
        return b"".join(response.streaming_content)

    def test_the_order_page_asks_first_then_leads_to_the_file(self, client: Client) -> None:
        market = open_shop()
        order = bought(market, (download_in(market), 1))
        token = grant_access(number=order.number)
        page_url = f"/de/en/orders/{order.number}/{token}/"
        asked = client.get(page_url).content.decode()

        agreed = client.post(f"{page_url}consent/", {"agree": "1"})
        page = client.get(page_url).content.decode()
        url = re.search(r'href="([^"]+/download/[^"]+)"', page)

        assert "/download/" not in asked
        assert agreed.status_code == 303
        assert url is not None
        answer = client.get(url[1])
        assert answer.status_code == 200
        assert self.body(answer) == PDF
        assert answer["Content-Disposition"] == 'attachment; filename="book.pdf"'
        assert answer["Content-Type"] == "application/pdf"
        assert "no-store" in answer["Cache-Control"]

    def test_without_the_box_ticked_nothing_is_agreed(self, client: Client) -> None:
        market = open_shop()
        order = bought(market, (download_in(market), 1))
        token = grant_access(number=order.number)

        client.post(f"/de/en/orders/{order.number}/{token}/consent/", {})

        assert not DigitalConsent.objects.exists()

    @pytest.mark.parametrize(
        ("asked", "status", "start", "stop"),
        [
            ("bytes=0-9", 206, 0, 10),
            ("bytes=10-", 206, 10, None),
            ("bytes=-5", 206, -5, None),
            ("bytes=0-1,4-5", 200, 0, None),
            ("lines=1-2", 200, 0, None),
        ],
    )
    def test_a_download_goes_on_where_it_stopped(
        self, client: Client, asked: str, status: int, start: int, stop: int | None
    ) -> None:
        market = open_shop()
        order = bought(market, (download_in(market), 1))
        agree_to_download(number=order.number)
        url = self.link(client, order, grant_access(number=order.number))

        answer = client.get(url, headers={"range": asked})

        assert answer.status_code == status
        assert self.body(answer) == PDF[start:stop]
        assert order.entitlements.get().downloads.count() == 1

    def test_a_range_beyond_the_end_is_refused(self, client: Client) -> None:
        market = open_shop()
        order = bought(market, (download_in(market), 1))
        agree_to_download(number=order.number)
        url = self.link(client, order, grant_access(number=order.number))

        assert client.get(url, headers={"range": "bytes=99999-"}).status_code == 416
        assert client.get(url, headers={"range": f"bytes={'9' * 5000}-"}).status_code == 200

    def test_a_link_opens_nothing_for_another_order_or_without_one(self, client: Client) -> None:
        market = open_shop()
        book = download_in(market)
        mine, other = bought(market, (book, 1)), bought(market, (book, 1))
        for order in (mine, other):
            agree_to_download(number=order.number)
        mine_token, other_token = grant_access(number=mine.number), grant_access(number=other.number)
        url = self.link(client, mine, mine_token)

        foreign = url.replace(mine.number, other.number).replace(mine_token, other_token)
        bare = url.replace(mine_token, "nothing")
        forged = url[:-3] + "abc/"

        assert [client.get(one).status_code for one in (foreign, bare, forged)] == [410, 404, 410]
        assert not other.entitlements.get().downloads.exists()

    def test_a_proxy_sends_the_bytes_when_it_is_told_to(self, client: Client, settings: Any) -> None:
        settings.PRIVATE_FILES_BY_PROXY = "/internal-files"
        market = open_shop()
        order = bought(market, (download_in(market), 1))
        agree_to_download(number=order.number)

        answer = client.get(self.link(client, order, grant_access(number=order.number)))

        assert answer["X-Accel-Redirect"] == f"/internal-files/{VariantFile.objects.get().file_name}"
        assert answer.content == b""
