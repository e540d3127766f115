"""A customer corrects the address of an order, by their link, until somebody packs it.

It is a change like an operator's: delivery, tax and duty are asked anew for the new address. Only what costs the same
is done; anything else is a matter for two, and the page says how to ask.
"""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.money import Money, from_minor
from orders.actions.changing import Asked, change_order
from orders.actions.placing import address_json
from orders.changes.errors import ChangeRefused, ChangeWaiting, PriceMoved
from orders.changes.types import Plan
from orders.errors import OrderUnknown
from orders.models import Order, OrderChange
from orders.types import PostalAddress


class AddressStays(DomainError):
    """The order cannot go to another address any more, or not without us."""

    code = "ADDRESS_STAYS"
    message = gettext_lazy("We cannot change the address of this order by ourselves. Write to us, and we look at it.")


class AddressCostsOtherwise(DomainError):
    """At the new address delivery, tax or duty are not what was agreed. `difference` is what the total would change by.

    Nothing is changed then, neither up nor down: the sum was agreed to for the old address.
    """

    code = "ADDRESS_COSTS_OTHERWISE"
    message = gettext_lazy(
        "At this address your order would cost something else, so nothing was changed. Write to us, and we find a way."
    )

    def __init__(self, *, difference: Money) -> None:
        self.difference = difference
        super().__init__()


def correct_address(*, number: str, address: PostalAddress, version: int, key: str) -> OrderChange | None:
    """Send an order to a corrected address in the same country; none when it is the address it has. Once per `key`.

    Whoever calls has checked the address and that the caller holds a link to the order. Call it with no transaction
    open. Raises `AddressStays`, `AddressCostsOtherwise`, `OrderUnknown`, `OrderMoved`, `OutOfStock`.
    """
    order = Order.objects.filter(number=number).first()
    if order is None:
        raise OrderUnknown
    if address.country != order.country:
        raise AddressStays(_("In another country tax and duty are others. Write to us, and we look at it."))
    if address_json(address) == order.addresses["ship"]:
        return None
    with translation.override(order.language):
        reason = _("The customer corrected the address.")
    asked = Asked(version=version, shown=from_minor(0, order.currency), reason=reason, key=f"customer:{number}:{key}")
    try:
        return change_order(number=number, plan=Plan(address=address, keeps_delivery_price=False), asked=asked)
    except PriceMoved as moved:
        raise AddressCostsOtherwise(difference=moved.now) from moved
    except (ChangeRefused, ChangeWaiting) as refusal:  # their sentences are for operators
        raise AddressStays from refusal
