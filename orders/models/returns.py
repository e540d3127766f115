"""Goods that come back: asked for, agreed to, received, looked at one by one, and settled."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.line import OrderLine
from orders.models.order import Order
from orders.models.part import OrderLinePart
from orders.models.refund import OrderRefund


class ReturnState(models.TextChoices):
    """Where a return stands."""

    REQUESTED = "requested", pgettext_lazy("return", "Asked for")
    APPROVED = "approved", pgettext_lazy("return", "Agreed")
    LABEL_SENT = "label_sent", pgettext_lazy("return", "Label sent")
    RECEIVED = "received", pgettext_lazy("return", "Arrived")
    INSPECTED = "inspected", pgettext_lazy("return", "Looked at")
    CLOSED = "closed", pgettext_lazy("return", "Done")
    REJECTED = "rejected", pgettext_lazy("return", "Declined")
    CANCELED = "canceled", pgettext_lazy("return", "Taken back by the customer")


class Resolution(models.TextChoices):
    """What the customer gets for it."""

    REFUND = "refund", pgettext_lazy("what a return brings", "Money back")
    EXCHANGE = "exchange", pgettext_lazy("what a return brings", "Another one")
    CREDIT = "credit", pgettext_lazy("what a return brings", "Store credit")
    REPAIR = "repair", pgettext_lazy("what a return brings", "Repair")
    KEEP_AND_REFUND = "keep_and_refund", pgettext_lazy("what a return brings", "Money back, goods kept")


class WayBack(models.TextChoices):
    """Who pays for the way back."""

    CUSTOMER = "customer", pgettext_lazy("pays the way back", "The customer")
    SHOP = "shop", pgettext_lazy("pays the way back", "The shop")


class ExchangePrice(models.TextChoices):
    """What the wanted variant costs when it is dearer today than the one that comes back was."""

    TODAY = "today", pgettext_lazy("price of an exchange", "The price of today")
    LOWER = "lower", pgettext_lazy("price of an exchange", "The lower of the two prices")


class ExchangeFirst(models.TextChoices):
    """Who gets the new goods before the old ones are back."""

    AFTER = "after", pgettext_lazy("an exchange is sent", "When the goods are back")
    KNOWN = "known", pgettext_lazy("an exchange is sent", "At once to customers in good standing")


class AftersalesPolicy(TimeStamped):
    """What a market promises after the sale. A market without a row has the defaults of these fields.

    The law comes first: money back within the withdrawal period and for faults is offered whatever stands here, and
    the way back of faulty goods is always paid by the shop.
    """

    market = models.CharField(_("market"), max_length=12, unique=True)
    resolutions = ArrayField(
        models.CharField(max_length=16, choices=Resolution.choices),
        verbose_name=_("offered besides money back"),
        default=list,
        blank=True,
    )
    way_back = models.CharField(
        _("the way back is paid by"),
        max_length=8,
        choices=WayBack.choices,
        default=WayBack.CUSTOMER,
        help_text=_("For a change of mind. Faults are always at the shop's cost."),
    )
    sends_label = models.BooleanField(_("a label is sent"), default=False)
    agrees_at_once = models.BooleanField(_("returns in time are agreed to at once"), default=False)
    warehouse_code = models.CharField(
        _("returns go to warehouse"), max_length=40, blank=True, help_text=_("Empty: to where the goods came from.")
    )
    send_within_days = models.PositiveSmallIntegerField(_("days to send the goods"), default=14)
    exchange_price = models.CharField(
        _("what an exchange costs"),
        max_length=8,
        choices=ExchangePrice.choices,
        default=ExchangePrice.TODAY,
        help_text=_("When the wanted variant costs more today than the one that comes back did."),
    )
    exchange_sends = models.CharField(
        _("an exchange is sent"), max_length=8, choices=ExchangeFirst.choices, default=ExchangeFirst.AFTER
    )
    answer_within_hours = models.PositiveSmallIntegerField(_("hours to answer a question"), default=24)
    instructions = models.JSONField(
        _("instructions by language"), default=dict, blank=True, help_text=_("How to pack, where to hand it in.")
    )

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("after-sales policy")
        verbose_name_plural = _("after-sales policies")
        ordering = ["market"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(way_back__in=WayBack.values), name="orders_policy_way_back_known"),
            models.CheckConstraint(condition=Q(send_within_days__gt=0), name="orders_policy_days_positive"),
            models.CheckConstraint(
                condition=Q(exchange_price__in=ExchangePrice.values, exchange_sends__in=ExchangeFirst.values),
                name="orders_policy_exchange_known",
            ),
        ]

    def __str__(self) -> str:
        return self.market


class ReturnRequest(Transitions, TimeStamped):
    """One return of an order. `key` names the form that asked for it: the same one is one return."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            ReturnState.REQUESTED: {ReturnState.APPROVED, ReturnState.REJECTED, ReturnState.CANCELED},
            ReturnState.APPROVED: {
                ReturnState.LABEL_SENT,
                ReturnState.RECEIVED,
                ReturnState.REJECTED,
                ReturnState.CANCELED,
            },
            ReturnState.LABEL_SENT: {ReturnState.RECEIVED, ReturnState.REJECTED, ReturnState.CANCELED},
            ReturnState.RECEIVED: {ReturnState.INSPECTED},
            ReturnState.INSPECTED: {ReturnState.CLOSED},
        }
    }

    number = models.CharField(_("number"), max_length=40, unique=True)
    key = models.CharField(max_length=64, blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(
        pgettext_lazy("where something stands", "state"),
        max_length=12,
        choices=ReturnState.choices,
        default=ReturnState.REQUESTED,
    )
    resolution = models.CharField(
        _("what it brings"), max_length=16, choices=Resolution.choices, default=Resolution.REFUND
    )
    reason = models.CharField(_("reason"), max_length=60)
    note = models.TextField(_("in the customer's words"), blank=True)
    way_back = models.CharField(
        _("the way back is paid by"), max_length=8, choices=WayBack.choices, default=WayBack.CUSTOMER
    )
    return_to = models.JSONField(default=list, blank=True)
    """Lines of the address the goods go to; known once the return is agreed to."""
    send_by = models.DateField(_("to be sent by"), null=True, blank=True)
    tracking = models.CharField(_("parcel number of the way back"), max_length=80, blank=True)
    answer = models.CharField(_("answer to the customer"), max_length=400, blank=True)
    refund = models.ForeignKey(
        OrderRefund, on_delete=models.PROTECT, null=True, blank=True, related_name="returns", verbose_name=_("refund")
    )

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        permissions = [
            ("decide_return", _("Can agree to returns and decline them")),
            ("receive_return", _("Can receive returned goods and look at them")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="orders_return_once_per_form"),
            models.CheckConstraint(condition=Q(state__in=ReturnState.values), name="orders_return_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ReturnState.REJECTED) | ~Q(answer=""), name="orders_return_refusal_says_why"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "created"], name="orders_return_queue")]

    def __str__(self) -> str:
        return self.number


class ReturnLine(models.Model):
    """How many units of a line come back, or with `part` how many pieces of one component of a set.

    `canceled_qty` never left the warehouse; the others are received and then looked at one by one.
    """

    return_request = models.ForeignKey(ReturnRequest, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="return_lines")
    part = models.ForeignKey(
        OrderLinePart, on_delete=models.PROTECT, null=True, blank=True, related_name="return_lines"
    )
    quantity = models.PositiveIntegerField()
    canceled_qty = models.PositiveIntegerField(default=0)
    received_qty = models.PositiveIntegerField(default=0)
    wanted = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """What the customer wants instead."""

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["return_request", "order_line", "part"],
                name="orders_return_line_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(received_qty__lte=F("quantity") - F("canceled_qty")),
                name="orders_return_line_received_within_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id} x {self.quantity}"

    @property
    def to_come(self) -> int:
        """Units that are still with the customer or on their way."""
        return self.quantity - self.canceled_qty - self.received_qty


class Condition(models.TextChoices):
    """What a unit looked like."""

    AS_NEW = "as_new", pgettext_lazy("condition of returned goods", "As new")
    OPENED = "opened", pgettext_lazy("condition of returned goods", "Opened, not used")
    WORN = "worn", pgettext_lazy("condition of returned goods", "Used or worn")
    DAMAGED = "damaged", pgettext_lazy("condition of returned goods", "Damaged by use")
    FAULTY = "faulty", pgettext_lazy("condition of returned goods", "Faulty or arrived broken")
    INCOMPLETE = "incomplete", pgettext_lazy("condition of returned goods", "Parts are missing")
    ANOTHER = "another", pgettext_lazy("condition of returned goods", "Not what we sent")


class Fate(models.TextChoices):
    """What becomes of a unit."""

    RESTOCK = "restock", pgettext_lazy("returned goods", "Back into stock")
    WRITE_OFF = "write_off", pgettext_lazy("returned goods", "Written off")
    SEND_BACK = "send_back", pgettext_lazy("returned goods", "Sent back to the customer")
    REPAIR = "repair", pgettext_lazy("returned goods", "To be repaired for the customer")


class ReturnUnit(models.Model):
    """One unit that somebody looked at. Rows stay as they are (trigger): stock was booked by them."""

    return_line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="units")
    position = models.PositiveIntegerField()
    condition = models.CharField(_("condition"), max_length=12, choices=Condition.choices)
    fate = models.CharField(_("what becomes of it"), max_length=10, choices=Fate.choices)
    warehouse_code = models.CharField(_("warehouse"), max_length=40, blank=True)
    note = models.CharField(_("what was seen"), max_length=300, blank=True)
    handled_by = models.CharField(_("looked at by"), max_length=150)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("return_line", "position")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["return_line", "position"], name="orders_return_unit_once"),
            models.CheckConstraint(condition=Q(condition__in=Condition.values), name="orders_return_unit_condition"),
            models.CheckConstraint(condition=Q(fate__in=Fate.values), name="orders_return_unit_fate"),
            models.CheckConstraint(
                condition=~Q(fate__in=[Fate.RESTOCK, Fate.WRITE_OFF]) | ~Q(warehouse_code=""),
                name="orders_return_unit_has_place",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="as_seen", fields=["return_line", "position", "condition", "fate"]),
        ]

    def __str__(self) -> str:
        return f"{self.return_line_id}.{self.position} {self.condition}"
