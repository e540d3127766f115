"""Reads of kept cards."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from payments.models import CardUse, SavedCard
from payments.providers.protocol import CardKeeper, KeepsCards
from payments.providers.registry import provider_named
from payments.types import PaymentView

MOST_SHOWN = 20


def keeper_of(provider: str) -> CardKeeper | None:
    """Where the provider keeps cards; None for one that keeps none."""
    found = provider_named(provider)
    return found.cards if isinstance(found, KeepsCards) else None


def cards_of(user_id: int) -> QuerySet[SavedCard]:
    """Every card a member keeps, the newest first, also those that cannot pay any more."""
    mine = SavedCard.objects.filter(owner__user_id=user_id, owner__closed_at=None, removed_at=None)
    return mine.select_related("owner").order_by("-pk")


def payable_cards(user_id: int, provider: str) -> QuerySet[SavedCard]:
    """Those a member can pay with now, at this provider and in the account the shop uses."""
    keeper = keeper_of(provider)
    if keeper is None:
        return SavedCard.objects.none()
    today = timezone.now().date()
    good = Q(expiry_year__gt=today.year) | Q(expiry_year=today.year, expiry_month__gte=today.month)
    here = Q(owner__provider=provider, owner__account=keeper.account, stopped_at=None)
    return cards_of(user_id).filter(here & good)


def was_saved_card(payment: PaymentView) -> bool:
    """Whether the payment was to be made with a kept card."""
    return CardUse.objects.filter(payment__ref=payment.ref, card__isnull=False, agreed_at=None).exists()
