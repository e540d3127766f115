"""Low on its shelf, bought, partly delivered; sold from Leipzig and Niigata; held by customs, there, one piece back.

Every step is taken where a person would take it: on the pages of operators and shoppers, by the forms they show. What
workers do by themselves is done in between, and the sandbox carrier is asked at moments that the test chooses.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.db.models import Sum
from django.urls import reverse
from lxml import html
from pypdf import PdfReader
from time_machine import TimeMachineFixture

from catalog.actions import drain_dirty
from config.console.work import work_queue
from core.models import Message
from core.money import Money
from core.tasks import send_messages
from inventory.buying.coming import coming
from inventory.models import (
    AllocationDecision,
    LabelRecord,
    PurchaseOrder,
    ReplenishmentProposal,
    StockAlert,
    StockItem,
    StockMovement,
    TrackedParcel,
)
from inventory.tasks import ask_carriers, process_carrier_inbox
from members.models import User
from orders.actions import grant_access
from orders.models import Fulfillment, Order, Package, ParcelException, ParcelState, ReturnRequest, ShippingPaper
from orders.tasks import render_documents, watch_parcels
from payments.tasks import process_inbox, run_sandbox, submit_due_refunds
from tests.factories.checkout import EMAIL
from tests.factories.logistics import TwoHouses, leipzig_and_niigata
from tests.journeys.desk import Desk, Sheet, a_desk
from tests.journeys.shopping import Shopper
from tests.orders.returns.world import send
from tests.soundness import broken

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 8, tzinfo=UTC)
"""Nine in Leipzig; five in the afternoon in Niigata, where tomorrow is a holiday."""
CUPS, KETTLES = (date(2026, 11, 5), date(2026, 11, 9)), (date(2026, 11, 13), date(2026, 11, 17))
"""Three to five working days from today; five to seven, and two for customs, from the day after the holiday."""
CUPS_SHOWN, KETTLES_SHOWN = "Thu 5 to Mon 9 Nov", "Fri 13 to Tue 17 Nov"


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@dataclass
class Journey:
    """Who takes part, and where things are."""

    desk: Desk
    shopper: Shopper
    world: TwoHouses
    run_outbox: Callable[[], int]
    clock: TimeMachineFixture

    def work(self) -> None:
        """What workers do: consequences, what the pay provider says, files, the catalogue, mails."""
        self.run_outbox()
        submit_due_refunds()
        run_sandbox()
        process_inbox()
        self.run_outbox()
        render_documents()
        drain_dirty()
        send_messages()

    def later(self, moment: datetime) -> None:
        """The clock goes on, carriers are asked, and what they say is worked on."""
        self.clock.move_to(moment, tick=False)
        TrackedParcel.objects.update(next_poll_at=MONDAY)  # the database has a clock of its own
        ask_carriers()
        process_carrier_inbox()
        watch_parcels()
        self.work()

    def waiting(self) -> dict[str, int]:
        """The work queue."""
        return {row.key: row.count for row in work_queue(User(is_superuser=True, is_active=True))}

    def sees(self, order: Order) -> Sheet:
        """The order's page as its customer has it."""
        answer = self.shopper.get(f"orders/{order.number}/{grant_access(number=order.number)}/")
        assert answer.status == 200
        return Sheet(self.shopper.client, answer.response)


@pytest.fixture
def journey(settings, time_machine: TimeMachineFixture, run_outbox: Callable[[], int]) -> Journey:
    settings.SANDBOX_CARRIER, settings.SANDBOX_CARRIER_STEP_SECONDS = True, 3 * 3600
    time_machine.move_to(MONDAY, tick=False)
    world = leipzig_and_niigata()
    found = Journey(desk=a_desk(), shopper=Shopper(), world=world, run_outbox=run_outbox, clock=time_machine)
    found.work()
    return found


def test_from_an_empty_shelf_to_a_piece_that_comes_back(journey: Journey) -> None:
    runs_low(journey)
    order_to_supplier = proposed_and_ordered(journey)
    partly_delivered(journey, order_to_supplier)
    order = sold(journey)
    from_where_and_why(journey, order)
    packed_in_leipzig(journey, order)
    sent_from_niigata(journey, order)
    on_their_way(journey, order)
    held_by_customs(journey, order)
    delivered(journey, order)
    comes_back(journey, order)
    books_agree(journey, order)


