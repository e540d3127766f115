"""The list of orders as operators work with it: views, many orders at once, exports, holds, keys."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.jobs import run_job
from core.models import Job
from markets.types import MarketContext
from members.models import User
from orders.actions import open_hold
from orders.actions.bulk_runs import draft_run
from orders.actions.tags import make_tag, tag_order
from orders.exporting.columns import COLUMNS
from orders.exporting.jobs import export_at_once
from orders.models import Order, OrderBulkRun, OrderHold, OrderTagging, SavedOrderView
from tests.admin.people import operator, owner, signed_in, text
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, placed_order
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/"
KEY = "7c8a5c5e-0000-4000-8000-000000000101"
TwoOrders = tuple[MarketContext, Order, Order]


@shared_world
def two_orders() -> TwoOrders:
    shop = open_shop("de")
    variant = item_in(shop, stock=50)
    return shop, paid_order(shop, (variant, 1)), placed_order(shop, (variant, 1))


def numbers(browser: Client, query: str) -> list[str]:
    return [row.number for row in browser.get(f"{LIST}?{query}").context["page"].rows]


def test_orders_are_found_by_tag_channel_source_total_and_hold(two_orders: TwoOrders) -> None:
    _shop, paid, unpaid = two_orders
    tag = make_tag(name="Gift")
    tag_order(number=paid.number, tag_id=tag.pk)
    Order.objects.filter(pk=unpaid.pk).update(channel="bazaar", external_ref="B-1", source="autumn")
    total = paid.total.amount
    browser = owner()

    assert numbers(browser, f"tag={tag.pk}") == [paid.number]
    assert numbers(browser, "channel=bazaar") == [unpaid.number]
    assert numbers(browser, "channel=shop") == [paid.number]
    assert numbers(browser, "source=autumn") == [unpaid.number]
    assert numbers(browser, "q=B-1") == [unpaid.number]
    assert len(numbers(browser, f"currency=EUR&least={total}&most={total}")) == 2
    assert numbers(browser, f"currency=EUR&least={total + 1}") == []
    assert len(numbers(browser, f"least={total + 1}")) == 2, "an amount without its currency says nothing"
    assert numbers(browser, "hold=any") == []
    hold = open_hold(number=paid.number, reason="Wait")
    assert numbers(browser, "hold=any") == numbers(browser, "hold=manual") == numbers(browser, "hold=nobody")
    assert numbers(browser, "hold=none") == [unpaid.number]
    assert numbers(browser, "hold=overdue") == []
    OrderHold.objects.filter(pk=hold.pk).update(due_at=hold.created)
    assert numbers(browser, "hold=overdue") == [paid.number]


def test_holds_i_take_care_of_are_mine_only(two_orders: TwoOrders) -> None:
    _shop, paid, _unpaid = two_orders
    me = User.objects.create_superuser("me@example.com", "a-long-password")
    open_hold(number=paid.number, reason="Wait", owner_id=me.pk)

    assert numbers(signed_in(me), "hold=mine") == [paid.number]
    assert numbers(owner(), "hold=mine") == []


def test_a_view_is_kept_shown_with_its_count_and_forgotten(two_orders: TwoOrders) -> None:
    _shop, paid, _unpaid = two_orders
    browser = owner()

    answer = browser.post(
        f"{LIST}views/", {"key": KEY, "name": "Paid in Germany", "query": "view=all&payment=paid&market=de&after=1-1"}
    )

    view = SavedOrderView.objects.get()
    assert view.filters == {"view": "all", "payment": "paid", "market": "de"}
    page = browser.get(answer["Location"]).context["page"]
    assert page.saved == view
    tab = next(tab for tab in page.tabs if tab.key == str(view.pk))
    assert (tab.label, tab.count, tab.current) == ("Paid in Germany", 1, True)
    assert [row.number for row in browser.get(tab.url).context["page"].rows] == [paid.number]
    assert not browser.get(tab.url).context["page"].is_changed
    assert browser.get(f"{tab.url}&hold=any").context["page"].is_changed

    browser.post(f"{LIST}views/", {"deed": "drop", "saved": view.pk, "query": ""})
    assert not SavedOrderView.objects.exists()


@pytest.mark.usefixtures("two_orders")
def test_a_view_of_somebody_else_is_seen_only_when_it_is_shared() -> None:
    other = User.objects.create_superuser("other@example.com", "a-long-password")
    view = SavedOrderView.objects.create(owner=other, name="Theirs", filters={"view": "all"})
    browser = operator("orders.view_order")

    assert "Theirs" not in text(browser.get(LIST))
    SavedOrderView.objects.update(is_shared=True)
    assert "Theirs" in text(browser.get(LIST))
    browser.post(f"{LIST}views/", {"deed": "drop", "saved": view.pk, "query": ""})
    browser.post(f"{LIST}views/", {"key": KEY, "name": "Mine", "saved": view.pk, "query": "", "is_shared": "on"})
    assert SavedOrderView.objects.get().name == "Theirs"
    browser.post(f"{LIST}views/", {"key": KEY, "name": "Mine", "query": "", "is_shared": "on"})
    assert not SavedOrderView.objects.get(name="Mine").is_shared, "sharing asks a permission of its own"


def test_all_orders_that_fit_are_tagged_after_a_look_and_untagged_again(two_orders: TwoOrders) -> None:
    _shop, paid, unpaid = two_orders
    browser = operator("orders.view_order", "orders.tag_order")

    draft = browser.post(
        f"{LIST}bulk/", {"deed": "tag", "new_tag": "Gift", "everything": "1", "query": "view=all&payment=paid"}
    )
    page = browser.get(draft["Location"]).context["page"]
    assert page.counts == (("ready", "Would be changed", 1),)
    assert not OrderTagging.objects.exists()

    browser.post(draft["Location"], {"deed": "start"})
    run = OrderBulkRun.objects.get()
    assert run.job is not None
    run_job(run.job.pk)
    assert OrderTagging.objects.get().order == paid
    page = browser.get(draft["Location"]).context["page"]
    assert (page.counts[0][0], page.may_undo) == ("done", True)

    browser.post(draft["Location"], {"deed": "undo"})
    run.refresh_from_db()
    assert run.undo_job is not None
    run_job(run.undo_job.pk)
    assert not OrderTagging.objects.exists()
    assert not unpaid.events.filter(kind__contains="tagged").exists()


def test_parcels_are_created_for_the_ticked_orders_and_refusals_are_named(two_orders: TwoOrders) -> None:
    _shop, paid, unpaid = two_orders
    browser = operator("orders.view_order", "orders.fulfill_order")

    draft = browser.post(f"{LIST}bulk/", {"deed": "pack", "order": [paid.number, unpaid.number]})
    browser.post(draft["Location"], {"deed": "start"})
    run = OrderBulkRun.objects.get()
    assert run.job is not None
    run_job(run.job.pk)

    assert paid.fulfillments.get(state="packed").lines.get().quantity == 1
    assert not unpaid.fulfillments.filter(state="packed").exists()
    page = browser.get(f"{draft['Location']}?show=refused").context["page"]
    assert [(item.order.number, bool(item.sentence)) for item in page.items] == [(unpaid.number, True)]
    assert not page.may_undo


@pytest.mark.parametrize(
    ("deed", "permission"),
    [({"deed": "tag", "new_tag": "Gift"}, "orders.fulfill_order"), ({"deed": "pack"}, "orders.tag_order")],
)
def test_each_deed_asks_its_own_permission(two_orders: TwoOrders, deed: dict[str, str], permission: str) -> None:
    _shop, paid, _unpaid = two_orders

    answer = operator("orders.view_order", permission).post(f"{LIST}bulk/", {**deed, "order": paid.number})

    assert answer.status_code == 403
    assert not OrderBulkRun.objects.exists()


@pytest.mark.parametrize("sent", [{"deed": "tag", "new_tag": "x"}, {"deed": "tag", "order": "?"}, {"deed": "none"}])
@pytest.mark.usefixtures("two_orders")
def test_what_is_missing_is_said_on_the_list(sent: dict[str, str]) -> None:

    answer = owner().post(f"{LIST}bulk/", sent, follow=True)

    assert 'class="note bad"' in text(answer)
    assert not OrderBulkRun.objects.exists()


def exported(browser: Client, **sent: object) -> list[list[str]]:
    answer = browser.post(f"{LIST}export/", {"format": "csv", **sent})
    assert answer["Content-Type"].startswith("text/csv"), answer.status_code
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_chosen_columns_are_exported_remembered_and_never_run_as_a_formula(two_orders: TwoOrders) -> None:
    _shop, paid, unpaid = two_orders
    tag = make_tag(name='=HYPERLINK("http://example.com")')
    tag_order(number=paid.number, tag_id=tag.pk)
    browser = operator("orders.view_order", "orders.export_orders")

    rows = exported(browser, everything="1", query="view=all", columns=["number", "tags", "currency", "total"])

    assert rows[0] == ["Order number", "Tags", "Currency", "Total"]
    assert [row[0] for row in rows[1:]] == [unpaid.number, paid.number]
    assert rows[2][1] == '\'=HYPERLINK("http://example.com")'
    assert rows[2][2:] == ["EUR", f"{paid.total.amount:f}"]
    form = browser.post(f"{LIST}export/", {"order": paid.number}).context["form"]
    assert (form["format"].initial, form["columns"].initial) == ("csv", ["number", "tags", "currency", "total"])


@pytest.mark.usefixtures("two_orders")
def test_a_long_export_is_a_job_and_its_file_is_its_makers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orders.workspace.desk_views.AT_ONCE", 1)
    browser = operator("orders.view_order", "orders.export_orders")

    answer = browser.post(
        f"{LIST}export/", {"format": "xlsx", "columns": ["number"], "everything": "1", "query": "view=all"}
    )
    job = Job.objects.get(kind="orders.export")
    assert answer["Location"] == f"{LIST}export/{job.pk}/"
    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.result["rows"]) == ("done", 2)
    file = browser.get(f"{LIST}export/{job.pk}/file/")
    assert b"".join(file.streaming_content)[:2] == b"PK"
    other = operator("orders.view_order", "orders.export_orders")
    assert other.get(f"{LIST}export/{job.pk}/file/").status_code == 403
    assert operator("orders.view_order").get(f"{LIST}export/{job.pk}/").status_code == 403


def test_an_export_costs_the_same_for_one_order_and_for_many(two_orders: TwoOrders) -> None:
    _shop, paid, unpaid = two_orders
    every = [column.code for column in COLUMNS]

    def queries(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as caught:
            export_at_once(order_ids=ids, columns=every, format_code="csv")
        return len(caught)

    assert queries([paid.pk]) == queries([paid.pk, unpaid.pk])


def test_a_hold_is_taken_care_of_from_the_order(two_orders: TwoOrders) -> None:
    _shop, paid, _unpaid = two_orders
    me = User.objects.create_superuser("me@example.com", "a-long-password")
    hold = open_hold(number=paid.number, reason="Wait")
    address = f"/admin/orders/{paid.number}/"
    browser = signed_in(me)

    browser.post(f"{address}holds/{hold.pk}/plan/", {"key": KEY, "owner": "", "due_on": "2027-01-31", "mine": "1"})

    hold.refresh_from_db()
    assert hold.owner == me
    assert hold.due_at is not None
    assert f"{hold.due_at:%Y-%m}" == "2027-01"
    assert "Nobody takes care of it yet." not in text(browser.get(address))
    assert operator("orders.view_order").post(f"{address}holds/{hold.pk}/plan/", {"key": KEY}).status_code == 403


def test_keys_are_listed_unique_and_can_be_switched_off() -> None:
    browser = owner()
    page = text(browser.get("/admin/"))
    going = re.findall(r'data-go="(.)"', page)

    assert 'data-keys="on"' in page
    assert "o" in going
    assert all(going.count(key) == 2 for key in going), "once in the bar at the side and once in the menu"
    assert 'id="keys"' in page
    browser.post("/admin/keys/", {"keys": "off", "next": "https://example.com/"})
    assert 'data-keys="off"' in text(browser.get("/admin/keys/"))


def test_a_tag_is_put_on_and_taken_off_on_the_order_itself(two_orders: TwoOrders) -> None:
    _shop, paid, _unpaid = two_orders
    address = f"/admin/orders/{paid.number}/"
    browser = operator("orders.view_order", "orders.tag_order")

    browser.post(f"{address}tags/", {"key": KEY, "new_tag": "Gift"})
    tagging = OrderTagging.objects.get()
    assert tagging.order == paid
    assert "Gift" in text(browser.get(address))
    browser.post(f"{address}tags/", {"key": f"{KEY}-2", "off": tagging.tag_id})

    assert not OrderTagging.objects.exists()
    assert browser.post(f"{address}tags/", {"key": f"{KEY}-3"}).status_code == 422
    assert operator("orders.view_order").post(f"{address}tags/", {"key": KEY}).status_code == 403


def test_what_became_of_each_order_of_a_run_can_be_kept_as_a_table(two_orders: TwoOrders) -> None:
    _shop, paid, unpaid = two_orders
    run = draft_run(deed="pack", params={}, order_ids=[paid.pk, unpaid.pk])
    browser = operator("orders.view_order", "orders.fulfill_order")
    address = f"{LIST}bulk/{run.pk}/"
    worth = browser.get(address).context["page"].worth
    browser.post(address, {"deed": "start"})
    run.refresh_from_db()
    run_job(run.job_id)

    answer = browser.get(f"{address}result.csv")

    assert worth == (paid.total + unpaid.total,)
    rows = [line.split(",")[:2] for line in answer.content.decode("utf-8-sig").splitlines()]
    assert rows == [["Order", "Outcome"], [paid.number, "Done"], [unpaid.number, "Refused"]]
    assert "no-store" in answer["Cache-Control"]
    assert operator().get(f"{address}result.csv").status_code == 403
