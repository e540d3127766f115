"""Changes to a placed order: drafted, shown with their price, then confirmed in one step."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import TimeStamped, money_field
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.line import OrderLine
from orders.models.order import Order


class ChangeKind(models.TextChoices):
    """What a change does."""

    EDIT = "edit"
    SPLIT = "split"
    MERGE = "merge"
    EXCHANGE = "exchange"
    RESHIP = "reship"
    CANCEL = "cancel"


class ChangeState(models.TextChoices):
    """Where a change stands."""

    DRAFT = "draft"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class OrderChange(Transitions, TimeStamped):
    """One change. An order has at most one that is not decided yet (partial unique)."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            ChangeState.DRAFT: {ChangeState.REQUESTED, ChangeState.CONFIRMED, ChangeState.DECLINED},
            ChangeState.REQUESTED: {ChangeState.CONFIRMED, ChangeState.DECLINED},
        }
    }

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    state = models.CharField(max_length=12, choices=ChangeState.choices, default=ChangeState.DRAFT)
    delta_total = money_field()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=[ChangeState.DRAFT, ChangeState.REQUESTED]),
                name="orders_change_one_undecided",
            ),
            models.UniqueConstraint(fields=["order", "version"], name="orders_change_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} v{self.version}: {self.kind}"


class OrderChangeAction(models.Model):
    """One step of a change."""

    change = models.ForeignKey(OrderChange, on_delete=models.PROTECT, related_name="actions")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.PositiveIntegerField(null=True, blank=True)
    amount = money_field(null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        ordering = ("change", "seq")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change", "seq"], name="orders_change_action_seq_once"),
        ]

    def __str__(self) -> str:
        return f"{self.change_id}.{self.seq} {self.kind}"
