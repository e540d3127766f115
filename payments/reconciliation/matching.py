"""Finding what a row of a provider's books is in ours, and booking what only the provider could know."""

from dataclasses import replace

from django.db import IntegrityError, transaction
from djmoney.money import Money

from core.http import refuse_open_transaction
from core.money import from_minor
from markets.errors import ExchangeRateMissing, ExchangeRateStale
from markets.exchange import convert
from markets.fx.lookup import rate_on
from payments.actions import settle_facts
from payments.errors import ProviderRefused, ProviderUnreachable, UnknownProvider
from payments.models import LedgerTxn, Payment, PaymentTransaction, StatementEntry, StatementMatch
from payments.postings import FACT_SOURCE
from payments.providers.registry import provider_named
from payments.reconciliation.booking import book_conversion, book_fee_rest, book_own_movement
from payments.reconciliation.items import close_agreeing, close_other_items, open_item
from payments.types import PaymentFact

Found = StatementMatch | None


def match_waiting(*, provider: str = "") -> int:
    """Match every row that is not matched yet, oldest first; returns how many are matched now."""
    waiting = StatementEntry.objects.filter(match=None)
    if provider:
        waiting = waiting.filter(provider=provider)
    names = list(waiting.order_by("pk").values_list("pk", flat=True))
    return sum(match_entry(entry_pk=name) is not None for name in names)


def match_entry(*, entry_pk: int) -> Found:
    """Match one row; what does not fit becomes an item. Safe to repeat. Call it with no transaction open."""
    refuse_open_transaction()
    entry = StatementEntry.objects.select_related("match").get(pk=entry_pk)
    if hasattr(entry, "match"):
        return entry.match
    kind = fact_kind(entry)
    if kind:
        return _match_movement(entry, kind)
    if entry.kind in ("fee", "payout"):
        return book_own_movement(entry)
    open_item(kind="unexplained", subject=_subject(entry), entry=entry, difference=entry.net, detail=_detail(entry))
    return None


def fact_kind(entry: StatementEntry) -> str:
    """The kind of fact a row is about; empty for rows that are about no payment, and for money that came back."""
    match entry.kind:
        case "charge":
            return "captured" if entry.amount_minor >= 0 else ""
        case "refund":
            return "refunded" if entry.amount_minor <= 0 else ""
        case "dispute":
            return "disputed" if entry.amount_minor < 0 else "dispute_reversed"
    return ""


def _match_movement(entry: StatementEntry, kind: str) -> Found:
    payment = payment_of(entry)
    if payment is None:
        return _doubt(entry, "unknown_here", entry.net)
    fact = _fact_of(entry, payment, kind)
    if fact is None or not _is_booked(fact):
        _ask_again(payment, entry)
        fact = _fact_of(entry, payment, kind)
    if fact is None:
        return _doubt(entry, "unknown_here", entry.net)
    if not _is_booked(fact):
        return _doubt(entry, "in_doubt", entry.net, fact)
    moved = abs(entry.charged)
    if (moved.currency.code, moved) != (fact.currency, from_minor(fact.amount_minor, fact.currency)):
        return _differs(entry, fact, moved)
    booked = _worth(entry)
    if booked is None:
        return _doubt(entry, "rate_missing", None, fact)
    _report_fee(entry, payment)
    return _settle(entry, payment, fact, booked)


def payment_of(entry: StatementEntry) -> Payment | None:
    """The payment a row names: by our reference, by the provider's, or by a fact we were told before."""
    mine = Payment.objects.filter(provider=entry.provider)
    if entry.payment_ref is not None:
        return mine.filter(ref=entry.payment_ref).first()
    for ref in filter(None, (entry.provider_ref, entry.fact_ref)):
        found = mine.filter(provider_ref=ref).first() or mine.filter(transactions__fact_ref=ref).first()
        if found is not None:
            return found
    of_order = list(mine.filter(order_ref=entry.order_ref, captured_minor__gt=0)[:2]) if entry.order_ref else []
    return of_order[0] if len(of_order) == 1 else None


