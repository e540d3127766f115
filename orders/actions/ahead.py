"""Pre-sales whose day moves: every order promises the new one, and its customer may cancel free of charge."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from core.events import publish
from inventory.calendars import add_working_days
from orders.actions.closing import cancel_order
from orders.actions.presale_claims import end_claims
from orders.actions.refunds import promise_refund
from orders.actions.taking_back import cancel_units
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.ahead import may_cancel
from orders.errors import NoRightToCancel
from orders.events import ReleaseMoved
from orders.models import INSIDE, Fulfillment, Lifecycle, OrderLine, ParcelState, PresaleClaim
from orders.types import RefundWish

CANCEL_REASON = "The customer canceled because the release was moved."


def move_release(*, variant_id: int, release_on: date) -> int:
    """The day of a pre-sale moved: living orders promise the new one; returns how many are told. Again: none."""
    claims = PresaleClaim.objects.filter(variant=variant_id, ended=False).exclude(promised_on=release_on)
    numbers = claims.filter(order__lifecycle__in=[Lifecycle.PENDING_PAYMENT, Lifecycle.CONFIRMED])
    return sum(
        _move(number, variant_id, release_on) for number in list(numbers.values_list("order__number", flat=True))
    )


def release_parcels(*, variant_id: int) -> int:
    """The pre-sale is over: its parcels may leave from now on; returns how many did not before."""
    parcels = Fulfillment.objects.filter(
        state__in=INSIDE, not_before__isnull=False, lines__order_line__presale_claim__variant=variant_id
    )
    return Fulfillment.objects.filter(pk__in=parcels.values("pk")).update(not_before=None)


def _move(number: str, variant_id: int, release_on: date) -> int:
    with transaction.atomic():
        order = lock_order(number)
        claim = order.presale_claims.select_related("order_line").filter(variant=variant_id, ended=False).first()
        if claim is None or claim.promised_on == release_on or claim.order_line.qty_open < claim.quantity:
            return 0
        before, line = claim.promised_on, claim.order_line
        claim.promised_on, claim.moved_on = release_on, timezone.now()
        claim.save(update_fields=["promised_on", "moved_on", "updated"])
        line.releases_on = release_on
        line.save(update_fields=["releases_on"])
        parcels = order.fulfillments.filter(state__in=INSIDE, not_before__isnull=False, lines__order_line=line)
        for parcel in list(parcels.distinct()):
            _put_off(_own_parcel(parcel, line), before, release_on)
        last = max((day for day in order.fulfillments.values_list("eta_to", flat=True) if day), default=None)
        order.arrives_to = last or order.arrives_to
        order.save(update_fields=["arrives_to", "updated"])
        write_event(
            order, "presale.moved", to_customer=True, before=before.isoformat(), release_on=release_on.isoformat()
        )
        publish(ReleaseMoved(number=number, line_id=line.pk, before=before, release_on=release_on))
    return 1


def _own_parcel(parcel: Fulfillment, line: OrderLine) -> Fulfillment:
    """What leaves on another day than the rest of its parcel leaves in a parcel of its own."""
    if not parcel.lines.exclude(order_line=line).exists():
        return parcel
    rows = parcel.lines.filter(order_line=line)
    own = Fulfillment.objects.get(pk=parcel.pk)
    own.pk, own.position, own.state = None, parcel.order.fulfillments.count() + 1, ParcelState.PLANNED
    own.save(force_insert=True)
    rows.update(fulfillment=own)
    return own


def _put_off(parcel: Fulfillment, before: date, release_on: date) -> None:
    """The promise moves by as many days as the release did, to working days."""
    parcel.not_before = release_on
    for name in ("eta_from", "eta_to"):
        day = getattr(parcel, name)
        if day is not None:
            setattr(parcel, name, add_working_days(day + (release_on - before), 0, parcel.order.country))
    parcel.save(update_fields=["not_before", "eta_from", "eta_to", "updated"])


def cancel_moved_line(*, number: str, line_id: int) -> None:
    """The customer does not want to wait: the line is canceled and its money goes back, free of charge.

    When nothing else is left of the order, all of it is canceled. Again: nothing more. Raises `NoRightToCancel`.
    """
    with transaction.atomic():
        order = lock_order(number)
        claim = order.presale_claims.select_related("order_line").filter(order_line=line_id).first()
        if claim is None:
            raise NoRightToCancel
        if claim.ended:
            return
        if order.lifecycle not in (Lifecycle.PENDING_PAYMENT, Lifecycle.CONFIRMED) or not may_cancel(
            claim, claim.order_line
        ):
            raise NoRightToCancel
        others = [line for line in order.lines.exclude(pk=line_id) if line.quantity > line.qty_canceled]
        if not others or order.lifecycle == Lifecycle.PENDING_PAYMENT:
            cancel_order(number=number, reason=CANCEL_REASON)
            return
        line = order.lines.get(pk=line_id)
        end_claims(order, line)
        cancel_units(order, line, line.qty_open)
        line.save(update_fields=["qty_canceled"])
        left = line.quantity - line.qty_refunded
        if left and order.paid_at is not None:
            wish = RefundWish(line_id=line.pk, quantity=left)
            promise_refund(order, lines=[wish], shipping=False, reason=CANCEL_REASON, key=f"moved:{line.ref}")
        write_event(order, "presale.canceled", to_customer=True, line=line.ref)
        refresh_states(order)