def runs_low(journey: Journey) -> None:
    world, shelf = journey.world, StockItem.objects.get(warehouse__code="LEJ", variant=journey.world.cup)
    assert world.counters(world.cup, world.leipzig) == (12, 0, 12)
    page = journey.desk.open(reverse("admin:inventory_stockitem_adjust", args=[shelf.pk]))
    page.press("/adjust/", pieces=3, reason="damage", note="A shelf gave way")
    journey.work()

    assert world.counters(world.cup, world.leipzig) == (9, 0, 9)
    alert = StockAlert.objects.get(stock_item=shelf, closed=None)
    assert alert.level == "low"
    assert journey.waiting().keys() >= {"low", "replenish"}
    alerts = journey.desk.open(reverse("admin:inventory_alerts") + "?level=low")
    assert "CUP" in alerts.words


def proposed_and_ordered(journey: Journey) -> PurchaseOrder:
    """Fifteen are missing up to twenty-four; they come in sixes."""
    proposal = ReplenishmentProposal.objects.get()
    assert (proposal.kind, proposal.quantity, proposal.supplier) == ("buy", 18, journey.world.supplier)
    why = {"on_hand": 9, "promised": 0, "coming": 0, "trigger": 10, "filled_to": 24, "needed": 15, "moq": 12, "pack": 6}
    assert {name: proposal.reason[name] for name in why} == why
    page = journey.desk.open(reverse("admin:buying_proposals"))
    for words in ("9 on hand, 0 promised, 0 coming.", "set by hand", "At least 12, in packs of 6."):
        assert words in page.words
    done = page.press("/proposals/", button=("one", str(proposal.pk)))
    order = PurchaseOrder.objects.get()
    assert order.number in done.words
    assert (order.state, order.total) == ("draft", Money("81.00", "EUR"))
    address = reverse("admin:buying_purchase", args=[order.number])
    sent = journey.desk.open(address).press("/send/", by_mail="on")
    assert "sent" in sent.marks
    journey.work()
    mail = Message.objects.get(kind="purchase_order")
    assert (mail.recipient, mail.reference, mail.state) == (journey.world.supplier.email, order.number, "sent")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.ordered_as) == ("ordered", order.number)
    confirmed = sent.press("/confirm/", expected_on="2026-11-16", supplier_ref="AP-2026-9")
    assert "confirmed" in confirmed.marks
    assert journey.world.counters(journey.world.cup, journey.world.leipzig) == (9, 0, 9), "on order is not for sale"
    return order


def partly_delivered(journey: Journey, order: PurchaseOrder) -> None:
    world, line = journey.world, order.lines.get()
    page = journey.desk.open(reverse("admin:buying_purchase", args=[order.number]))
    counted = page.press("/receive/", scan="AP-7")
    assert f'name="kept_{line.pk}" value="1"' in counted.text
    booked = counted.press("/receive/", **{f"kept_{line.pk}": 12, "delivery_note": "DN-1"})
    assert "partly received" in booked.marks
    journey.work()

    line.refresh_from_db()
    assert (line.received, line.to_come) == (12, 6)
    assert world.counters(world.cup, world.leipzig) == (21, 0, 21)
    assert not StockAlert.objects.filter(closed=None).exists()
    assert journey.waiting().keys().isdisjoint({"low", "replenish", "purchase_difference"})
    assert coming([world.cup.pk]) == {(world.leipzig.pk, world.cup.pk): 6}
    shelf = StockItem.objects.get(warehouse=world.leipzig, variant=world.cup)
    assert (
        "On order and on its way: 6"
        in journey.desk.open(reverse("admin:inventory_stockitem_change", args=[shelf.pk])).words
    )


