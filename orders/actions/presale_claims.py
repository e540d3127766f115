"""Pieces of pre-sales, counted under lock: whoever comes second waits for the counter's row and then looks again."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, Sum

from catalog.actions.presales import give_presale_back, take_presale
from catalog.errors import PresaleSoldOut
from catalog.models import Presale
from orders.errors import PresaleLimitReached, PresaleTaken
from orders.models import Order, OrderLine, PresaleClaim


def claim_presales(order: Order, lines: Iterable[OrderLine]) -> None:
    """Count the pieces of an order against the limits of their pre-sales, by variant in ascending key.

    Part of the transaction that writes the order: whoever comes second waits for the counter's row. Raises
    `PresaleTaken` or `PresaleLimitReached`; nothing is written then.
    """
    ahead = [
        (line.variant_id, line, line.releases_on)
        for line in lines
        if line.releases_on is not None and line.variant_id is not None
    ]
    for variant_id, line, promised_on in sorted(ahead, key=lambda one: one[0]):
        _claim(order, line, variant_id, promised_on)


def _claim(order: Order, line: OrderLine, variant_id: int, promised_on: date) -> None:
    try:
        take_presale(variant_id=variant_id, quantity=line.quantity)
    except PresaleSoldOut:
        raise PresaleTaken from None
    most = Presale.objects.values_list("most_per_customer", flat=True).get(variant=variant_id)
    if most is not None:
        ordered = _ordered_by_same(order, variant_id)
        if ordered + line.quantity > most:
            raise PresaleLimitReached(variant_id=variant_id, name=line.name, most=most, ordered=ordered)
    PresaleClaim.objects.update_or_create(
        order_line=line,
        defaults={
            "order": order,
            "variant_id": variant_id,
            "quantity": line.quantity,
            "promised_on": promised_on,
            "ended": False,
        },
    )


def _ordered_by_same(order: Order, variant_id: int) -> int:
    """Pieces in living orders of the same account or the same email address."""
    same = Q(order__email_hash=order.email_hash)
    if order.user_id is not None:
        same |= Q(order__user=order.user_id)
    rows = PresaleClaim.objects.filter(same, variant=variant_id, ended=False).exclude(order=order)
    return rows.aggregate(pieces=Sum("quantity"))["pieces"] or 0


def claim_again(order: Order) -> None:
    """Money came late: the pieces an expired order had are counted once more. Raises like `claim_presales`."""
    for claim in order.presale_claims.filter(ended=True).select_related("order_line").order_by("variant"):
        open_still = Presale.objects.filter(variant=claim.variant_id, released_at__isnull=True).exists()
        if open_still:
            _claim(order, claim.order_line, claim.variant_id, claim.promised_on)


def end_claims(order: Order, line: OrderLine | None = None) -> None:
    """The order, or one line of it, will not be carried out: its pieces count against no limit any more."""
    claims = order.presale_claims.filter(ended=False).order_by("variant")
    for claim in list(claims.filter(order_line=line) if line is not None else claims):
        PresaleClaim.objects.filter(pk=claim.pk).update(ended=True)
        give_presale_back(variant_id=claim.variant_id, quantity=claim.quantity)
