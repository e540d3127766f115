"""The page on which a customer corrects the address of an order, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.utils.translation import gettext as _

from markets.addresses import clean_address, format_address
from markets.inputs import FieldView, address_inputs
from markets.names import country_name
from orders.models import Order
from orders.types import PostalAddress


@dataclass(frozen=True, kw_only=True)
class AddressPage:
    """The form with the address as it stands, or as it was typed."""

    title: str
    number: str
    country: str
    fields: tuple[FieldView, ...]
    errors: tuple[tuple[str, str], ...]
    message: str
    version: int
    key: str
    action_url: str
    order_url: str
    questions_url: str


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was sent, what is wrong with it, and why nothing was done."""

    parts: Mapping[str, str]
    problems: Mapping[str, str]
    message: str = ""
    version: int | None = None
    key: str = ""


def address_page(order: Order, *, order_url: str, language: str, typed: Typed | None = None) -> AddressPage:
    """The page. Only the order's own country: another one is another sale."""
    given = typed or Typed(parts=order.addresses["ship"]["parts"], problems={})
    fields = address_inputs(order.country, given.parts, given.problems, language=language)
    title = _("Correct the address")
    is_refused = bool(given.problems or given.message)
    return AddressPage(
        title=_("Error: %(title)s") % {"title": title} if is_refused else title,
        number=order.number,
        country=country_name(order.country, language),
        fields=fields,
        errors=tuple((field.id, field.error) for field in fields if field.error),
        message=given.message,
        version=order.version if given.version is None else given.version,
        key=given.key or str(uuid4()),
        action_url=f"{order_url}address/",
        order_url=order_url,
        questions_url=f"{order_url}questions/",
    )


def stored_address(written: Mapping[str, str], order: Order) -> PostalAddress:
    """The address as it is kept with the order: its parts and its printed lines, in the order's language."""
    parts = clean_address(written, order.country)
    lines = [*format_address(parts, order.country), country_name(order.country, order.language)]
    return PostalAddress(country=order.country, parts=tuple(parts.items()), lines=tuple(lines))