def sold(journey: Journey) -> Order:
    """Two cups and a kettle to Berlin; every page promises what the order then says."""
    shopper, world = journey.shopper, journey.world
    cup, kettle = shopper.get("p/tea-cup/").text, shopper.get("p/kettle/").text
    assert "In stock in Leipzig" in cup
    assert way(cup) == [("Leipzig", "Leaves today"), ("Germany", CUPS_SHOWN)]
    customs = ("Customs", "Paid by us")
    assert way(kettle) == [("Niigata", "Leaves Wed 4 Nov"), customs, ("Germany", KETTLES_SHOWN)]
    shopper.add(world.cup, 2)
    shopper.add(world.kettle)
    cart = Sheet(shopper.client, shopper.get("cart/").response).words
    assert f"From Leipzig. Arrives {CUPS_SHOWN}" in cart
    assert f"From Niigata. Arrives {KETTLES_SHOWN}" in cart
    assert "2 parcels, from Leipzig, Niigata." in cart
    assert KETTLES_SHOWN in Sheet(shopper.client, shopper.get("checkout/").response).words
    to_provider = shopper.order()
    assert to_provider.status == 303, to_provider.text[:3000]
    shopper.follow(shopper.choose(to_provider.location, "succeed").location)
    journey.work()

    order = Order.objects.get()
    assert (order.lifecycle, order.payment_state, order.total) == ("confirmed", "paid", Money("131.90", "EUR"))
    assert (order.arrives_from, order.arrives_to) == KETTLES
    parcels = order.fulfillments.values_list("warehouse_code", "carrier", "eta_from", "eta_to")
    assert list(parcels) == [("LEJ", "DHL", *CUPS), ("NGT", "Japan Post", *KETTLES)]
    assert world.counters(world.cup, world.leipzig) == (21, 2, 19)
    assert world.counters(world.cup, world.niigata) == (4, 0, 4)
    assert world.counters(world.kettle, world.niigata) == (5, 1, 4)
    return order


def way(text: str, *, within: str = "") -> list[tuple[str, str]]:
    """The stops of the first way on a page, each with what is said of it; `within`: under this heading."""
    tree = html.fromstring(text)
    place = tree.xpath("//*[@aria-labelledby=$name]", name=within)[0] if within else tree
    stops = place.xpath(".//ol[starts-with(@class, 'route')]")[0].xpath("./li")
    return [(" ".join(one.xpath("string(b)").split()), " ".join(one.xpath("string(span)").split())) for one in stops]


def here(text: str, *, within: str) -> str:
    """The stop where a parcel is."""
    place = html.fromstring(text).xpath("//*[@aria-labelledby=$name]", name=within)[0]
    return " ".join(place.xpath("string(.//ol/li[@class='here']/b)").split())


def from_where_and_why(journey: Journey, order: Order) -> None:
    """The address's own country first; all from Niigata had been cheaper. No tariff is known for the kettle."""
    decision = AllocationDecision.objects.get(order_ref=order.number)
    assert decision.chosen["takes"] == [["1", journey.world.cup.pk, "LEJ", 2], ["2", journey.world.kettle.pk, "NGT", 1]]
    assert (decision.chosen["costs"]["freight"], decision.alternatives[0]["costs"]["freight"]) == (2310, 1900)
    page = journey.desk.open(reverse("admin:workspace_order", args=[order.number])).words
    for words in (
        "Why from here?",
        "Leipzig + Niigata · costs the shop €23.10",
        "The rule “from the country of the address” decided.",
        "It leaves from 2 warehouses.",
        "The duty of 1 piece is not known.",
        "The rule “from the country of the address” speaks against it.",
    ):
        assert words in page


def packed_in_leipzig(journey: Journey, order: Order) -> None:
    """A round, the packing table with a scanner, a label, and the driver's list."""
    desk, world, parcel = journey.desk, journey.world, order.fulfillments.get(warehouse_code="LEJ")
    wave = desk.open(reverse("admin:floor_plan", args=["LEJ"])).press("/pick/", parcel=[str(parcel.pk)])
    picked = wave.press("/start/").press("/pick/", button=("deed", "taken"))
    assert "/waves/" in picked.address
    table = desk.open(reverse("admin:floor_parcel", args=[parcel.pk]))
    for _piece in range(2):
        table = table.press("/scan/", code="CUP")
    assert "Everything is in the box." in table.text
    labelled = table.press("/close/", weight_g=900).press("/label/", button=("offer", "home|standard"))
    label = LabelRecord.objects.get(parcel_ref=str(parcel.pk))
    assert (label.state, label.cost) == ("bought", Money("5.22", "EUR")), "4.50, and 0.80 a kilogram"
    assert label.tracking_no in labelled.words
    assert desk.file(reverse("admin:floor_label", args=[parcel.pk]), printed="1").startswith(b"%PDF")
    assert papers_offered(desk, order, parcel) == {"packing_slip"}
    gone = desk.open(reverse("admin:floor_handovers", args=["LEJ"])).press("/handover/", holding="Home Express")
    assert label.tracking_no in gone.words
    journey.work()
    parcel.refresh_from_db()
    label.refresh_from_db()
    assert (parcel.state, bool(label.manifest_ref)) == (ParcelState.HANDED_OVER, True)
    assert world.counters(world.cup, world.leipzig) == (19, 0, 19)
    order.refresh_from_db()
    assert order.fulfillment_state == "partly_shipped"


