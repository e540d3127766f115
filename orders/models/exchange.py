"""Goods that come back for another variant: what is wanted, at which price, and what became of it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.order import Order
from orders.models.returns import ReturnRequest


class ExchangeState(models.TextChoices):
    """Where an exchange stands. An ordered one has an order of its own, which says the rest."""

    AGREED = "agreed", pgettext_lazy("exchange", "Agreed")
    ORDERED = "ordered", pgettext_lazy("exchange", "Ordered")
    GIVEN_UP = "given_up", pgettext_lazy("exchange", "Given up")


class ExchangeSends(models.TextChoices):
    """When what is wanted leaves."""

    AFTER = "after", pgettext_lazy("an exchange is sent", "When the goods are back")
    FIRST = "first", pgettext_lazy("an exchange is sent", "Before the goods are back")


class Exchange(Transitions, TimeStamped):
    """One return's exchange. `ref` owns the stock held for it, its account of credit, and later its order's checkout.

    `wants` are rows of `{"line", "variant", "quantity", "unit"}`: the line of the return, and the unit price that was
    agreed, in minor units as the market enters its prices. `credit_minor` was put into the new order from what comes
    back; `settled_minor` of it is covered by refunds of the old order; `returned_minor` left the new order again.
    """

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {ExchangeState.AGREED: {ExchangeState.ORDERED, ExchangeState.GIVEN_UP}}
    }

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    return_request = models.OneToOneField(
        ReturnRequest, on_delete=models.PROTECT, related_name="exchange", verbose_name=_("return")
    )
    state = models.CharField(
        pgettext_lazy("where something stands", "state"),
        max_length=8,
        choices=ExchangeState.choices,
        default=ExchangeState.AGREED,
    )
    sends = models.CharField(_("is sent"), max_length=8, choices=ExchangeSends.choices)
    wants = models.JSONField(default=list)
    places = models.JSONField(default=list, blank=True)
    """From where what is held will leave, by the lines of the return."""
    held_until = models.DateTimeField(null=True, blank=True)
    child = models.OneToOneField(
        Order,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exchange_from",
        verbose_name=_("new order"),
    )
    credit_minor = models.PositiveBigIntegerField(default=0)
    settled_minor = models.PositiveBigIntegerField(default=0)
    returned_minor = models.PositiveBigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state="ordered") | Q(child__isnull=False), name="orders_exchange_ordered_has_order"
            ),
            models.CheckConstraint(
                condition=~Q(state="given_up") | Q(child__isnull=True), name="orders_exchange_given_up_has_none"
            ),
            models.CheckConstraint(
                condition=Q(returned_minor__lte=F("credit_minor")) & Q(settled_minor__lte=F("credit_minor")),
                name="orders_exchange_credit_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.return_request_id}: {self.state}"

    @property
    def lent_minor(self) -> int:
        """What was put into the new order and neither came back as goods nor left it again."""
        return max(0, self.credit_minor - self.settled_minor - self.returned_minor)

    @property
    def has_ended(self) -> bool:
        """Whether all that was lent for the new order left it again, before anything came back for it."""
        return 0 < self.credit_minor == self.returned_minor and not self.settled_minor
