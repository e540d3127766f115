"""The sandbox's books as a provider would show them: every movement, and one payout per day and currency.

The day's movements are paid out on the next morning, as most providers do it. Nothing here is stored: the
same movements always give the same rows.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Case, F, IntegerField, Sum, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from core.money import from_minor
from payments.models import SandboxMovement
from payments.models.sandbox import SIGNS
from payments.types import EntryKind, ProviderEntry

Kind = SandboxMovement.Kind
KINDS: dict[str, EntryKind] = {
    Kind.CAPTURE: "charge",
    Kind.REFUND: "refund",
    Kind.DISPUTE: "dispute",
    Kind.WON: "dispute",
}
FEE_PERMILLE = 15
PAID_OUT_AT = time(6, tzinfo=UTC)


def fee_minor(movement: SandboxMovement) -> int:
    """What the sandbox keeps of a capture; giving back costs nothing."""
    return (movement.amount_minor * FEE_PERMILLE + 500) // 1000 if movement.kind == "capture" else 0


def fact_name(movement: SandboxMovement) -> str:
    """How the fact is called that a movement became: all that happens in a dispute has the dispute's name."""
    is_dispute = movement.kind in (Kind.DISPUTE, Kind.WON, Kind.LOST)
    return f"sbx_dispute_{movement.charge_id}" if is_dispute else movement.ref


def entries(begin: datetime, end: datetime) -> Iterator[ProviderEntry]:
    """Movements and payouts from `begin` until before `end`."""
    moved = SandboxMovement.objects.filter(created__gte=begin, created__lt=end, kind__in=SIGNS).select_related("charge")
    for movement in moved.order_by("pk").iterator(chunk_size=500):
        yield _entry(movement)
    yield from _payouts(begin, min(end, timezone.now()))


def _entry(movement: SandboxMovement) -> ProviderEntry:
    charge = movement.charge
    fee = fee_minor(movement)
    signed = movement.signed_minor
    day = movement.created.astimezone(UTC).date()
    return ProviderEntry(
        entry_id=movement.ref,
        kind=KINDS[movement.kind],
        amount=from_minor(signed, charge.currency),
        fee=from_minor(fee, charge.currency),
        net=from_minor(signed - fee, charge.currency),
        created=movement.created,
        available_on=day + timedelta(days=1),
        provider_ref=charge.provider_ref,
        fact_ref=fact_name(movement),
        payment_ref=charge.payment_ref,
        order_ref=charge.order_ref,
        payout_id=_payout_id(day, charge.currency),
    )


def _payout_id(day: date, currency: str) -> str:
    return f"sbx_payout_{day:%Y%m%d}_{currency.lower()}"


def _payouts(begin: datetime, end: datetime) -> Iterator[ProviderEntry]:
    """What left for the bank in the span: each the net sum of the day before."""
    fees = Case(When(kind="capture", then=(F("amount_minor") * FEE_PERMILLE + 500) / 1000), default=0)
    signed = Case(
        When(kind__in=[kind for kind, sign in SIGNS.items() if sign < 0], then=-F("amount_minor")),
        default=F("amount_minor") - fees,
        output_field=IntegerField(),
    )
    first = (begin - timedelta(days=2)).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = (
        SandboxMovement.objects.filter(created__gte=first, created__lt=end, kind__in=SIGNS)
        .annotate(day=TruncDate("created", tzinfo=UTC))
        .values("day", currency=F("charge__currency"))
        .annotate(net=Sum(signed))
        .order_by("day", "currency")
    )
    for row in days:
        at = datetime.combine(row["day"] + timedelta(days=1), PAID_OUT_AT)
        if row["net"] and begin <= at < end:
            yield _payout(row["day"], row["currency"], row["net"], at)


def _payout(day: date, currency: str, net: int, at: datetime) -> ProviderEntry:
    name = _payout_id(day, currency)
    gone = from_minor(-net, currency)
    return ProviderEntry(
        entry_id=name,
        kind="payout",
        amount=gone,
        fee=from_minor(0, currency),
        net=gone,
        created=at,
        available_on=at.date(),
        fact_ref=name,
        payout_id=name,
    )
