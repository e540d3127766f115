"""Refusals of the checkout."""

from django.utils.translation import gettext_lazy as _

from cart.types import Quote
from core.errors import DomainError


class QuoteMoved(DomainError):
    """What was shown is not what it costs now. Nothing was ordered; the shopper is shown the difference."""

    code = "QUOTE_MOVED"
    message = _("Something changed since this page was shown. Nothing was ordered or charged.")

    def __init__(self, *, quote: Quote) -> None:
        self.quote = quote
        super().__init__()


class RuleForbids(DomainError):
    """A rule of the destination forbids the purchase, or asks what was not answered. Nothing was ordered."""

    code = "RULE_FORBIDS"

    def __init__(self, *, sentences: tuple[str, ...]) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


class CreditMoved(DomainError):
    """What gift cards and store credit pay is not what was shown, so the rest is another one. Nothing was ordered."""

    code = "CREDIT_MOVED"
    message = _("What is left to pay has changed since this page was shown. Nothing was ordered or charged.")


class NothingToOrder(DomainError):
    """The cart is empty or closed."""

    code = "NOTHING_TO_ORDER"
    message = _("There is nothing in your cart to order.")


class MethodUnknown(DomainError):
    """The market does not offer this way of paying for this amount."""

    code = "METHOD_UNKNOWN"
    message = _("Choose how you want to pay.")
