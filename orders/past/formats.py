"""Which columns the exports of other platforms have, and what each means. One row per line of an order."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.importers.formats import NO, Field, Head, TableFormat
from orders.models import PastState

WORDS: Mapping[str, str | Promise] = {
    "platform": _("Platform"),
    "number": _("Order number"),
    "placed_at": _("Placed"),
    "state": pgettext_lazy("where something stands", "State"),
    "fulfillment": _("Delivery"),
    "canceled_at": _("Canceled"),
    "currency": _("Currency"),
    "email": _("Email"),
    "items_total": _("Goods total"),
    "discount_total": _("Discounts"),
    "shipping_total": pgettext_lazy("amount", "Delivery"),
    "tax_total": _("Tax"),
    "total": _("Total"),
    "refunded_total": _("Refunded"),
    "payment_words": _("Way to pay"),
    "delivery_words": _("Way of delivery"),
    "item_name": _("Line: name"),
    "item_sku": _("Line: SKU"),
    "item_quantity": _("Line: pieces"),
    "item_price": _("Line: price of a piece"),
    "item_total": _("Line: total"),
}
PLACES: Mapping[str, str | Promise] = {
    "name": _("name"),
    "first": _("first name"),
    "last": _("last name"),
    "company": _("company"),
    "street": _("street"),
    "extra": _("second line"),
    "city": _("city"),
    "region": _("region"),
    "postal": _("postal code"),
    "country": _("country"),
    "phone": _("phone"),
}
REQUIRED = ("number", "placed_at", "total", "item_name", "item_quantity")


class OrderFormat(TableFormat):
    """One platform's table of orders. `states` are its words, in small letters, for how an order ended."""

    platform: str
    states: Mapping[str, PastState]


def fields_of(titles: Mapping[str, Iterable[str]]) -> tuple[Field, ...]:
    """Every field an order has, with the titles that mean it at one platform."""
    known: dict[str, str | Promise] = {**WORDS}
    for kind, label in (("ship", _("Delivery address")), ("bill", _("Billing address"))):
        known |= {f"{kind}_{part}": _pair(label, word) for part, word in PLACES.items()}
    return tuple(
        Field(code, label, tuple(titles.get(code, ())), required=code in REQUIRED) for code, label in known.items()
    )


def _pair(label: str | Promise, word: str | Promise) -> Promise:
    return format_lazy("{label}: {word}", label=label, word=word)


class Shopify(OrderFormat):
    """Orders › Export. Only the first row of an order has what is not about a line."""

    code = platform = "shopify"
    label = "Shopify"
    signature = ("name", "financial status", "lineitem quantity", "lineitem name", "lineitem price")
    left_alone = (
        "paid at", "fulfilled at", "accepts marketing", "discount code", "lineitem", "notes", "note attributes",
        "payment", "vendor", "outstanding", "employee", "location", "device", "id", "tags", "risk", "source", "tax ",
        "phone", "receipt", "duties", "billing street", "shipping street", "billing province name",
        "shipping province name", "next payment",
    )  # fmt: skip
    states = {
        "paid": PastState.DONE,
        "refunded": PastState.REFUNDED,
        "partially_refunded": PastState.PARTLY_REFUNDED,
        "voided": PastState.CANCELED,
        "expired": PastState.CANCELED,
        "pending": PastState.UNPAID,
        "authorized": PastState.UNPAID,
        "partially_paid": PastState.UNPAID,
        "unpaid": PastState.UNPAID,
    }
    fields = fields_of(
        {
            "number": ("name",),
            "placed_at": ("created at",),
            "state": ("financial status",),
            "fulfillment": ("fulfillment status",),
            "canceled_at": ("cancelled at",),
            "currency": ("currency",),
            "email": ("email",),
            "items_total": ("subtotal",),
            "discount_total": ("discount amount",),
            "shipping_total": ("shipping",),
            "tax_total": ("taxes",),
            "total": ("total",),
            "refunded_total": ("refunded amount",),
            "payment_words": ("payment method",),
            "delivery_words": ("shipping method",),
            "item_name": ("lineitem name",),
            "item_sku": ("lineitem sku",),
            "item_quantity": ("lineitem quantity",),
            "item_price": ("lineitem price",),
            **{
                f"{kind}_{part}": (f"{word} {title}",)
                for kind, word in (("ship", "shipping"), ("bill", "billing"))
                for part, title in {
                    "name": "name", "company": "company", "street": "address1", "extra": "address2", "city": "city",
                    "region": "province", "postal": "zip", "country": "country", "phone": "phone",
                }.items()
            },
        }
    )  # fmt: skip


