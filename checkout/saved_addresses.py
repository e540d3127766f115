"""A member's addresses at the checkout: one is chosen with a button, a new one is kept with a tick."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from checkout.entry import Entry
from core.errors import DomainError
from markets.addresses import clean_address
from markets.inputs import FieldView, input_id
from markets.names import country_name
from markets.types import MarketContext
from members.address_book import MOST, addresses_of, keep_address, one_line_of, parts_of
from members.models import Address

logger = logging.getLogger(__name__)

USE_ADDRESS = "use_address"
NAME = "saved_address"


@dataclass(frozen=True, kw_only=True)
class Book:
    """What a member keeps that this market delivers to. `keeps`: another can be kept."""

    rows: tuple[Address, ...]
    keeps: bool


def book_of(user_id: int | None, market: MarketContext) -> Book:
    """The addresses of who is signed in; a guest has none and keeps none."""
    mine = addresses_of(user_id)
    rows = tuple(one for one in mine if one.country in market.countries)
    return Book(rows=rows, keeps=user_id is not None and len(mine) < MOST)


def saved_input(book: Book, entry: Entry, market: MarketContext) -> FieldView | None:
    """The list to choose from; the address that stands in the form is the chosen one."""
    if not book.rows:
        return None
    named = [(str(one.pk), one_line_of(one, named=country_name(one.country, market.language))) for one in book.rows]
    written = clean_address(entry.ship, entry.country)
    here = next((one for one in book.rows if one.country == entry.country and parts_of(one) == written), None)
    return FieldView(
        name=NAME,
        id=input_id(NAME),
        label=_("Your addresses"),
        type="select",
        value=str(here.pk) if here is not None else "",
        error="",
        hint="",
        autocomplete="off",
        inputmode="",
        optional=True,
        width="full",
        max_length=0,
        choices=tuple(named if here is not None else [("", _("Choose an address")), *named]),
    )


def with_saved(entry: Entry, post: Mapping[str, str], user_id: int | None, market: MarketContext) -> Entry:
    """The form with the chosen address in it. Whatever is not this member's, or not delivered to, changes nothing."""
    typed = post.get(NAME, "")
    chosen = next((one for one in book_of(user_id, market).rows if str(one.pk) == typed), None)
    if chosen is None:
        return entry
    return replace(entry, country=chosen.country, ship=parts_of(chosen))


def keep_for_next_time(entry: Entry, user_id: int | None) -> None:
    """Keep the address of the order that was placed, where its member ticked so. The order stands either way."""
    if user_id is None or not entry.keep_address:
        return
    try:
        keep_address(user_id=user_id, country=entry.country, parts=entry.ship)
    except DomainError as refusal:
        logger.info("the address of an order was not kept: %s", refusal.code)
