"""What is stored of a person to notice that it is the same one again: digests keyed with the shop's secret."""

import ipaddress
import unicodedata

from django.utils.crypto import salted_hmac

HOUSEHOLD = 64
"""Bits of an IPv6 address that name a household; the rest is free to change."""


def digest(kind: str, text: str) -> str:
    """64 hex digits that cannot be turned back by trying all addresses; empty for nothing."""
    cleaned = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return salted_hmac(f"payments.risk.{kind}", cleaned, algorithm="sha256").hexdigest() if cleaned else ""


def account_digest(*, user_id: int | None, email: str) -> str:
    """A member by their number, a guest by their email."""
    return digest("account", f"user:{user_id}" if user_id is not None else email)


def address_digest(text: str) -> str:
    """An address by its letters and digits only, so that commas and lines do not make two of one."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return digest("address", "".join(letter for letter in folded if letter.isalnum()))


def visitor_digest(visitor: str) -> str:
    """The address of a connection. Of the newer kind one household has a whole network of them, which counts as one."""
    return digest("visitor", _household(visitor))


def _household(visitor: str) -> str:
    try:
        address = ipaddress.ip_address(visitor)
    except ValueError:
        return visitor
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), HOUSEHOLD), strict=False))
