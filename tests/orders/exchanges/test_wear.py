"""Deductions for wear: decided with evidence when a unit is looked at, and kept from the refund for good."""

import pytest

from core.money import to_minor
from core.outbox import drain
from orders.actions import refund_order
from orders.actions.returns_closing import Settlement, settle_return
from orders.actions.returns_receiving import Verdict, inspect_unit
from orders.errors import DeductionTooLarge
from orders.models import Document, Order, ReturnRequest, ReturnUnit, WearDeduction
from orders.returning.errors import DeductionRefused, EvidenceMissing
from orders.returning.files import Sent, put_away
from orders.returning.settling import proposals, proposed_wishes, with_deductions
from orders.types import RefundWish
from orders.workspace.refunds import preview_refund
from payments.actions import submit_due_refunds
from tests.factories.cart import item_in, open_shop
from tests.orders.returns.world import arrived, delivered_order, photo, verdict
from tests.soundness import broken

pytestmark = pytest.mark.django_db


def worn(nth: int = 1, *, kept: int, condition: str = "worn", note: str = "Soles are scratched") -> Verdict:
    seen = verdict(nth, condition=condition, note=note)
    return Verdict(
        nth=nth,
        condition=condition,
        fate=seen.fate,
        warehouse_code=seen.warehouse_code,
        note=note,
        kept_minor=kept,
    )


def look(request: ReturnRequest, seen: Verdict, *, with_photo: bool = True) -> ReturnUnit:
    files = [Sent(called="sole.jpg", content=photo().read())] if with_photo else []
    with put_away(files) as photos:
        return inspect_unit(return_number=request.number, line_id=request.lines.get().pk, verdict=seen, photos=photos)


def paid_back(request: ReturnRequest) -> ReturnRequest:
    found = proposals(request)
    wishes = with_deductions(found, proposed_wishes(found))
    shown = preview_refund(request.order, wishes=wishes, shipping=False).total
    settlement = Settlement(lines=wishes, shipping=False, reason="Return")
    return settle_return(return_number=request.number, settlement=settlement, shown=shown)


def bought(units: int = 2) -> Order:
    market = open_shop()
    return delivered_order(market, (item_in(market, price="19.99"), units))


def test_a_deduction_lowers_the_refund_and_the_next_unit_does_not_bring_it_back() -> None:
    order = bought(2)
    request = arrived(order, 1)
    look(request, worn(kept=500))
    request.refresh_from_db()

    closed = paid_back(request)
    order.refresh_from_db()
    line = order.lines.get()
    assert closed.refund is not None
    assert (line.qty_refunded, line.net_kept_minor + line.tax_kept_minor) == (1, 500)
    rest = refund_order(
        number=order.number,
        lines=[RefundWish(line_id=line.pk, quantity=1)],
        shipping=False,
        reason="The other one",
        key="rest",
    )
    assert to_minor(closed.refund.amount + rest.amount) == to_minor(line.line_total) - 500
    drain(limit=200)
    submit_due_refunds()
    drain(limit=200)
    assert broken("Q02") == []


def test_the_credit_note_is_about_what_went_back() -> None:
    request = arrived(bought(1), 1)
    look(request, worn(kept=500))
    request.refresh_from_db()
    closed = paid_back(request)
    drain(limit=200)
    submit_due_refunds()
    drain(limit=200)

    assert closed.refund is not None
    note = Document.objects.get(refund=closed.refund)
    assert note.total == closed.refund.amount
    assert broken("Q02") == []


@pytest.mark.parametrize("reason", ["defective", "damaged", "wrong_item"])
def test_nothing_is_kept_for_faults(reason: str) -> None:
    request = arrived(bought(1), 1, reason=reason)
    with pytest.raises(DeductionRefused):
        look(request, worn(kept=500))
    assert not ReturnUnit.objects.exists()
    assert not WearDeduction.objects.exists()


def test_nothing_is_kept_without_words_and_a_photo() -> None:
    request = arrived(bought(1), 1)
    with pytest.raises(EvidenceMissing):
        look(request, worn(kept=500), with_photo=False)
    with pytest.raises(EvidenceMissing):
        look(request, worn(kept=500, note=""))
    assert not ReturnUnit.objects.exists()


def test_never_more_is_kept_than_the_unit_has_cost() -> None:
    request = arrived(bought(1), 1)
    with pytest.raises(DeductionTooLarge):
        look(request, worn(kept=2000))
    look(request, worn(kept=1999))
    assert WearDeduction.objects.get().amount_minor == 1999


def test_a_caller_cannot_leave_a_deduction_out() -> None:
    request = arrived(bought(2), 2)
    look(request, worn(1, kept=500))
    look(request, verdict(2))
    request.refresh_from_db()
    found = proposals(request)

    assert [one.kept(units) for one in found for units in (1, 2)] == [0, 500]
    bare = [RefundWish(line_id=one.row.order_line_id, quantity=2) for one in found]
    assert [wish.kept_minor for wish in with_deductions(found, bare)] == [500]
