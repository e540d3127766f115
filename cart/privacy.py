"""What carts hold about people: whose they are, and where they were to go."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F

from cart.models import Cart, CartLine, CartState
from core.privacy import Holding, Personal, Subject, register


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What is and was in the account's carts."""
    if subject.user_id is None:
        return {}
    lines = CartLine.objects.filter(cart__user_id=subject.user_id).order_by("pk")
    return {
        "cart.CartLine": list(
            lines.values("quantity", "place", "created", sku=F("variant__sku"), postal_code=F("cart__postal_code"))
        )
    }


def erase(subject: Subject) -> Mapping[str, int]:
    """Open carts are emptied and closed; no cart keeps a postcode."""
    if subject.user_id is None:
        return {}
    mine = Cart.objects.filter(user_id=subject.user_id)
    open_carts = list(mine.filter(state=CartState.OPEN).lock())
    CartLine.objects.filter(cart__in=open_carts).delete()
    for cart in open_carts:
        cart.become(state=CartState.ABANDONED)
    return {"cart.Cart": mine.update(postal_code="")}


register(
    Holding(
        app="cart",
        personal=(
            Personal(
                model="cart.Cart",
                fields=("user", "postal_code"),
                purpose="The cart of an account, and the estimate of its delivery.",
                fate="blanked",
                reason="The account's number stays; it leads to a pseudonymised account.",
            ),
        ),
        export=export,
        erase=erase,
    )
)
