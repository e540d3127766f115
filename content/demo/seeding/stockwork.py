"""What the warehouses of the demo shop are at: a transfer on its way, a count to review, batches, and who is told."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from catalog.models import Variant
from inventory.models import AlertRoute, BatchedVariant, StockAlert, StockItem, StockTake, Transfer
from inventory.stockwork.ages import review_ages
from inventory.stockwork.batch_deeds import keep_batches, name_batch
from inventory.stockwork.takes import begin_counting, count_shelves, end_counting, plan_take
from inventory.stockwork.transfers import draft_transfer, set_aside, ship_transfer
from members.roles import ROLES

SENT = {"MK-AL-SM-IN": 12, "HD-OD-26-IN": 10, "HD-MW-NA": 8}
CANDLE = "CL-TC-RU"
"""Scented wax keeps for two years."""
BATCHES = (("W-0417", 25, 24), ("W-0533", 420, 43))
"""Batch, days left, pieces in Leipzig."""
SHELVES = "A-0"
OFF = (-1, 2, -8)
"""How far the first shelves of the count are from the books; the last one needs a second person."""
ROLE = "warehouse"


def seed_stock_work() -> None:
    """Each of them once; what operators did since stays."""
    _transfer()
    _batches()
    _stock_take()
    group = Group.objects.filter(name=ROLES[ROLE].name).first()
    if group is not None and not AlertRoute.objects.exists():
        AlertRoute.objects.create(role=group)
        AlertRoute.objects.create(role=group, level=StockAlert.Level.OUT, pace=AlertRoute.Pace.AT_ONCE)


def _transfer() -> None:
    lines = {pk: SENT[sku] for sku, pk in Variant.objects.filter(sku__in=SENT).values_list("sku", "pk")}
    now = timezone.now()
    transfer = draft_transfer(
        from_code="NGT", to_code="LEJ", lines=lines, due_at=now + timedelta(days=9), op_key="demo"
    )
    if transfer.state == Transfer.State.DRAFT:
        set_aside(number=transfer.number)
        ship_transfer(number=transfer.number, at=now)


def _batches() -> None:
    candle = Variant.objects.get(sku=CANDLE)
    if BatchedVariant.objects.filter(variant=candle).exists():
        return
    keep_batches(variant_id=candle.pk, days_left=14)
    shelf = StockItem.objects.get(variant=candle, warehouse__code="LEJ")
    today = timezone.now().date()
    for code, days, pieces in BATCHES:
        name_batch(stock_item_id=shelf.pk, code=code, expires_on=today + timedelta(days=days), pieces=pieces)
    review_ages()


def _stock_take() -> None:
    if StockTake.objects.exists():
        return
    number = plan_take(warehouse_code="LEJ", scope=StockTake.Scope.SHELF, part=SHELVES).number
    begin_counting(number=number)
    lines = StockTake.objects.get(number=number).lines.order_by("-stock_item__on_hand", "stock_item__variant__sku")
    there = lines.values_list("pk", "stock_item__on_hand")
    differences = dict(zip((pk for pk, _on_hand in there), OFF, strict=False))
    count_shelves(number=number, counts={pk: max(on_hand + differences.get(pk, 0), 0) for pk, on_hand in there})
    end_counting(number=number)
