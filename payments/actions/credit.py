"""Gift cards and store credit: put in, given back, expired, cancelled, blocked. Every movement has its ledger posting.

An account moves in `move_credit` only: entry, balance and ledger in one transaction, once per cause.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from core import audit
from core.locks import lock_timeout
from core.money import Money, from_minor, to_minor
from payments.actions.ledger import post_to_ledger
from payments.credit.codes import code_hash, last_four, new_code
from payments.credit.holders import owner_hash
from payments.credit.postings import SOURCE, Why, credit_lines
from payments.errors import CreditGone, CreditReasonMissing
from payments.models import CreditAccount, CreditEntry, CreditKind, CreditTerm

LIVES_ON = timedelta(days=90)
"""How long money can be spent that comes back to a card which has expired meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A new gift card. The code is known here and nowhere else: mail it in the same transaction."""

    account: CreditAccount
    code: str


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why an account moves: the same `ref` of one kind moves it once. `why` names the other side of the ledger."""

    kind: str
    ref: str
    why: Why
    order_ref: str = ""


def move_credit(account: CreditAccount, *, minor: int, cause: Cause) -> bool:
    """Move an account the caller has locked by `minor` units; returns whether this was the first time.

    The balance moves by a condition of its own, so that it stays right even where a lock was forgotten. Raises
    `CreditGone` when there is not enough; nothing is written then.
    """
    if not minor or CreditEntry.objects.filter(kind=cause.kind, ref=cause.ref).exists():
        return False
    with transaction.atomic():
        grows = F("initial_minor") + (minor if cause.kind == CreditEntry.Kind.ISSUE else 0)
        rows = CreditAccount.objects.filter(pk=account.pk, balance_minor__gte=-minor)
        if not rows.update(balance_minor=F("balance_minor") + minor, initial_minor=grows, updated=timezone.now()):
            raise CreditGone
        entry = CreditEntry.objects.create(
            account=account, kind=cause.kind, ref=cause.ref, amount_minor=minor, order_ref=cause.order_ref
        )
        post_to_ledger(
            kind=f"credit_{cause.kind}",
            source_type=SOURCE,
            source_id=str(entry.pk),
            key=f"{SOURCE}:{entry.pk}",
            occurred_at=entry.created,
            lines=credit_lines(account.kind, from_minor(minor, account.currency), cause.why),
        )
    account.refresh_from_db(fields=["balance_minor", "initial_minor", "updated"])
    return True


def issue_card(
    *, amount: Money, source: str, why: Why, market: str, language: str, order_ref: str = ""
) -> Issued | None:
    """A new gift card over `amount`, once per `source`: None when it exists, because its code cannot be said again.

    It expires only where the market has a term for it. Joins the caller's transaction.
    """
    code = new_code()
    with transaction.atomic():
        if CreditAccount.objects.filter(source=source).exists():
            return None
        account = CreditAccount.objects.create(
            kind=CreditKind.GIFT_CARD,
            currency=amount.currency.code,
            code_hash=code_hash(code),
            last_four=last_four(code),
            expires_on=_term_of(market),
            market=market,
            language=language,
            source=source,
        )
        move_credit(
            account, minor=to_minor(amount), cause=Cause(kind="issue", ref=source, why=why, order_ref=order_ref)
        )
    return Issued(account=account, code=code)


def _term_of(market: str) -> date | None:
    """The last day of the year in which the market's term ends; None when there is none."""
    term = CreditTerm.objects.filter(market=market).first()
    return None if term is None else date(timezone.localdate().year + term.years, 12, 31)


def give_store_credit(
    *, email: str, user_id: int | None, amount: Money, ref: str, why: Why, order_ref: str = ""
) -> CreditAccount:
    """Put `amount` on somebody's store credit, once per `ref`. Joins the caller's transaction."""
    with transaction.atomic(), lock_timeout():
        account = _locked_store_credit(email, user_id, amount.currency.code)
        cause = Cause(kind="issue", ref=ref, why=why, order_ref=order_ref)
        if move_credit(account, minor=to_minor(amount), cause=cause) and account.state == "canceled":
            account.become(state="active")
    return account


def _locked_store_credit(email: str, user_id: int | None, currency: str) -> CreditAccount:
    """The one account of the member, or of the address; two requests meet at the unique constraint."""
    hashed = owner_hash(email)
    mine = Q(user_id=user_id) if user_id is not None else Q(user__isnull=True, owner_hash=hashed)
    rows = CreditAccount.objects.filter(mine, kind=CreditKind.STORE_CREDIT, currency=currency)
    if not rows.exists():
        try:
            with transaction.atomic():
                CreditAccount.objects.create(
                    kind=CreditKind.STORE_CREDIT,
                    currency=currency,
                    user_id=user_id,
                    owner_hash=hashed,
                )
        except IntegrityError:
            pass
    return CreditAccount.objects.lock().filter(pk__in=rows.values("pk")).get()


