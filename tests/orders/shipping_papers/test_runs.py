"""Papers for many orders: a worker makes them, goes on where it was killed, and binds them into one file."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from core.jobs import run_job
from core.models import Job
from orders.actions.paper_runs import AT_ONCE, MOST, start_paper_run
from orders.actions.papers import issue_paper
from orders.desk_errors import NothingChosen, TooManyChosen
from orders.documents.shipping.facts import customs_parcel_facts
from orders.models import Fulfillment, Order, PaperKind, ShippingPaper
from tests.admin.people import operator, text
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, parcel_of, placed_order
from tests.orders.shipping_papers.test_papers import READY

pytestmark = pytest.mark.django_db
ALLOWED = ("orders.view_order", "orders.view_shippingpaper", "orders.issue_shippingpaper")


def bought(number: int) -> list[Order]:
    market = open_shop()
    return [paid_order(market, (item_in(market), 1)) for _order in range(number)]


def test_a_worker_binds_the_papers_in_the_order_of_the_list_and_tells_what_refused() -> None:
    market = open_shop()
    paid = [paid_order(market, (item_in(market), 1)) for _order in range(2)]
    open_one = placed_order(market, (item_in(market), 1))
    numbers = [open_one.number, *(order.number for order in paid)]

    job = run_job(start_paper_run(numbers=numbers, kind=PaperKind.PRO_FORMA).pk)
    assert job.state == Job.State.DONE
    assert (job.progress, job.total, job.result["papers"]) == (3, 3, 1)
    assert [row.column for row in job.errors.all()] == [order.number for order in paid]


def test_a_run_that_was_killed_goes_on_behind_its_last_order() -> None:
    first, second = bought(2)
    paper = issue_paper(number=first.number, kind=PaperKind.PACKING_SLIP, parcel=1)
    job = start_paper_run(numbers=[first.number, second.number], kind=PaperKind.PACKING_SLIP)
    Job.objects.filter(pk=job.pk).update(checkpoint={"papers": [paper.pk], "done": 1})

    job = run_job(job.pk)
    assert job.result["papers"] == 2
    assert ShippingPaper.objects.count() == 2
    assert job.checkpoint["papers"][0] == paper.pk


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(NothingChosen):
        start_paper_run(numbers=[], kind=PaperKind.PACKING_SLIP)
    with pytest.raises(TooManyChosen):
        start_paper_run(numbers=[f"T-{at}" for at in range(MOST + 1)], kind=PaperKind.PACKING_SLIP)
    assert not Job.objects.exists()


def test_many_orders_are_handed_to_a_worker_and_their_file_is_for_who_asked() -> None:
    orders = bought(AT_ONCE + 1)
    browser = operator(*ALLOWED)
    sent = {"order": [order.number for order in orders], "kind": "packing_slip"}
    answer = browser.post("/admin/orders/papers/print/", sent)
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/admin/orders/papers/{job.pk}/"
    waiting = browser.get(f"/admin/orders/papers/{job.pk}/")
    assert "Refresh" in waiting.headers
    assert browser.get(f"/admin/orders/papers/{job.pk}/file/").status_code == 404

    run_job(job.pk)
    assert f"Open {AT_ONCE + 1} papers" in text(browser.get(f"/admin/orders/papers/{job.pk}/"))
    file = browser.get(f"/admin/orders/papers/{job.pk}/file/")
    pages = PdfReader(io.BytesIO(b"".join(file.streaming_content))).pages
    assert len(pages) == AT_ONCE + 1
    assert orders[-1].number in pages[0].extract_text(), "the newest stands first, as in the list"
    assert f"/admin/orders/papers/{job.pk}/" in text(browser.get("/admin/orders/papers/print/"))
    assert operator(*ALLOWED).get(f"/admin/orders/papers/{job.pk}/file/").status_code == 403
    assert operator("orders.view_order").get(f"/admin/orders/papers/{job.pk}/").status_code == 403


@pytest.mark.parametrize("customs", [True, False])
def test_a_paper_asks_as_many_queries_for_four_lines_as_for_one(customs: bool) -> None:
    asked = []
    market = open_shop()
    for lines in (1, 4):
        order = paid_order(market, *[(item_in(market, price="12.50"), 2) for _line in range(lines)])
        parcel = parcel_of(order)
        Fulfillment.objects.filter(pk=parcel.pk).update(ships_from="CN")
        for line in order.lines.all():
            type(line.variant).objects.filter(pk=line.variant_id).update(**READY)
        parcel.refresh_from_db()
        if customs:
            with CaptureQueriesContext(connection) as found:
                assert len(customs_parcel_facts(order, parcel)["goods"]) == lines
        else:
            with CaptureQueriesContext(connection) as found:
                issue_paper(number=order.number, kind=PaperKind.PACKING_SLIP, parcel=1)
        asked.append(len(found))
    assert asked[0] == asked[1]
