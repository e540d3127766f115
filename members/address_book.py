"""The addresses a member keeps for the next purchase: kept, put first, let go of. Deeds of the member alone."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import DomainError
from markets.addresses import clean_address, one_line, validate_address
from members.models import Address, User

MOST = 20
PHONE = "phone"


class BookFull(DomainError):
    code = "ADDRESS_BOOK_FULL"
    message = _("You keep as many addresses as an account may. Remove one first.")


class AddressGone(DomainError):
    code = "ADDRESS_GONE"
    message = _("This address is not kept any more.")


class AddressWrong(DomainError):
    """What is wrong, by field, in sentences."""

    code = "ADDRESS_WRONG"
    message = _("There is a problem with this address.")

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = problems
        super().__init__()


def addresses_of(user_id: int | None) -> tuple[Address, ...]:
    """What a member keeps, the first choice first, then the newest. Nothing for guests."""
    if user_id is None:
        return ()
    return tuple(Address.objects.filter(user_id=user_id).order_by("-is_default", "-pk"))


def parts_of(address: Address) -> dict[str, str]:
    """The address by the names of the form's fields, the phone number among them."""
    return {**address.fields, **({PHONE: address.phone} if address.phone else {})}


def one_line_of(address: Address, *, named: str) -> str:
    """The address in one line, with the country as it is `named`."""
    return one_line(address.fields, address.country, named=named)


def keep_address(
    *, user_id: int, country: str, parts: Mapping[str, str], first: bool = False, address_id: int | None = None
) -> Address:
    """Keep an address, or write another over the one with `address_id`. The very same one is not kept twice.

    The only one is the first choice. Raises `AddressWrong`, `BookFull`, and `AddressGone` also for anybody else's.
    """
    problems = validate_address(parts, country)
    if problems:
        raise AddressWrong(problems)
    written = clean_address(parts, country)
    phone = written.pop(PHONE, "")
    with transaction.atomic():
        mine = _book(user_id)
        row = _mine(mine, address_id) if address_id is not None else None
        same = next((one for one in mine if (one.country, one.fields, one.phone) == (country, written, phone)), None)
        if row is None and same is None and len(mine) >= MOST:
            raise BookFull
        kept = row or same or Address(user_id=user_id)
        is_new = kept.pk is None
        kept.country, kept.fields, kept.phone = country, written, phone
        kept.save()
        if (first or (is_new and not mine)) and not kept.is_default:
            _put_first(kept)
        audit.record("members.keep_address", kept, data={"new": is_new, "first": kept.is_default})
    return kept


def prefer_address(*, user_id: int, address_id: int) -> None:
    """Make it the first choice. Raises `AddressGone`."""
    with transaction.atomic():
        row = _mine(_book(user_id), address_id)
        if not row.is_default:
            _put_first(row)
            audit.record("members.prefer_address", row)


def remove_address(*, user_id: int, address_id: int) -> None:
    """Let go of it. The newest of the others takes its place as first choice. Raises `AddressGone`."""
    with transaction.atomic():
        mine = _book(user_id)
        row = _mine(mine, address_id)
        audit.record("members.remove_address", row)
        was_first, pk = row.is_default, row.pk
        row.delete()
        rest = [one for one in mine if one.pk not in (None, pk)]
        if was_first and rest:
            _put_first(max(rest, key=lambda one: one.pk))


def _book(user_id: int) -> list[Address]:
    """All of a member's, while nobody else changes them."""
    User.objects.select_for_update(of=("self",)).get(pk=user_id)
    return list(Address.objects.filter(user_id=user_id))


def _mine(mine: list[Address], address_id: int) -> Address:
    row = next((one for one in mine if one.pk == address_id), None)
    if row is None:
        raise AddressGone
    return row


def _put_first(row: Address) -> None:
    Address.objects.filter(user_id=row.user_id, is_default=True).update(is_default=False)
    row.is_default = True
    row.save(update_fields=["is_default"])
