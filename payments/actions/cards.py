"""Keeping a card, paying with it, and letting go of it. What the provider has to do is an errand, tried until done."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import audit
from core.http import refuse_open_transaction
from core.wakeups import wake_on_commit
from payments.cards.queries import cards_of, keeper_of, payable_cards
from payments.errors import CardUnknown, ProviderRefused
from payments.models import CardErrand, CardOwner, CardUse, Payment, PaymentEvent, SavedCard
from payments.providers.protocol import CardKeeper
from payments.types import CardPart, CardWish, KeptCard

DEAD = frozenset(
    {
        "card_not_supported",
        "expired_card",
        "invalid_account",
        "lost_card",
        "new_account_information_available",
        "pickup_card",
        "resource_missing",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "stolen_card",
    }
)
"""Refusals after which the same card is not worth another try."""
EMPTY: dict[str, Any] = {"provider_ref": "", "brand": "", "last_four": "", "expiry_year": 0, "expiry_month": 0}


def note_use(payment: Payment, wish: CardWish | None) -> None:
    """With the row of a payment: what it has to do with kept cards. Raises `CardUnknown` for anybody else's card."""
    keeper = keeper_of(payment.provider) if wish is not None else None
    if wish is None or not (wish.keep or wish.card_id):
        return
    if wish.card_id is not None:
        card = payable_cards(wish.user_id, payment.provider).filter(pk=wish.card_id).first()
        if card is None:
            raise CardUnknown
        CardUse.objects.create(payment=payment, owner=card.owner, card=card)
    elif keeper is not None:
        owner, _made = CardOwner.objects.get_or_create(
            user_id=wish.user_id, provider=payment.provider, account=keeper.account, closed_at=None
        )
        CardUse.objects.create(payment=payment, owner=owner, agreed_at=timezone.now())


def use_of(payment: Payment) -> CardUse | None:
    """What a payment has to do with kept cards."""
    return CardUse.objects.filter(payment=payment).select_related("owner", "card").first()


def part_of(use: CardUse | None, *, email: str) -> CardPart | None:
    """The provider's names for it; the member gets theirs with the first card that is to be kept.

    Call it with no transaction open. Raises `ProviderUnreachable`, `ProviderRefused`.
    """
    if use is None:
        return None
    owner = use.owner
    if owner.closed_at is not None or (use.card is not None and not use.card.provider_ref):
        raise ProviderRefused("resource_missing")
    if not owner.provider_ref:
        _introduce(owner, email)
    saved = use.card.provider_ref if use.card is not None and use.agreed_at is None else ""
    return CardPart(customer=owner.provider_ref, saved=saved, keep=use.agreed_at is not None)


def _introduce(owner: CardOwner, email: str) -> None:
    """Two requests at once name the same key, so the provider makes one customer. Who left meanwhile is forgotten."""
    refuse_open_transaction()
    name = _keeper(owner).create_customer(owner_ref=str(owner.ref), email=email, key=f"{owner.ref}-customer")
    with transaction.atomic(durable=True):
        kept = CardOwner.objects.lock().get(pk=owner.pk)
        if kept.closed_at is not None:
            _errand("close", kept, name)
        else:
            kept.provider_ref = name
            kept.save(update_fields=["provider_ref", "updated"])
    if kept.closed_at is not None:
        raise ProviderRefused("resource_missing")
    owner.provider_ref = name


def note_refusal(use: CardUse | None, reason: str) -> None:
    """A card that will never work again is not offered again; a customer the provider lost is made anew."""
    if use is None or reason not in DEAD:
        return
    if use.card is not None:
        SavedCard.objects.filter(pk=use.card.pk, stopped_at=None).update(stopped_at=timezone.now())
    elif reason == "resource_missing":
        with transaction.atomic(durable=True):
            _close([use.owner], is_known=False)


def note_kept(*, payment_ref: UUID) -> None:
    """Inside, when the money came: the card it came from is asked for if its member agreed to keep it."""
    agreed = CardUse.objects.filter(payment__ref=payment_ref, agreed_at__isnull=False, card=None)
    use = agreed.select_related("owner").first()
    if use is not None and use.owner.closed_at is None:
        _wake(*CardErrand.objects.get_or_create(use=use, defaults={"kind": "keep", "owner": use.owner}))


