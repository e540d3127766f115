"""A checkout: what the shopper has said so far, and the order it became."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions


class CheckoutState(models.TextChoices):
    """Where a checkout stands."""

    OPEN = "open"
    PLACED = "placed"
    ABANDONED = "abandoned"


class Checkout(Transitions, TimeStamped):
    """One buying attempt of one cart. Its id is the key under which at most one order can exist."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {CheckoutState.OPEN: {CheckoutState.PLACED, CheckoutState.ABANDONED}}
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cart = models.ForeignKey("cart.Cart", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=12, choices=CheckoutState.choices, default=CheckoutState.OPEN)
    market = models.CharField(max_length=12)
    language = models.CharField(max_length=12)
    email = models.CharField(max_length=254, blank=True)
    addresses = models.JSONField(default=dict, blank=True)
    delivery_code = models.CharField(max_length=40, blank=True)
    payment_method = models.CharField(max_length=40, blank=True)
    quote_fingerprint = models.CharField(max_length=64, blank=True)
    quote_summary = models.JSONField(default=dict, blank=True)
    locked_rate = models.JSONField(default=dict, blank=True)
    credit = models.JSONField(default=dict, blank=True)
    """The gift cards whose codes were typed, by their numbers (`cards`), and whether store credit is used (`store`)."""
    order_number = models.CharField(max_length=32, null=True, blank=True, unique=True)
    payment_attempts = models.PositiveSmallIntegerField(default=0)
    placed_at = models.DateTimeField(null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["cart"], condition=Q(state="open"), name="checkout_one_open_per_cart"),
            models.CheckConstraint(condition=Q(state__in=CheckoutState.values), name="checkout_state_known"),
            models.CheckConstraint(
                condition=~Q(state="placed") | Q(order_number__isnull=False), name="checkout_placed_has_order"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