def papers_offered(desk: Desk, order: Order, parcel: Fulfillment) -> set[str]:
    """Which papers of a parcel the order's page offers."""
    page = html.fromstring(desk.open(reverse("admin:workspace_order", args=[order.number])).text)
    offered = [dict(form.form_values()) for form in page.forms if (form.action or "").endswith("/papers/")]
    return {one["kind"] for one in offered if one.get("parcel") == str(parcel.position)}


def sent_from_niigata(journey: Journey, order: Order) -> None:
    """Papers for customs, then the label from the desk; it leaves on the first working day."""
    journey.clock.move_to(at(4, 1), tick=False)
    desk, world, parcel = journey.desk, journey.world, order.fulfillments.get(warehouse_code="NGT")
    assert papers_offered(desk, order, parcel) >= {"packing_slip", "cn23", "commercial_invoice"}
    cn23 = desk.file(reverse("admin:workspace_issue_paper", args=[order.number]), kind="cn23", parcel=parcel.position)
    written = "".join(one.extract_text() for one in PdfReader(BytesIO(cn23)).pages)
    for words in ("CN 23", "7323", "Stainless steel kettle", "JP"):
        assert words.replace(" ", "") in written.replace(" ", "").replace("\n", "")
    assert list(ShippingPaper.objects.values_list("kind", "fulfillment")) == [("cn23", parcel.pk)]

    page = desk.open(reverse("admin:workspace_label", args=[order.number, parcel.pk]) + "?weight_g=1100")
    bought = page.press("/label/buy/", holding="standard")
    label = LabelRecord.objects.get(parcel_ref=str(parcel.pk))
    assert (label.carrier, label.cost) == ("Far Express", Money("16.14", "EUR")), "three times as much abroad"
    bought.press("/label/send/")
    journey.work()
    parcel.refresh_from_db()
    assert parcel.state == ParcelState.HANDED_OVER
    assert world.counters(world.kettle, world.niigata) == (4, 0, 4)


def on_their_way(journey: Journey, order: Order) -> None:
    """Both are heard of; the kettle comes earlier than promised, and the customer is told once."""
    journey.later(at(5, 2))
    assert statuses(order) == {"LEJ": ("in_transit", "in_transit"), "NGT": ("export_departed", "in_transit")}
    page = journey.sees(order)
    assert [stop for stop, _said in way(page.text, within="parcel-1")] == [
        "Leipzig", "On its way", "Nearly there", "Berlin",
    ]  # fmt: skip
    assert way(page.text, within="parcel-2") == [
        ("Niigata", "left on Wed 4 Nov"),
        ("On its way", "Left the country of departure, Niigata, JP"),
        ("Customs", ""),
        ("Nearly there", ""),
        ("Berlin", ""),
    ]
    for words in (f"Arrives {CUPS_SHOWN}", "Arrives Mon 9 Nov", "Far Express", "Niigata, JP"):
        assert words in page.words
    assert mails()["parcel_eta"] == 1


