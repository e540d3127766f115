"""What buying does about events of stock."""

from inventory.buying.actions.proposing import propose
from inventory.buying.notifications import mail_purchase
from inventory.events import PurchaseSent, StockRanLow, StockRanOut
from inventory.models import PurchaseOrder


def tell_supplier(event: PurchaseSent) -> None:
    """After: the order goes to the supplier by mail, each time once. One that was called off meanwhile does not."""
    order = PurchaseOrder.objects.select_related("supplier", "warehouse").get(number=event.number)
    if order.is_coming and order.supplier.email:
        mail_purchase(order, mail=event.mail)


def propose_for_low(event: StockRanLow) -> None:
    """After: what runs low is proposed to be bought or moved at once, not only at night."""
    propose(variant_ids=[event.variant_id])


def propose_for_out(event: StockRanOut) -> None:
    """After: so is what has run out."""
    propose(variant_ids=[event.variant_id])
