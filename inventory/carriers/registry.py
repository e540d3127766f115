"""Which carriers there are: adapters by dotted path from the settings, accounts from the database."""

from collections.abc import Callable
from typing import TypeVar, cast

from django.conf import settings
from django.utils.module_loading import import_string

from inventory.carriers.types import Access
from inventory.errors import CarrierCannot, CarrierUnknown
from inventory.models import CarrierAccount

T = TypeVar("T")


def adapter_named(name: str, access: Access) -> object:
    """The adapter, reaching its carrier as `access` says. Raises `CarrierUnknown`."""
    try:
        path = settings.CARRIERS[name]
    except KeyError:
        raise CarrierUnknown from None
    made: object = import_string(path)(access)
    return made


def account_named(code: str) -> CarrierAccount:
    """The account. Raises `CarrierUnknown`, also for one that is switched off."""
    found = CarrierAccount.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise CarrierUnknown
    return found


def ability(account: CarrierAccount, wanted: Callable[..., T]) -> T:
    """The account's adapter as `wanted`, which is one of the protocols. Raises `CarrierCannot`, `CarrierUnknown`."""
    adapter = adapter_named(account.adapter, account.access)
    if not isinstance(adapter, cast("type[T]", wanted)):
        raise CarrierCannot
    return adapter


def can(account: CarrierAccount, wanted: type) -> bool:
    """Whether the account's adapter does this at all; an adapter that is gone does nothing."""
    try:
        ability(account, wanted)
    except (CarrierCannot, CarrierUnknown):
        return False
    return True


def accounts_that(wanted: type, *, warehouse_code: str = "") -> list[CarrierAccount]:
    """Accounts in use that can do this, for a warehouse those that are not another's."""
    rows = CarrierAccount.objects.filter(is_active=True).select_related("warehouse")
    return [
        row
        for row in rows
        if can(row, wanted) and (not warehouse_code or row.warehouse is None or row.warehouse.code == warehouse_code)
    ]