def held_by_customs(journey: Journey, order: Order) -> None:
    """Customs want a paper: that is work, with its next step, until the carrier says that they have let it go."""
    journey.later(at(7, 2))
    assert statuses(order) == {"LEJ": ("out_for_delivery",) * 2, "NGT": ("customs_action_required", "customs")}
    trouble = ParcelException.objects.get()
    assert (trouble.kind, trouble.due_at, trouble.fulfillment.warehouse_code) == (
        "customs_info_missing",
        at(7, 10),
        "NGT",
    )
    assert journey.waiting() == {"parcels": 1}
    assert order.number in journey.desk.open(reverse("admin:workspace_parcels")).words
    page = journey.desk.open(reverse("admin:workspace_parcel", args=[trouble.pk]))
    assert "Customs waits for a paper or a fact." in page.words
    taken = page.press("/plan/", button=("mine", "1"))
    assert "It is said who takes care of it." in taken.text
    assert here(journey.sees(order).text, within="parcel-2") == "Customs"

    journey.later(at(7, 22))
    trouble.refresh_from_db()
    assert (statuses(order)["NGT"], trouble.is_open) == (("customs_released", "in_transit"), False)
    assert trouble.resolution
    assert journey.waiting() == {}
    assert ("Customs", "Released by customs, Berlin, DE") in way(journey.sees(order).text, within="parcel-2")


def delivered(journey: Journey, order: Order) -> None:
    journey.later(at(9, 9))
    order.refresh_from_db()
    assert set(statuses(order).values()) == {("delivered", "delivered")}
    assert (order.lifecycle, order.fulfillment_state) == ("completed", "delivered")
    page = journey.sees(order)
    assert [here(page.text, within=f"parcel-{number}") for number in (1, 2)] == ["Berlin", "Berlin"]
    assert not ParcelException.objects.filter(resolved_at=None).exists()
    assert set(TrackedParcel.objects.values_list("state", flat=True)) == {"ended"}


def comes_back(journey: Journey, order: Order) -> None:
    """One cup is not liked: asked for by its customer, agreed, arrived, looked at, back on the shelf, paid back."""
    journey.clock.move_to(at(12), tick=False)
    desk, world, line = journey.desk, journey.world, order.lines.get(sku="CUP")
    link = f"orders/{order.number}/{grant_access(number=order.number)}/returns/"
    send(journey.shopper, link, **{f"units_{line.pk}": 1})
    request = ReturnRequest.objects.get()
    assert journey.waiting() == {"returns": 1}
    page = desk.open(reverse("admin:workspace_return", args=[request.number])).press("/approve/")
    request.refresh_from_db()
    assert "04315 Leipzig" in " ".join(request.return_to)
    page = page.press("/receive/", **{f"line_{request.lines.get().pk}": 1})
    page = page.press(f"/inspect/{request.lines.get().pk}/", condition="as_new", fate="restock", warehouse="LEJ")
    assert world.counters(world.cup, world.leipzig) == (20, 0, 20)
    preview = page.press("/settle/", reason="Returned", button=("step", "preview"))
    assert "€24.00" in preview.words
    preview.press("/settle/", button=("step", "confirm"))
    journey.work()
    request.refresh_from_db()
    order.refresh_from_db()
    assert (request.state, order.aftersales_state) == ("closed", "partly_returned")
    assert order.refunds.get().amount == Money("24.00", "EUR")


def books_agree(journey: Journey, order: Order) -> None:
    """The ledger of stock says what the counters say, every mail went out once, and no check finds anything."""
    for item in StockItem.objects.all():
        moved = StockMovement.objects.filter(stock_item=item).aggregate(
            on_hand=Sum("d_on_hand"), promised=Sum("d_allocated")
        )
        assert (moved["on_hand"], moved["promised"]) == (item.on_hand, item.allocated)
    assert mails() == {
        "order_confirmed": 1,
        "order_shipped": 2,
        "parcel_eta": 1,
        "parcel_customs": 1,
        "parcel_out_for_delivery": 1,
        "parcel_delivered": 2,
        "return_news": 5,
        "order_refunded": 1,
    }
    assert broken() == []


def statuses(order: Order) -> dict[str, tuple[str, str]]:
    """What the carrier says of each warehouse's parcel, and the parcel's own state."""
    rows = Package.objects.filter(fulfillment__order=order).select_related("fulfillment")
    return {row.fulfillment.warehouse_code: (row.status, row.fulfillment.state) for row in rows}


def mails() -> Counter[str]:
    """The mails that went to the customer, by kind."""
    return Counter(
        Message.objects.filter(recipient=EMAIL, channel="email", state="sent").values_list("kind", flat=True)
    )