def give_back(*, account_id: int, amount: Money, ref: str, order_ref: str) -> CreditAccount:
    """Put back what an order had taken, once per `ref`. Joins the caller's transaction.

    A card that has expired or was cancelled meanwhile can be spent again, an expired one for 90 more days.
    """
    with transaction.atomic(), lock_timeout():
        account = CreditAccount.objects.lock().get(pk=account_id)
        cause = Cause(kind="refund", ref=ref, why="payment", order_ref=order_ref)
        if move_credit(account, minor=to_minor(amount), cause=cause) and account.state in ("expired", "canceled"):
            _reopen(account)
    return account


def _reopen(account: CreditAccount) -> None:
    if account.expires_on is not None:
        account.expires_on = max(account.expires_on, timezone.localdate() + LIVES_ON)
        account.save(update_fields=["expires_on", "updated"])
    account.become(state="active")


def expire_credit(*, limit: int = 200) -> int:
    """Write off what is left on cards whose time has run out; returns how many."""
    due = CreditAccount.objects.filter(
        kind=CreditKind.GIFT_CARD, state__in=["active", "blocked"], expires_on__lt=timezone.localdate()
    )
    return sum(_expire(pk) for pk in list(due.order_by("pk").values_list("pk", flat=True)[:limit]))


def _expire(account_id: int) -> bool:
    with transaction.atomic(), lock_timeout():
        account = CreditAccount.objects.lock().get(pk=account_id)
        over = account.expires_on is not None and account.expires_on < timezone.localdate()
        if not over or account.state not in ("active", "blocked"):
            return False
        ref = f"{account.pk}:{account.expires_on}"
        move_credit(account, minor=-account.balance_minor, cause=Cause(kind="expire", ref=ref, why="expired"))
        account.become(state="expired")
    return True


def cancel_cards(*, account_ids: Sequence[int], why: Why, ref: str, order_ref: str = "") -> Money | None:
    """End cards and take what is left off them, once per `ref`; returns what was taken. Joins the transaction."""
    taken: Money | None = None
    with transaction.atomic(), lock_timeout():
        for account in list(CreditAccount.objects.lock().filter(pk__in=account_ids)):
            if account.state in ("canceled", "expired"):
                continue
            left = account.balance
            earlier = account.entries.filter(kind="cancel").count()
            cause = Cause(kind="cancel", ref=f"{ref}:{account.pk}:{earlier}", why=why, order_ref=order_ref)
            move_credit(account, minor=-account.balance_minor, cause=cause)
            account.become(state="canceled")
            audit.record("payments.cancel_credit", account, data={"amount": str(left.amount), "order": order_ref})
            taken = left if taken is None else taken + left
    return taken


def revive_cards(*, account_ids: Sequence[int], minor: int, why: Why, ref: str, order_ref: str) -> None:
    """Undo `cancel_cards` where what it was done for has failed: each gets `minor` units again, once per `ref`."""
    with transaction.atomic(), lock_timeout():
        for account in list(CreditAccount.objects.lock().filter(pk__in=account_ids, state="canceled")):
            cause = Cause(kind="refund", ref=f"{ref}:{account.pk}", why=why, order_ref=order_ref)
            if move_credit(account, minor=minor, cause=cause):
                _reopen(account)


def withdraw_credit(*, account_id: int, reason: str) -> CreditAccount:
    """An operator ends an account: what is left on it is not owed any more. Raises `CreditReasonMissing`."""
    if not reason.strip():
        raise CreditReasonMissing
    with transaction.atomic(), lock_timeout():
        account = CreditAccount.objects.lock().get(pk=account_id)
        left = account.balance
        account.become(state="canceled")
        cause = Cause(kind="cancel", ref=f"operator:{account.pk}:{account.entries.count()}", why="granted")
        move_credit(account, minor=-account.balance_minor, cause=cause)
        audit.record(
            "payments.withdraw_credit",
            account,
            data={"amount": str(left.amount), "currency": account.currency},
            reason=reason,
        )
    return account


def block_credit(*, account_id: int, reason: str) -> CreditAccount:
    """Nobody spends it until it is opened again: a lost or doubtful card. Raises `CreditReasonMissing`."""
    return _switch(account_id, "active", "blocked", reason)


def unblock_credit(*, account_id: int, reason: str) -> CreditAccount:
    """It can be spent again. Raises `CreditReasonMissing`."""
    return _switch(account_id, "blocked", "active", reason)


def _switch(account_id: int, before: str, after: str, reason: str) -> CreditAccount:
    if not reason.strip():
        raise CreditReasonMissing
    with transaction.atomic(), lock_timeout():
        account = CreditAccount.objects.lock().get(pk=account_id)
        if account.state == before:
            account.become(state=after)
            audit.record(f"payments.{'block' if after == 'blocked' else 'unblock'}_credit", account, reason=reason)
    return account