def keep_card(*, use: CardUse, found: KeptCard | None) -> SavedCard | None:
    """Write down what the provider kept. The same card typed again takes the place of the one from before."""
    with transaction.atomic(durable=True):
        owner = CardOwner.objects.lock().get(pk=use.owner_id)
        if found is None or use.agreed_at is None or owner.closed_at is not None:
            return None
        if found.customer != owner.provider_ref:
            return None
        same = {"brand": found.brand, "last_four": found.last_four}
        same_until = {"expiry_year": found.expiry_year, "expiry_month": found.expiry_month}
        card, is_new = SavedCard.objects.get_or_create(
            owner=owner,
            provider_ref=found.provider_ref,
            defaults={**same, **same_until, "agreed_at": use.agreed_at},
        )
        CardUse.objects.filter(pk=use.pk, card=None).update(card=card)
        if is_new:
            audit.record("payments.keep_card", card, data={"order": use.payment.order_ref})
            _remove(owner.cards.filter(removed_at=None, **same, **same_until).exclude(pk=card.pk))
    return card


def remove_card(*, user_id: int, card_id: int) -> None:
    """A member lets go of a card: at once here, and at the provider as soon as it answers. Raises `CardUnknown`."""
    with transaction.atomic(durable=True):
        card = SavedCard.objects.lock().filter(pk=card_id, pk__in=cards_of(user_id).values("pk")).first()
        if card is None:
            raise CardUnknown
        audit.record("payments.remove_card", card)
        _remove([card])


def forget_cards(user_id: int) -> int:
    """Part of an erasure, in its transaction: every card goes, and the provider forgets the member."""
    return _close(CardOwner.objects.filter(user_id=user_id, closed_at=None), is_known=True)


def follow_cards(event: PaymentEvent) -> None:
    """A card or a customer went at the provider. The message is not believed: the provider is asked.

    Call it with no transaction open. Raises `ProviderUnreachable`, `ProviderRefused`.
    """
    keeper, name = keeper_of(event.provider), str(event.payload.get("id", ""))
    if keeper is None or not name:
        return
    if event.payload.get("about") == "card":
        card = SavedCard.objects.filter(owner__provider=event.provider, provider_ref=name).first()
        if card is not None and not keeper.holds(card_ref=name):
            with transaction.atomic(durable=True):
                audit.record("payments.card_detached", card)
                _remove([card], is_held=False)
        return
    owner = CardOwner.objects.filter(provider=event.provider, provider_ref=name, closed_at=None).first()
    if owner is not None and not keeper.knows(customer=name):
        with transaction.atomic(durable=True):
            audit.record("payments.customer_deleted", owner)
            _close([owner], is_known=False)


def _remove(cards: Iterable[SavedCard], *, is_held: bool = True) -> None:
    for card in cards:
        if is_held and card.provider_ref:
            _errand("detach", card.owner, card.provider_ref)
        SavedCard.objects.filter(pk=card.pk, removed_at=None).update(removed_at=timezone.now(), **EMPTY)


def _close(owners: Iterable[CardOwner], *, is_known: bool) -> int:
    closed = 0
    for owner in owners:
        _remove(owner.cards.filter(removed_at=None), is_held=is_known)
        if is_known and owner.provider_ref:
            _errand("close", owner, owner.provider_ref)
        closed += CardOwner.objects.filter(pk=owner.pk).update(user=None, provider_ref="", closed_at=timezone.now())
    return closed


def _errand(kind: str, owner: CardOwner, name: str) -> None:
    _wake(*CardErrand.objects.get_or_create(kind=kind, owner=owner, provider_ref=name))


def _wake(errand: CardErrand, is_new: bool) -> None:
    if is_new:
        wake_on_commit("payments.tasks.run_card_errand", errand.pk)


def _keeper(owner: CardOwner) -> CardKeeper:
    keeper = keeper_of(owner.provider)
    if keeper is None or keeper.account != owner.account:
        raise ProviderRefused("other_account")
    return keeper
