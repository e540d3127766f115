"""Whose store credit it is: a member, or whoever owns an email address, by its hash."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.signing import BadSignature
from django.utils.crypto import salted_hmac

from core.signing import make_lasting_token, read_lasting_token

LINK = "store-credit"
OPENED = "store_credit"
"""Under which name a session keeps the accounts that mailed links have opened."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who pays: their account, proven addresses, and accounts that a mailed link has opened in this browser."""

    user_id: int | None = None
    emails: tuple[str, ...] = ()
    opened: tuple[int, ...] = field(default=())

    @property
    def hashes(self) -> tuple[str, ...]:
        return owner_hashes(self.emails)


def owner_hash(email: str) -> str:
    """What an email address is looked up by without being readable."""
    return salted_hmac("payments.credit", email.strip().lower(), algorithm="sha256").hexdigest()


def owner_hashes(emails: Iterable[str]) -> tuple[str, ...]:
    """The same for several."""
    return tuple(owner_hash(email) for email in emails)


def link_token(account_id: int) -> str:
    """The signed part of the address at which a guest sees and uses their credit."""
    return make_lasting_token(LINK, account_id)


def account_of_link(token: str) -> int | None:
    """The account of a link; None when it is forged."""
    try:
        return int(read_lasting_token(LINK, token))
    except (BadSignature, TypeError, ValueError):
        return None
