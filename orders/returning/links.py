"""Files under an order's link: their addresses, and who may open them."""

from django.template.defaultfilters import filesizeformat

from markets.prefix import storefront_url
from markets.types import MarketContext
from orders.models import Order, OrderAttachment
from orders.returning.types import FileLink


def file_link(row: OrderAttachment, order: Order, token: str, market: MarketContext) -> FileLink:
    """The address of a file for whoever holds the order's link."""
    at = {"number": order.number, "token": token, "file_id": row.pk}
    return FileLink(
        called=row.called,
        url=storefront_url("orders:attachment", market=market.code, language=market.language, kwargs=at),
        size=filesizeformat(row.size),
        is_picture=row.content_type.startswith("image/"),
    )


def file_for_customer(order: Order, file_id: int) -> OrderAttachment | None:
    """A file of this order that its customer may see: not those of notes and of what operators saw."""
    return OrderAttachment.objects.filter(order=order, pk=file_id, unit=None).exclude(message__is_internal=True).first()
