"""Orders of other platforms come in as history: once, streaming, and nothing of the shop moves by it."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.test import Client

from core.jobs import run_job
from core.models import Job, Message, OutboxMessage
from core.privacy import Subject, erase_person, export_person
from inventory.models import StockMovement
from members.models import User
from orders.models import Document, Order, PastLine, PastOrder
from orders.past import running
from orders.past.running import KIND
from payments.models import LedgerTxn
from tests.factories.cart import open_shop

pytestmark = pytest.mark.django_db
HEAD = (
    "Name,Email,Financial Status,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Name,Shipping Zip,"
    "Shipping City,Shipping Country,Payment Method,Refunded Amount,Some new column\n"
)
FIRST = (
    "#1001,buyer@example.com,paid,fulfilled,EUR,59.80,4.90,10.33,64.70,0.00,2024-03-01 10:15:00 +0100,2,"
    "Cup of stone,9.90,C-1,Test Person,'10435,Berlin,DE,Card,0.00,x\n"
    '#1001,,,,,,,,,,,1,"Kettle, small",40.00,K-1,,,,,,,\n'
)
SECOND = (
    "#1002,other@example.com,paid,fulfilled,USD,10.00,,,10.00,,2024-03-02 08:00:00 -0500,1,Cup,10.00,C-1,,,,US,,,\n"
)
BROKEN = "#1003,a@example.com,paid,fulfilled,EUR,1,,,,,2024-03-02,1,Cup,1,C-1,,,,DE,,,\n"


@pytest.fixture
def operator() -> Client:
    open_shop()
    client = Client()
    client.force_login(User.objects.create_superuser("owner@example.com", "a-long-password"))
    return client


def upload(client: Client, text: str, name: str = "orders.csv") -> Job:
    page = client.get("/admin/orders/elsewhere/import/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    file = ContentFile(text.encode(), name=name)
    answer = client.post("/admin/orders/elsewhere/import/", {"file": file, "market": "de", "key": key[1]})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Job.objects.filter(kind=KIND).latest("pk")


def decide(client: Client, job: Job, do: str, **said: str) -> Job:
    """Press a button of the page that asks what the columns mean, with what it proposes."""
    page = client.get(f"/admin/orders/elsewhere/import/{job.pk}/").content.decode()
    fields = {}
    for name, inside in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        fields[name] = chosen[1] if chosen else ""
    answer = client.post(f"/admin/orders/elsewhere/import/{job.pk}/do/", {**fields, **said, "do": do})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return run_job(job.pk)


def bring_in(client: Client, text: str) -> Job:
    return decide(client, upload(client, text), "import")


def test_orders_come_in_with_their_lines_and_nothing_of_the_shop_moves(operator: Client) -> None:
    before = (Message.objects.count(), OutboxMessage.objects.count(), StockMovement.objects.count())

    job = bring_in(operator, HEAD + FIRST + SECOND + BROKEN)

    assert (job.state, job.result["counts"]) == ("done", {"created": 2, "refused": 1})
    order = PastOrder.objects.get(number="#1001")
    assert (order.platform, order.state, str(order.total), order.name) == ("shopify", "done", "€64.70", "Test Person")
    assert order.addresses == {"ship": ["Test Person", "10435 Berlin", "DE"]}
    assert list(order.lines.values_list("name", "sku", "quantity")) == [
        ("Cup of stone", "C-1", 2),
        ("Kettle, small", "K-1", 1),
    ]
    assert PastOrder.objects.get(number="#1002").shipping_total is None
    assert job.result["unknown_columns"] == ["Some new column"]
    assert not Order.objects.exists()
    assert not Document.objects.exists()
    assert not LedgerTxn.objects.exists()
    assert before == (Message.objects.count(), OutboxMessage.objects.count(), StockMovement.objects.count())


def test_a_trial_says_what_would_happen_and_changes_nothing_until_it_is_applied(operator: Client) -> None:
    job = decide(operator, upload(operator, HEAD + FIRST), "try")

    assert job.result["counts"] == {"created": 1}
    assert not PastOrder.objects.exists()
    for _again in range(2):
        operator.post(f"/admin/orders/elsewhere/import/{job.pk}/do/", {"do": "apply"})
    real = Job.objects.filter(kind=KIND, is_dry_run=False).get()
    run_job(real.pk)
    assert PastOrder.objects.count() == 1


def test_the_same_file_again_changes_nothing_and_a_later_one_what_differs(operator: Client) -> None:
    bring_in(operator, HEAD + FIRST + SECOND)
    stamp = PastOrder.objects.get(number="#1001").updated

    again = bring_in(operator, HEAD + FIRST + SECOND)
    later = bring_in(operator, HEAD + FIRST.replace("Card,0.00", "Card,64.70") + SECOND)

    assert again.result["counts"] == {"unchanged": 2}
    assert later.result["counts"] == {"changed": 1, "unchanged": 1}
    order = PastOrder.objects.get(number="#1001")
    assert (order.state, order.lines.count(), order.updated > stamp) == ("refunded", 2, True)
    changes = later.items.get().changes
    assert ["", "state", "done", "refunded"] in changes


def test_refused_rows_are_handed_back_and_come_in_once_they_are_mended(operator: Client) -> None:
    job = bring_in(operator, HEAD + FIRST + BROKEN)

    answer = operator.get(f"/admin/orders/elsewhere/import/{job.pk}/refused/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "The amount is missing." in text
    assert "#1001" not in text
    mended = bring_in(operator, text.replace("EUR,1,,,,", "EUR,1,,,1.00,"))
    assert mended.result["counts"] == {"created": 1}


def test_an_import_that_was_stopped_goes_on_behind_what_is_in(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    job = upload(operator, HEAD + FIRST + SECOND)
    taken = running.keep_past_orders
    calls: list[int] = []

    def once_then_die(**asked: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the worker died")
        return taken(**asked)

    monkeypatch.setattr(running, "keep_past_orders", once_then_die)
    stopped = decide(operator, job, "import")
    assert (stopped.state, PastOrder.objects.count()) == ("failed", 1)

    operator.post(f"/admin/orders/elsewhere/import/{job.pk}/do/", {"do": "resume"})
    assert run_job(job.pk).result["counts"] == {"created": 2}
    assert PastLine.objects.count() == 3


def test_columns_of_another_exporter_are_remembered_under_a_name(operator: Client) -> None:
    text = "No.;Day;Sum;What;How many;How it ended\nA-1;2024-05-01;12,50;Cup;1;done\n"
    job = upload(operator, text)
    fields = {"format": "portolan", "remember_as": "Old shop"}
    fields |= {f"column-{at}": code for at, code in enumerate(
        ("number", "placed_at", "total", "item_name", "item_quantity", "state")
    )}  # fmt: skip

    assert decide(operator, job, "import", **fields).result["counts"] == {"created": 1}
    again = upload(operator, text.replace("A-1", "A-2"))

    assert again.params["source"] == "Old shop"
    assert decide(operator, again, "import").result["counts"] == {"created": 1}
    assert set(PastOrder.objects.values_list("number", "platform")) == {("A-1", "elsewhere"), ("A-2", "elsewhere")}


def test_operators_find_them_and_statements_leave_them_out_and_say_so(operator: Client) -> None:
    bring_in(operator, HEAD + FIRST + SECOND)
    order = PastOrder.objects.get(number="#1001")

    found = operator.get("/admin/orders/elsewhere/?q=1001").content.decode()
    page = operator.get(f"/admin/orders/elsewhere/{order.pk}/").content.decode()
    search = operator.get("/admin/search/?q=buyer@example").content.decode()
    desk = operator.get("/admin/orders/").content.decode()
    statement = operator.get("/admin/statements/?first=2024-03-01&last=2024-03-31").content.decode()

    assert "#1001" in found
    assert "#1002" not in found
    assert "Kettle, small" in page
    assert f"/admin/orders/elsewhere/{order.pk}/" in search
    assert "/admin/orders/elsewhere/" in desk
    assert "2 orders of this period were brought in" in statement


def test_only_whoever_may_brings_orders_in() -> None:
    open_shop()
    client = Client()
    assert client.get("/admin/orders/elsewhere/import/").status_code == 302
    client.force_login(User.objects.create_user("packer@example.com", "a-long-password", is_staff=True))
    assert client.get("/admin/orders/elsewhere/import/").status_code == 403
    assert client.get("/admin/orders/elsewhere/").status_code == 403


def test_members_see_what_they_bought_with_an_address_they_have_proven(operator: Client) -> None:
    bring_in(operator, HEAD + FIRST)
    member = User.objects.create_user("buyer@example.com", "a-long-password")
    shopper = Client()
    shopper.force_login(member)
    assert "#1001" not in shopper.get("/de/en/account/").content.decode()

    EmailAddress.objects.create(user=member, email="buyer@example.com", verified=True, primary=True)

    assert "#1001" in shopper.get("/de/en/account/").content.decode()


def test_whoever_is_forgotten_does_not_come_back_with_the_same_file(operator: Client) -> None:
    bring_in(operator, HEAD + FIRST)
    buyer = Subject(emails=frozenset({"buyer@example.com"}))

    told = export_person(buyer)["orders.PastOrder"]
    erase_person(buyer)
    again = bring_in(operator, HEAD + FIRST.replace("Card,0.00", "Card,64.70"))

    assert told[0]["number"] == "#1001"
    assert again.result["counts"] == {"unchanged": 1}
    order = PastOrder.objects.get()
    assert (order.email, order.email_hash, order.name, order.addresses, order.lines.count()) == ("", "", "", {}, 2)
