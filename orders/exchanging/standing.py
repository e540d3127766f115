"""What is known of a customer before goods are lent to them. Reads only."""

from django.db.models import F

from orders.exchanging.rules import Standing
from orders.models import Exchange, ExchangeSends, ExchangeState, Lifecycle, Order, OrderReceipt


def standing_of_customer(order: Order) -> Standing:
    """Counted over the member's other orders; guests are known by nothing. Three queries."""
    if order.user_id is None:
        return Standing()
    mine = Order.objects.filter(user_id=order.user_id)
    lent = Exchange.objects.filter(
        return_request__order__user_id=order.user_id,
        state=ExchangeState.ORDERED,
        sends=ExchangeSends.FIRST,
        credit_minor__gt=F("settled_minor") + F("returned_minor"),
    )
    return Standing(
        is_member=True,
        completed=mine.filter(lifecycle=Lifecycle.COMPLETED).exclude(pk=order.pk).count(),
        disputes=OrderReceipt.objects.filter(order__user_id=order.user_id, disputed__gt=0).count(),
        lent=lent.count(),
    )
