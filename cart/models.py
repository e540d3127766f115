"""Carts live in the database; a guest's browser holds only a signed key to one."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from core.transitions import Transitions

MAX_QUANTITY = 999
MAX_LINES = 100


class CartState(models.TextChoices):
    """Where a cart stands."""

    OPEN = "open"
    ORDERED = "ordered"
    MERGED = "merged"
    ABANDONED = "abandoned"


class Cart(Transitions, TimeStamped):
    """One shopper's cart. A member has at most one open cart (partial unique)."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {CartState.OPEN: {CartState.ORDERED, CartState.MERGED, CartState.ABANDONED}}
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=12, choices=CartState.choices, default=CartState.OPEN)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    market = models.CharField(max_length=12)
    country = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    delivery_code = models.CharField(max_length=40, blank=True)
    duty_wish = models.CharField(max_length=5, blank=True)
    version = models.PositiveIntegerField(default=1)
    touched_at = models.DateTimeField()

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="open", user__isnull=False), name="cart_one_open_per_member"
            ),
            models.CheckConstraint(condition=Q(state__in=CartState.values), name="cart_state_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["touched_at"], condition=Q(state="open"), name="cart_open_by_touch"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Place(models.TextChoices):
    """Whether a line is to be bought now or kept for later."""

    CART = "cart"
    LATER = "later"


class CartLine(TimeStamped):
    """So many of a variant. `seen` is the unit price the shopper last saw, kept so that a change can be said."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=8, choices=Place.choices, default=Place.CART)
    quantity = models.PositiveIntegerField()
    seen = money_field(null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["cart", "variant", "place"], name="cart_line_variant_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1) & Q(quantity__lte=MAX_QUANTITY), name="cart_line_quantity_in_bounds"
            ),
            models.CheckConstraint(condition=Q(place__in=Place.values), name="cart_line_place_known"),
            exponent_check("seen", "cart_line_seen_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.cart_id}: {self.variant_id} x {self.quantity}"
