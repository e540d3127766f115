"""Reads of gift cards and store credit: what a code leads to, what somebody owns, what is on it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.limits import attempt, is_within
from payments.credit.codes import LENGTH, code_hash, plain_code
from payments.credit.holders import Holder
from payments.errors import CardCurrency, CardEmpty, CardExpired, CodeUnknown, TooManyCodes
from payments.models import CreditAccount, CreditEntry, CreditKind
from payments.providers.stripe.amounts import coarse_steps

logger = logging.getLogger(__name__)

WRONG_PER_HOUR = 10
ALARM_PER_HOUR = 300
HOUR = 3600
_WRONG = "gift-card-wrong"


def card_by_code(typed: str, *, visitor: str) -> CreditAccount:
    """The card with this code, expired and empty ones too. Ten wrong codes per hour and visitor.

    Raises `CodeUnknown` (the same for a blocked card, a cancelled one and none) and `TooManyCodes`.
    """
    if not is_within(_WRONG, visitor, limit=WRONG_PER_HOUR, seconds=HOUR):
        raise TooManyCodes
    found = CreditAccount.objects.filter(code_hash=code_hash(typed)).exclude(state__in=["blocked", "canceled"]).first()
    if len(plain_code(typed)) != LENGTH or found is None:
        attempt(_WRONG, visitor, limit=WRONG_PER_HOUR, seconds=HOUR)
        if not attempt(_WRONG, "", limit=ALARM_PER_HOUR, seconds=HOUR):
            logger.warning("more than %s wrong gift card codes in an hour: somebody is guessing", ALARM_PER_HOUR)
        raise CodeUnknown
    return found


def check_usable(card: CreditAccount, *, currency: str) -> None:
    """Whether the card can pay in `currency` now. Raises `CardExpired`, `CardCurrency`, `CardEmpty`."""
    if is_over(card):
        raise CardExpired
    if card.currency != currency:
        raise CardCurrency(card=card.currency, order=currency)
    if not card.balance_minor:
        raise CardEmpty


def is_over(card: CreditAccount) -> bool:
    """Whether its time has run out, today."""
    return card.state == "expired" or (card.expires_on is not None and card.expires_on < timezone.localdate())


def cards_in_order(ids: Sequence[int], *, currency: str) -> list[CreditAccount]:
    """These cards as far as they can pay now, in the order they were typed."""
    rows = CreditAccount.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gte=timezone.localdate()),
        pk__in=ids,
        kind=CreditKind.GIFT_CARD,
        state="active",
        currency=currency,
        balance_minor__gt=0,
    )
    by_id = {row.pk: row for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]


def store_credit_of(holder: Holder) -> QuerySet[CreditAccount]:
    """The holder's accounts: a member's own, those of their proven addresses, those a mailed link opened."""
    mine = Q(pk__in=holder.opened) | Q(user__isnull=True, owner_hash__in=holder.hashes)
    if holder.user_id is not None:
        mine |= Q(user_id=holder.user_id)
    return CreditAccount.objects.filter(mine, kind=CreditKind.STORE_CREDIT).order_by("pk")


def usable_store_credit(holder: Holder, *, currency: str) -> list[CreditAccount]:
    """What of it can pay in `currency` now. No query for somebody nobody knows."""
    if holder == Holder():
        return []
    return list(store_credit_of(holder).filter(currency=currency, state="active", balance_minor__gt=0))


@dataclass(frozen=True, kw_only=True)
class SoldCard:
    """A card that an order sold, by the unit of the line it came from."""

    account_id: int
    source: str
    is_canceled: bool
    is_untouched: bool
    """Nothing of it was spent, and it can be spent."""


def sold_cards(lines: Sequence[str]) -> list[SoldCard]:
    """The cards of these order lines, in the order of their units."""
    wanted = Q()
    for ref in lines:
        wanted |= Q(source__startswith=f"{ref}#")
    rows = CreditAccount.objects.filter(wanted, kind=CreditKind.GIFT_CARD).order_by("pk") if lines else []
    return [
        SoldCard(
            account_id=row.pk,
            source=row.source,
            is_canceled=row.state == CreditAccount.State.CANCELED,
            is_untouched=row.balance_minor == row.initial_minor and row.state in ("active", "blocked"),
        )
        for row in rows
    ]


def charge_step(currency: str) -> int:
    """What is left to pay is a multiple of so many minor units, because no provider charges less in this currency."""
    return coarse_steps().get(currency, 1)


def movements_of(accounts: Sequence[int], *, limit: int = 50) -> list[CreditEntry]:
    """The latest movements, newest first, each with its account."""
    rows = CreditEntry.objects.filter(account__in=accounts).select_related("account")
    return list(rows.order_by("-pk")[:limit])
