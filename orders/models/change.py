"""Changes to a placed order: what was asked, what it costs, and what stood before; decided in one step."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped, money_field
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.line import OrderLine
from orders.models.order import Order


class ChangeKind(models.TextChoices):
    """What a change does."""

    EDIT = "edit", pgettext_lazy("change of an order", "Changed")
    SPLIT = "split", pgettext_lazy("change of an order", "Split")
    MERGE = "merge", pgettext_lazy("change of an order", "Merged")
    EXCHANGE = "exchange", pgettext_lazy("change of an order", "Exchanged")
    RESHIP = "reship", pgettext_lazy("change of an order", "Sent again")
    CANCEL = "cancel", pgettext_lazy("change of an order", "Partly canceled")


class ChangeState(models.TextChoices):
    """Where a change stands. A requested one waits for the customer to pay the difference."""

    DRAFT = "draft", pgettext_lazy("state of a change", "Draft")
    REQUESTED = "requested", pgettext_lazy("state of a change", "Waits for payment")
    CONFIRMED = "confirmed", pgettext_lazy("state of a change", "Done")
    DECLINED = "declined", pgettext_lazy("state of a change", "Given up")
    EXPIRED = "expired", pgettext_lazy("state of a change", "Not paid in time")


UNDECIDED = (ChangeState.DRAFT, ChangeState.REQUESTED)


class OrderChange(Transitions, TimeStamped):
    """One change. An order has at most one that is not decided yet (partial unique).

    `plan` is what was asked, `before` the rows it replaced and `after` those that replace them, amounts in minor
    units; `addresses` holds the two addresses when that is what changed. `ref` owns the stock held for it.
    """

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            ChangeState.DRAFT: {ChangeState.REQUESTED, ChangeState.CONFIRMED, ChangeState.DECLINED},
            ChangeState.REQUESTED: {ChangeState.CONFIRMED, ChangeState.DECLINED, ChangeState.EXPIRED},
        }
    }

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="changes")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    state = models.CharField(max_length=12, choices=ChangeState.choices, default=ChangeState.DRAFT)
    delta_total = money_field()
    reason = models.CharField(max_length=200, blank=True)
    plan = models.JSONField(default=dict, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    addresses = models.JSONField(default=dict, blank=True)
    pay_by = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
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
            models.UniqueConstraint(fields=["order", "key"], condition=~Q(key=""), name="orders_change_key_once"),
            models.CheckConstraint(
                condition=~Q(state=ChangeState.REQUESTED) | Q(pay_by__isnull=False), name="orders_change_pay_by_said"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["pay_by"], condition=Q(state=ChangeState.REQUESTED), name="orders_change_unpaid"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} v{self.version}: {self.kind}"


class OrderChangeAction(models.Model):
    """One step of a change."""

    change = models.ForeignKey(OrderChange, on_delete=models.PROTECT, related_name="actions")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    order_line = models.ForeignKey(OrderLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
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