def _fact_of(entry: StatementEntry, payment: Payment, kind: str) -> PaymentTransaction | None:
    """The fact of this name; for rows without a name the one of the same amount that no other row is about."""
    facts = payment.transactions.select_related("payment").filter(kind=kind, match=None).order_by("pk")
    if entry.fact_ref:
        return facts.filter(fact_ref=entry.fact_ref).first()
    same = [fact for fact in facts if from_minor(fact.amount_minor, fact.currency) == abs(entry.charged)]
    return same[0] if same else None


def _is_booked(fact: PaymentTransaction) -> bool:
    return LedgerTxn.objects.filter(source_type=FACT_SOURCE, source_id=str(fact.pk)).exists()


def _ask_again(payment: Payment, entry: StatementEntry) -> None:
    """A message was lost: ask the provider how the payment stands, and settle that as always."""
    handle = payment.handle
    if not handle.provider_ref:
        handle = replace(handle, provider_ref=entry.provider_ref)
    if not handle.provider_ref:
        return
    try:
        facts = provider_named(payment.provider).fetch(handle)
    except (ProviderUnreachable, ProviderRefused, UnknownProvider):
        return
    settle_facts(payment_ref=payment.ref, facts=tuple(replace(fact, source="poll") for fact in facts))


def _report_fee(entry: StatementEntry, payment: Payment) -> None:
    """The fee of a payment is a fact like any other: told twice, booked once."""
    if entry.fee_minor <= 0 or payment.transactions.filter(kind="fee", fact_ref=entry.entry_id).exists():
        return
    fact = PaymentFact(
        kind="fee",
        amount=entry.fee,
        provider_ref=payment.provider_ref,
        fact_ref=entry.entry_id,
        occurred_at=entry.occurred_at,
        source="poll",
    )
    settle_facts(payment_ref=payment.ref, facts=(fact,))


def _worth(entry: StatementEntry) -> Money | None:
    """What was charged is worth at our own rate of the day, in the balance's currency; none when no rate is known."""
    charged = entry.charged
    if charged.currency.code == entry.currency:
        return charged
    try:
        fact = rate_on(charged.currency.code, entry.currency, entry.occurred_at.date())
    except (ExchangeRateMissing, ExchangeRateStale):
        return None
    return convert(charged, quote=entry.currency, rate=fact.rate)


def _settle(entry: StatementEntry, payment: Payment, fact: PaymentTransaction, booked: Money) -> Found:
    try:
        with transaction.atomic():
            StatementEntry.objects.lock().get(pk=entry.pk)
            known = StatementMatch.objects.filter(entry=entry).first()
            if known is not None:
                return known
            found = StatementMatch.objects.create(entry=entry, fact=fact, verdict="matched")
            book_conversion(entry, booked)
            book_fee_rest(entry, payment)
            close_agreeing(entry=entry)
            close_agreeing(fact=fact)
    except IntegrityError:  # another row took the same fact meanwhile
        return _doubt(entry, "unknown_here", entry.net)
    return found


def _differs(entry: StatementEntry, fact: PaymentTransaction, moved: Money) -> Found:
    ours = from_minor(fact.amount_minor, fact.currency)
    difference = moved - ours if moved.currency == ours.currency else None
    close_other_items(entry, "amount_differs")
    detail = {"theirs": f"{moved.amount} {moved.currency}", "ours": f"{ours.amount} {ours.currency}"}
    open_item(
        kind="amount_differs",
        subject=_subject(entry),
        entry=entry,
        fact=fact,
        difference=difference,
        detail=_detail(entry) | detail,
    )
    return None


def _doubt(entry: StatementEntry, kind: str, difference: Money | None, fact: PaymentTransaction | None = None) -> Found:
    close_other_items(entry, kind)
    open_item(kind=kind, subject=_subject(entry), entry=entry, fact=fact, difference=difference, detail=_detail(entry))
    return None


def _subject(entry: StatementEntry) -> str:
    return f"entry:{entry.pk}"


def _detail(entry: StatementEntry) -> dict[str, str | int]:
    found: dict[str, str | int] = {"row": entry.entry_id, "kind": entry.kind, "net": f"{entry.net.amount}"}
    return found | ({"reference": entry.fact_ref} if entry.fact_ref else {})
