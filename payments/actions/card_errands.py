"""Errands at the provider of kept cards: done outside of every transaction, and tried until they are done."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from core.http import refuse_open_transaction
from payments.actions.cards import keep_card
from payments.cards.queries import keeper_of
from payments.errors import ProviderRefused, ProviderUnreachable
from payments.models import CardErrand
from payments.waiting import wait_before


def run_card_errand(*, errand_id: int) -> None:
    """Do one errand if its time has come; what fails is tried again later. Safe to repeat, with no transaction open."""
    refuse_open_transaction()
    errand = _claim(errand_id)
    if errand is None:
        return
    try:
        _do(errand)
    except (ProviderUnreachable, ProviderRefused) as trouble:
        said = f"{trouble.code}: {getattr(trouble, 'reason', '')}"[:200]
        CardErrand.objects.filter(pk=errand.pk).update(last_error=said)
        return
    with transaction.atomic():
        CardErrand.objects.filter(pk=errand.pk).delete()


def run_card_errands(*, limit: int = 50) -> int:
    """Every errand whose time has come; returns how many were tried."""
    due = CardErrand.objects.filter(next_attempt_at__lte=Now()).order_by("next_attempt_at")
    found = list(due.values_list("pk", flat=True)[:limit])
    for errand_id in found:
        run_card_errand(errand_id=errand_id)
    return len(found)


def _claim(errand_id: int) -> CardErrand | None:
    """Set the next time first, so that two workers do not ask at once."""
    errand = CardErrand.objects.filter(pk=errand_id).first()
    if errand is None:
        return None
    later = timezone.now() + max(wait_before(1) * 6, wait_before(errand.attempts + 1))
    mine = CardErrand.objects.filter(pk=errand_id, next_attempt_at__lte=Now(), attempts=errand.attempts)
    if not mine.update(attempts=F("attempts") + 1, next_attempt_at=later):
        return None
    return CardErrand.objects.select_related("owner", "use__payment").get(pk=errand_id)


def _do(errand: CardErrand) -> None:
    keeper = keeper_of(errand.owner.provider)
    if keeper is None or keeper.account != errand.owner.account:
        raise ProviderRefused("other_account")
    match errand.kind:
        case "detach":
            keeper.detach(card_ref=errand.provider_ref, key=f"errand-{errand.pk}-{errand.provider_ref}")
        case "close":
            keeper.forget(customer=errand.provider_ref)
        case _ if errand.use is not None:
            keep_card(use=errand.use, found=keeper.kept_card(errand.use.payment.handle))
