"""The screens of buying: who may, what a press does, what a refusal says."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import Variant
from core.models import AuditEntry
from core.money import Money
from inventory.buying.actions.purchases import draft_purchase
from inventory.buying.actions.receiving import Arrived, receive_purchase
from inventory.models import (
    FeedRun,
    PurchaseOrder,
    PurchaseReceipt,
    ReplenishmentProposal,
    StockItem,
    Supplier,
    SupplierFeed,
    SupplierStock,
    Warehouse,
)
from markets.models import Market
from tests.admin.people import hidden, operator, owner, shopper, text
from tests.factories.buying import a_feed, a_purchase, a_supplier, sold_by
from tests.factories.inventory import a_variant, a_warehouse, stocked
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
LOOK = ("inventory.view_purchaseorder", "inventory.view_replenishmentproposal", "inventory.view_forecast")
PAGES = ("buying_proposals", "buying_purchases", "buying_turnover", "buying_turnover_csv")


@pytest.fixture
def leipzig() -> Warehouse:
    small_world("de")
    return a_warehouse("LEJ", market=Market.objects.get(code="de"))


@pytest.fixture
def cup() -> Variant:
    return a_variant(sku="CUP")


def one(order: PurchaseOrder, deed: str = "") -> str:
    return f"/admin/buying/orders/{order.number}/{deed}"


def proposal(cup: Variant, place: Warehouse, **facts: object) -> ReplenishmentProposal:
    supplier = a_supplier()
    sold_by(supplier, cup)
    told = {"kind": "buy", "quantity": 12, "supplier": supplier, "reason": {"on_hand": 1, "promised": 0, "coming": 0}}
    return ReplenishmentProposal.objects.create(variant=cup, warehouse=place, **{**told, **facts})


@pytest.mark.parametrize("name", PAGES)
def test_pages_need_their_permission_and_open_empty_and_filled(name: str, leipzig: Warehouse, cup: Variant) -> None:
    address = reverse(f"admin:{name}")
    assert Client().get(address).status_code == 302
    assert shopper().get(address).status_code == 302
    assert operator("orders.view_order").get(address).status_code == 403
    browser = operator(*LOOK)
    assert browser.get(address).status_code == 200
    proposal(cup, leipzig)
    a_purchase(leipzig, {a_variant(): 4})
    stocked(cup, 3, warehouse=leipzig)
    for query in ("", "?view=all", "?view=over&days=30", "?view=late", "?view=nonsense&page=9&days=x", "?q=cup"):
        assert browser.get(f"{address}{query}").status_code == 200


DEEDS = {
    "lines": ("change_purchaseorder", {"note": ""}),
    "send": ("send_purchaseorder", {}),
    "confirm": ("send_purchaseorder", {"expected_on": "2026-12-01"}),
    "receive": ("receive_purchaseorder", {"key": "k"}),
    "rest": ("send_purchaseorder", {"reason": "x"}),
    "cancel": ("send_purchaseorder", {"reason": "x"}),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_others_are_turned_away_and_nothing_changes(deed: str, leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 4})
    before = (AuditEntry.objects.count(), order.state)
    permission, answers = DEEDS[deed]
    others = {name for name, _told in DEEDS.values()} - {permission}
    for browser, status in (
        (Client(), 302),
        (shopper(), 302),
        (operator("inventory.view_purchaseorder", *(f"inventory.{name}" for name in others)), 403),
    ):
        assert browser.post(one(order, f"{deed}/"), answers).status_code == status
    order.refresh_from_db()
    assert (AuditEntry.objects.count(), order.state) == before


def test_an_order_goes_from_draft_to_the_shelf_on_its_screen(leipzig: Warehouse, cup: Variant) -> None:
    supplier, browser = a_supplier(), owner()
    sold_by(supplier, cup, supplier_sku="S-1", moq=6)
    browser.post("/admin/buying/orders/new/", {"supplier": supplier.pk, "warehouse": "LEJ"})
    order = PurchaseOrder.objects.get()

    assert browser.post(one(order, "lines/"), {"code": "s-1", "note": "Soon"}).status_code == 302
    line = order.lines.get()
    assert line.quantity == 6
    refused = browser.post(one(order, "lines/"), {"code": "NOPE", f"line_{line.pk}": 8, "note": ""})
    assert refused.status_code == 422
    assert "sells nothing with this code" in text(refused)
    assert 'value="8"' in text(refused)

    browser.post(one(order, "send/"), {"by_mail": "on"})
    page = browser.get(one(order))
    key = hidden(page).get("key", "k-1")
    counted = browser.post(one(order, "receive/"), {"key": key, "scan": "CUP", f"kept_{line.pk}": "3"})
    assert counted.status_code == 200
    assert not PurchaseReceipt.objects.exists()
    for _ in range(2):
        browser.post(one(order, "receive/"), {"key": key, f"kept_{line.pk}": "6", "delivery_note": "DN 1"})
    order.refresh_from_db()
    assert (order.state, StockItem.objects.get().on_hand) == ("received", 6)
    assert browser.get(one(order, "pdf/")).content.startswith(b"%PDF")


def test_more_than_ordered_is_refused_where_it_was_typed(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 4})
    line = order.lines.get()
    modest = operator("inventory.view_purchaseorder", "inventory.receive_purchaseorder")
    answer = modest.post(one(order, "receive/"), {"key": "k", f"kept_{line.pk}": "5"})
    assert answer.status_code == 422
    assert "still expected" in text(answer)
    assert not StockItem.objects.filter(on_hand__gt=0).exists()


def test_a_difference_is_settled_on_the_page_of_its_own_order_only(leipzig: Warehouse, cup: Variant) -> None:
    order, other = a_purchase(leipzig, {cup: 4}), a_purchase(leipzig, {a_variant(): 1})
    receipt = receive_purchase(
        number=order.number,
        arrived={order.lines.get().pk: Arrived(accepted=3, rejected=1, fault="wrong")},
        op_key="a",
    )
    browser = operator("inventory.view_purchaseorder", "inventory.settle_difference")
    told = {"note": "Credit note"}
    assert browser.post(one(other, f"deliveries/{receipt.pk}/settle/"), told).status_code == 404
    assert browser.post(one(order, f"deliveries/{receipt.pk}/settle/"), told).status_code == 302
    receipt.refresh_from_db()
    assert receipt.settled_note == "Credit note"


def test_one_click_orders_and_a_wrong_number_orders_nothing(leipzig: Warehouse, cup: Variant) -> None:
    row = proposal(cup, leipzig)
    looker, buyer = operator(*LOOK), operator(*LOOK, "inventory.order_proposal")
    address = "/admin/buying/proposals/"
    assert looker.post(address, {"one": row.pk, f"pieces-{row.pk}": "12"}).status_code == 403
    refused = buyer.post(address, {"pick": row.pk, f"pieces-{row.pk}": "many", "step": "order"})
    assert refused.status_code == 422
    assert 'value="many"' in text(refused)
    assert not PurchaseOrder.objects.exists()
    assert buyer.post(address, {"one": row.pk, f"pieces-{row.pk}": "24"}).status_code == 302
    assert PurchaseOrder.objects.get().lines.get().quantity == 24


def test_a_dismissal_says_why(leipzig: Warehouse, cup: Variant) -> None:
    row, buyer = proposal(cup, leipzig), operator(*LOOK, "inventory.order_proposal")
    for reason, status in (("", 422), ("Discontinued", 302)):
        told = {"pick": row.pk, "step": "dismiss", "reason": reason, "days": "30"}
        assert buyer.post("/admin/buying/proposals/", told).status_code == status
    row.refresh_from_db()
    assert (row.state, row.decided_because) == ("dismissed", "Discontinued")


def test_the_file_of_turnover_holds_every_row_as_text(leipzig: Warehouse) -> None:
    stocked(a_variant(sku="=1+1"), 3, warehouse=leipzig)
    answer = operator("inventory.view_forecast").get("/admin/buying/turnover.csv?view=all")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert (row["sku"], row["warehouse"], row["on_hand"]) == ("'=1+1", "LEJ", "3")


def test_a_stock_file_is_handed_in_and_a_secret_is_shown_once(cup: Variant) -> None:
    supplier = a_supplier()
    sold_by(supplier, cup, supplier_sku="S-1")
    feed = a_feed(supplier)
    browser = operator(
        "inventory.view_supplierfeed",
        "inventory.upload_supplierfeed",
        "inventory.renew_feed_secret",
        "inventory.view_feedrun",
    )
    file = SimpleUploadedFile("stock.csv", b"sku;quantity\nS-1;9\n")
    assert browser.post(f"/admin/buying/feeds/{feed.pk}/upload/", {"file": file}).status_code == 302
    assert SupplierStock.objects.get().quantity == 9
    bad = SimpleUploadedFile("stock.csv", b"a;b\n1;2\n")
    assert browser.post(f"/admin/buying/feeds/{feed.pk}/upload/", {"file": bad}).status_code == 422

    shown = browser.post(f"/admin/buying/feeds/{feed.pk}/secret/")
    secret = SupplierFeed.objects.get().secret
    assert secret.startswith("whsec_")
    assert secret in text(shown)
    assert secret not in text(browser.get(f"/admin/buying/feeds/{feed.pk}/secret/"))
    assert secret not in text(browser.get(f"/admin/inventory/supplierfeed/{feed.pk}/change/"))


def test_what_a_feed_brought_up_is_closed_by_who_may(cup: Variant) -> None:
    feed = a_feed(a_supplier())
    run = FeedRun.objects.create(feed=feed, key="k", told_at=timezone.now(), state="done", short=2)
    looker = operator("inventory.view_feedrun")
    assert looker.post(f"/admin/buying/feeds/runs/{run.pk}/settle/").status_code == 403
    assert looker.get("/admin/inventory/feedrun/?short__gt=0&settled_at__isnull=True").status_code == 200
    closer = operator("inventory.view_feedrun", "inventory.settle_feedrun")
    assert "dealt with" in text(closer.get(f"/admin/inventory/feedrun/{run.pk}/change/"))
    assert closer.post(f"/admin/buying/feeds/runs/{run.pk}/settle/", {"note": "Called"}).status_code == 302
    run.refresh_from_db()
    assert run.settled_at is not None


def test_a_long_list_of_orders_costs_no_more_queries_than_a_short_one(leipzig: Warehouse, cup: Variant) -> None:
    browser, supplier = operator(*LOOK), a_supplier()

    def measured(count: int) -> int:
        for _ in range(count):
            draft_purchase(supplier_id=supplier.pk, warehouse_code="LEJ")
        browser.get("/admin/buying/orders/")
        with CaptureQueriesContext(connection) as seen:
            browser.get("/admin/buying/orders/")
        return len(seen)

    assert measured(1) == measured(9)


def test_a_price_list_goes_out_and_comes_back_in_all_or_nothing(cup: Variant) -> None:
    supplier, other = a_supplier(), a_supplier()
    sold_by(other, cup, is_preferred=True)
    address = f"/admin/buying/suppliers/{supplier.pk}/articles/"
    buyer = operator(
        *(f"inventory.{verb}_suppliervariant" for verb in ("view", "add", "change")), "inventory.view_supplier"
    )
    assert operator("inventory.view_suppliervariant").post(address).status_code == 403

    wrong = b"sku,supplier_sku,cost\nCUP,S-1,4.505\nNOPE,S-2,1\n"
    refused = buyer.post(address, {"file": SimpleUploadedFile("list.csv", wrong)})
    assert refused.status_code == 422
    assert "Row 2" in text(refused)
    unknown = b"sku,supplier_sku,cost\nCUP,S-1,4.50\nNOPE,S-2,1\n"
    assert "NOPE is not in the catalogue" in text(buyer.post(address, {"file": SimpleUploadedFile("l.csv", unknown)}))
    assert not supplier.variants.exists()

    good = b"sku;supplier_sku;cost;moq;pack;lead_days;preferred\nCUP;S-1;4.50;24;12;9;yes\n"
    for _ in range(2):
        assert buyer.post(address, {"file": SimpleUploadedFile("list.csv", good)}).status_code == 302
    article = supplier.variants.get()
    assert (article.supplier_sku, article.cost, article.moq, article.pack) == ("S-1", Money("4.50", "EUR"), 24, 12)
    assert (article.lead_days, article.is_preferred, other.variants.get().is_preferred) == (9, True, False)
    file = text(buyer.get(f"/admin/buying/suppliers/{supplier.pk}/articles.csv"))
    assert file.splitlines()[1] == "CUP,S-1,4.50,24,12,9,yes"


def test_a_purchase_order_is_found_by_those_who_may_see_it(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 4})
    address = f"/admin/search/?q={order.number}"
    assert one(order) in text(operator("inventory.view_purchaseorder").get(address))
    assert one(order) not in text(operator("orders.view_order").get(address))


def test_a_stock_row_says_what_is_coming(leipzig: Warehouse, cup: Variant) -> None:
    item = stocked(cup, 3, warehouse=leipzig)
    a_purchase(leipzig, {cup: 4711})
    page = operator("inventory.view_stockitem").get(f"/admin/inventory/stockitem/{item.pk}/change/")
    assert "4711" in text(page)


def test_from_a_supplier_one_goes_to_what_belongs_to_them(cup: Variant) -> None:
    supplier = a_supplier(code="ceramics")
    sold_by(supplier, cup)
    address = f"/admin/inventory/supplier/{supplier.pk}/change/"
    shown = text(owner().get(address))
    assert f"suppliervariant/?supplier__id__exact={supplier.pk}" in shown
    assert "orders/?view=all&amp;supplier=ceramics" in shown
    assert "supplier=ceramics" not in text(operator("inventory.view_supplier").get(address))
    articles = owner().get(f"/admin/inventory/suppliervariant/?supplier__id__exact={supplier.pk}")
    assert "S-CUP" in text(articles)


def test_a_supplier_is_paid_in_a_currency_the_shop_can_write() -> None:
    told = {
        "code": "new",
        "name": "New",
        "country": "DE",
        "language": "de",
        "currency": "QQQ",
        "lead_days": "7",
        "incoterm": "DAP",
        "payment_days": "30",
    }
    browser = owner()
    assert browser.post("/admin/inventory/supplier/add/", told).status_code == 200
    assert not Supplier.objects.exists()
    assert browser.post("/admin/inventory/supplier/add/", {**told, "currency": "eur"}).status_code == 302
    assert Supplier.objects.get().currency == "EUR"