class WooCommerce(OrderFormat):
    """What the usual exporters of WooCommerce write, by their titles or by its own names; one row per line."""

    code = platform = "woocommerce"
    label = "WooCommerce"
    signature = ("order number", "order status", "order date", "item name")
    left_alone = ("customer note", "item #", "coupon", "discount amount", "download", "meta:", "order notes")
    states = {
        "completed": PastState.DONE,
        "processing": PastState.OPEN,
        "on hold": PastState.UNPAID,
        "pending": PastState.UNPAID,
        "pending payment": PastState.UNPAID,
        "failed": PastState.UNPAID,
        "checkout draft": PastState.UNPAID,
        "cancelled": PastState.CANCELED,
        "canceled": PastState.CANCELED,
        "refunded": PastState.REFUNDED,
    }
    fields = fields_of(
        {
            "number": ("order number", "order_number", "order id", "order_id"),
            "placed_at": ("order date", "order_date", "date", "date_created"),
            "state": ("order status", "order_status", "status"),
            "currency": ("order currency", "order_currency", "currency"),
            "email": ("email (billing)", "billing_email", "billing email"),
            "items_total": ("order subtotal amount", "order_subtotal", "order subtotal"),
            "discount_total": ("cart discount amount", "cart_discount", "discount_total"),
            "shipping_total": ("order shipping amount", "order_shipping", "shipping_total"),
            "tax_total": ("order total tax amount", "order_tax", "tax_total"),
            "total": ("order total amount", "order_total", "order total", "total"),
            "refunded_total": ("order refund amount", "order_refund", "refunded_total"),
            "payment_words": ("payment method title", "payment_method_title", "payment_method"),
            "delivery_words": ("shipping method title", "shipping_method_title", "shipping_method"),
            "item_name": ("item name", "item_name"),
            "item_sku": ("sku", "item_sku"),
            "item_quantity": ("quantity", "quantity ( refund)", "quantity (  refund)", "item_quantity"),
            "item_price": ("item cost", "item_price"),
            "item_total": ("order line subtotal", "order line total", "item_total"),
            **{
                f"{kind}_{part}": (f"{title} ({word})", f"{word}_{own}")
                for kind, word in (("ship", "shipping"), ("bill", "billing"))
                for part, (title, own) in {
                    "first": ("first name", "first_name"), "last": ("last name", "last_name"),
                    "company": ("company", "company"), "street": ("address 1&2", "address_1"),
                    "extra": ("address 2", "address_2"), "city": ("city", "city"), "region": ("state code", "state"),
                    "postal": ("postcode", "postcode"), "country": ("country code", "country"),
                    "phone": ("phone", "phone"),
                }.items()
            },
        }
    )  # fmt: skip


class Portolan(OrderFormat):
    """The shop's own: the titles are the names of the fields. It can tell any platform's orders."""

    code = "portolan"
    platform = "elsewhere"
    label = _("Own format")
    signature = ("number", "placed_at", "state", "total", "item_name", "item_quantity")
    states = {state.value: state for state in PastState}
    fields = fields_of(
        {
            code: (code,)
            for code in (*WORDS, *(f"{kind}_{part}" for kind in ("ship", "bill") for part in PLACES))
        }
    )  # fmt: skip


FORMATS: Mapping[str, OrderFormat] = {one.code: one for one in (Shopify(), WooCommerce(), Portolan())}


def detected(heads: Iterable[Head]) -> OrderFormat | None:
    """The format that knows the file best, if one does."""
    heads = tuple(heads)
    ranked = [(max((one.recognises(head) for head in heads), default=NO), one) for one in FORMATS.values()]
    best = max(sure for sure, _one in ranked)
    return next((one for sure, one in ranked if sure == best), None) if best > NO else None
