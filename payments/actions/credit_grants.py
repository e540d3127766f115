"""What operators give: alone up to the currency's limit, above it with a second person. Each grant happens once."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import current_actor
from core.events import publish
from core.money import Money, to_minor
from payments.actions.credit import give_store_credit, issue_card
from payments.credit.messages import tell_card
from payments.errors import CreditReasonMissing, GrantDecided, NothingToPay, SecondPersonNeeded
from payments.events import StoreCreditGiven
from payments.models import CreditAccount, CreditGrant, CreditKind, CreditLimit


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who receives it, where and in which language they are written to."""

    email: str
    market: str
    language: str


def ask_grant(*, kind: str, amount: Money, to: Recipient, reason: str, key: str, user_id: int | None) -> CreditGrant:
    """Give a gift card or store credit, or ask a second person for it; the same `key` asks once.

    `user_id` is the member who owns the address, if anybody has proven it. Raises `CreditReasonMissing`,
    `NothingToPay` for nothing.
    """
    if not reason.strip():
        raise CreditReasonMissing
    if to_minor(amount) <= 0:
        raise NothingToPay
    with transaction.atomic():
        known = CreditGrant.objects.filter(key=key).first()
        if known is not None:
            return known
        grant = CreditGrant.objects.create(
            key=key,
            kind=kind,
            currency=amount.currency.code,
            amount_minor=to_minor(amount),
            email=to.email,
            market=to.market,
            language=to.language,
            reason=reason.strip(),
            asked_by_id=current_actor().user_id,
        )
        audit.record("payments.ask_grant", grant, data=_told(grant), reason=reason)
        if not needs_second_person(amount):
            _give(grant, user_id)
    return grant


def needs_second_person(amount: Money) -> bool:
    """Whether it is above what one operator may give alone. An unknown limit is none."""
    limit = CreditLimit.objects.filter(currency=amount.currency.code).values_list("alone_minor", flat=True).first()
    return limit is None or to_minor(amount) > limit


def approve_grant(*, grant_id: int, user_id: int | None) -> CreditGrant:
    """A second person agrees, and it is given. Raises `SecondPersonNeeded`, `GrantDecided`."""
    with transaction.atomic():
        grant = _asked(grant_id)
        decides = current_actor().user_id
        if decides is None or decides == grant.asked_by_id:
            raise SecondPersonNeeded
        audit.record("payments.approve_grant", grant, data=_told(grant))
        _give(grant, user_id)
    return grant


def refuse_grant(*, grant_id: int, reason: str) -> CreditGrant:
    """It is not given. Raises `GrantDecided`, `CreditReasonMissing`."""
    if not reason.strip():
        raise CreditReasonMissing
    with transaction.atomic():
        grant = _asked(grant_id)
        _decide(grant, "refused")
        audit.record("payments.refuse_grant", grant, data=_told(grant), reason=reason)
    return grant


def _asked(grant_id: int) -> CreditGrant:
    grant = CreditGrant.objects.lock().get(pk=grant_id)
    if grant.state != CreditGrant.State.ASKED:
        raise GrantDecided
    return grant


def _give(grant: CreditGrant, user_id: int | None) -> None:
    grant.account = _card(grant) if grant.kind == CreditKind.GIFT_CARD else _credit(grant, user_id)
    _decide(grant, "given")


def _card(grant: CreditGrant) -> CreditAccount:
    """The card, and the message with its code, which nobody but its reader sees."""
    source = f"grant:{grant.pk}"
    issued = issue_card(amount=grant.amount, source=source, why="granted", market=grant.market, language=grant.language)
    if issued is None:
        return CreditAccount.objects.get(source=source)
    tell_card(issued, to=grant.email, market=grant.market, language=grant.language, key=source, reference=source)
    return issued.account


def _credit(grant: CreditGrant, user_id: int | None) -> CreditAccount:
    account = give_store_credit(
        email=grant.email,
        user_id=user_id,
        amount=grant.amount,
        ref=f"grant:{grant.pk}",
        why="granted",
    )
    publish(
        StoreCreditGiven(
            account=account.pk,
            amount=grant.amount,
            email=grant.email,
            market=grant.market,
            language=grant.language,
            ref=f"grant:{grant.pk}",
        )
    )
    return account


def _decide(grant: CreditGrant, state: str) -> None:
    grant.decided_by_id = current_actor().user_id
    grant.decided_at = timezone.now()
    grant.save(update_fields=["account", "decided_by", "decided_at", "updated"])
    grant.become(state=state)


def _told(grant: CreditGrant) -> dict[str, str]:
    return {"kind": grant.kind, "amount": str(grant.amount.amount), "currency": grant.currency}
