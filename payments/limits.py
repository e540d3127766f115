"""The carding brake: how many failed attempts an order or a visitor may make."""

from datetime import timedelta

from django.db.models import Count, Q
from django.db.models.functions import Now

from payments.errors import TooManyAttempts
from payments.models import PaymentTransaction, VelocityLimit

FAILURES = ("declined", "failed")


def check_velocity(*, order_ref: str, visitor: str) -> None:
    """Raises `TooManyAttempts` when a limit is reached. Counts by the database's clock."""
    subjects = {VelocityLimit.Scope.ORDER: Q(payment__order_ref=order_ref)}
    if visitor:
        subjects[VelocityLimit.Scope.VISITOR] = Q(payment__visitor=visitor)
    for limit in VelocityLimit.objects.filter(active=True, scope__in=list(subjects)):
        window = timedelta(minutes=limit.minutes)
        failures = PaymentTransaction.objects.filter(
            subjects[VelocityLimit.Scope(limit.scope)], kind__in=FAILURES, recorded_at__gt=Now() - window
        ).aggregate(n=Count("pk"))["n"]
        if failures >= limit.failures:
            raise TooManyAttempts(window)
