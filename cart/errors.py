"""Refusals of the cart. Expected trouble is a `CartProblem` instead."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class CartGone(DomainError):
    """The cart was ordered, merged, or lay untouched for too long."""

    code = "CART_GONE"
    message = _("This cart is no longer open. We started a new one for you.")
