"""What payments hold about people: little by design. Amounts and references stay, by law."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from core.privacy import Holding, Personal, Subject, register, rows_of
from payments.actions.cards import forget_cards
from payments.credit.holders import owner_hashes
from payments.models import (
    BankLine,
    BankPayout,
    CreditAccount,
    CreditEntry,
    CreditGrant,
    Payment,
    PaymentEvent,
    RecipientChange,
    RiskDecision,
    RiskSubject,
    SavedCard,
)


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What was paid, how, and what the providers told us."""
    payments = Payment.objects.filter(order_ref__in=sorted(subject.orders))
    fields = ("order_ref", "provider", "method", "currency", "amount_minor", "state")
    told = PaymentEvent.objects.filter(payment_ref__in=payments.values("ref"))
    decided = RiskDecision.objects.filter(order_ref__in=sorted(subject.orders))
    known = RiskSubject.objects.filter(order_ref__in=sorted(subject.orders))
    credit = _credit_of(subject)
    mine = Q(booking__payment__in=payments) | Q(booking__shares__payment__in=payments)
    lines = BankLine.objects.filter(mine | Q(booking__payout__transfer__payment__in=payments)).distinct()
    return {
        "payments.BankLine": rows_of(
            lines, "booked_on", "currency", "amount_minor", "remittance", "payer", "payer_account"
        ),
        "payments.BankPayout": rows_of(
            BankPayout.objects.filter(transfer__payment__in=payments), "amount_minor", "recipient", "recipient_account"
        ),
        "payments.RecipientChange": rows_of(
            RecipientChange.objects.filter(payout__transfer__payment__in=payments),
            *("recipient", "recipient_account", "state", "created"),
        ),
        "payments.CreditAccount": rows_of(credit, "kind", "currency", "balance_minor", "state"),
        "payments.CreditEntry": rows_of(
            CreditEntry.objects.filter(account__in=credit), "kind", "amount_minor", "order_ref", "created"
        ),
        "payments.CreditGrant": rows_of(
            CreditGrant.objects.filter(email__in=sorted(subject.emails)), "kind", "currency", "amount_minor", "email"
        ),
        "payments.Payment": rows_of(payments, *fields),
        "payments.PaymentEvent": rows_of(told, "provider", "kind", "payload", "occurred_at"),
        "payments.RiskDecision": rows_of(decided, "order_ref", "moment", "outcome", "signals"),
        "payments.RiskSubject": rows_of(known, "order_ref", "ship_country", "bill_country"),
        "payments.SavedCard": rows_of(
            SavedCard.objects.filter(owner__user_id=subject.user_id or 0, removed_at=None),
            *("owner__provider", "brand", "last_four", "expiry_year", "expiry_month", "agreed_at"),
        ),
    }


def erase(subject: Subject) -> Mapping[str, int]:
    """The visitor's mark and the providers' own words go; amounts, references and the ledger stay."""
    payments = Payment.objects.filter(order_ref__in=sorted(subject.orders))
    told = PaymentEvent.objects.filter(payment_ref__in=payments.values("ref"), processed_at__isnull=False)
    grants = CreditGrant.objects.filter(email__in=sorted(subject.emails)).exclude(state="asked")
    sent = BankPayout.objects.filter(transfer__payment__in=payments).exclude(state="waiting")
    changed = RecipientChange.objects.filter(payout__in=sent).exclude(state="asked")
    return {
        "payments.RecipientChange": changed.update(
            recipient="–", recipient_account="–", before="", reason="–", answer=""
        ),
        "payments.BankPayout": sent.update(recipient="", recipient_account="", note=""),
        "payments.CardOwner": forget_cards(subject.user_id) if subject.user_id is not None else 0,
        "payments.CreditGrant": grants.update(email=""),
        "payments.PaymentEvent": told.update(payload={}),
        "payments.Payment": payments.exclude(visitor="", account="", address="").update(
            visitor="", account="", address=""
        ),
        "payments.RiskSubject": RiskSubject.objects.filter(order_ref__in=sorted(subject.orders)).update(
            account="", email="", address=""
        ),
    }


def _credit_of(subject: Subject) -> QuerySet[CreditAccount]:
    """Their store credit. Gift cards belong to whoever knows the code."""
    mine = Q(owner_hash__in=owner_hashes(subject.emails), user__isnull=True)
    if subject.user_id is not None:
        mine |= Q(user_id=subject.user_id)
    return CreditAccount.objects.filter(mine, kind="store_credit")


register(
    Holding(
        app="payments",
        personal=(
            Personal(
                model="payments.CardOwner",
                fields=("user", "provider_ref"),
                purpose="Which member keeps cards at which provider; the provider forgets them too.",
                fate="blanked",
            ),
            Personal(
                model="payments.SavedCard",
                fields=("provider_ref", "brand", "last_four", "expiry_year", "expiry_month"),
                purpose="What a member recognises a kept card by, since when they agreed; never its number.",
                fate="blanked",
            ),
            Personal(
                model="payments.CreditAccount",
                fields=("user", "owner_hash"),
                purpose="Whose store credit it is.",
                fate="kept",
                reason="Money the shop owes; a number and a hash that lead to a pseudonymised account.",
            ),
            *(
                Personal(
                    model=model,
                    fields=("user", "owner_hash"),
                    purpose="The same rows, by kind.",
                    fate="kept",
                    reason="Money the shop owes; a number and a hash that lead to a pseudonymised account.",
                )
                for model in ("payments.GiftCard", "payments.StoreCredit")
            ),
            Personal(
                model="payments.BankLine",
                fields=("remittance", "end_to_end", "payer", "payer_account"),
                purpose="What a bank wrote about money that came: who sent it, from where, and with which words.",
                fate="kept",
                reason="Bank statements are books of account, kept as long as the law says.",
            ),
            Personal(
                model="payments.BankPayout",
                fields=("recipient", "recipient_account", "note", "sent_by"),
                purpose="To whom money is sent back, and who sent it.",
                fate="blanked",
                reason="The operator stays, because they account for the money.",
            ),
            Personal(
                model="payments.RecipientChange",
                fields=("before", "recipient", "recipient_account", "reason", "answer", "asked_by", "decided_by"),
                purpose="To which other account money was sent back, and which two operators said so.",
                fate="pseudonymised",
                reason="The account goes; the operators stay, because they account for the money.",
            ),
            Personal(
                model="payments.BankBooking",
                fields=("note", "decided_by"),
                purpose="Which operator booked a line of a bank statement, and why.",
                fate="kept",
                reason="Accountability for money.",
            ),
            Personal(
                model="payments.CreditGrant",
                fields=("email", "asked_by", "decided_by"),
                purpose="To whom which operators gave a gift card or store credit.",
                fate="blanked",
                reason="The operators stay, because they account for the money.",
            ),
            Personal(
                model="payments.Payment",
                fields=("visitor", "account", "address"),
                purpose="Noticing one person who tries many cards: keyed digests.",
                fate="blanked",
            ),
            Personal(
                model="payments.PaymentTransaction",
                fields=("card",),
                purpose="Noticing one card that fails again and again: a keyed digest of the provider's name of it.",
                fate="kept",
                reason="Facts about money are never changed; only the provider could tell whose card it is.",
            ),
            Personal(
                model="payments.RiskSubject",
                fields=("account", "email", "address"),
                purpose="Noticing the same person or address again: keyed digests.",
                fate="blanked",
            ),
            Personal(
                model="payments.Dispute",
                fields=("assigned_to", "answered_by", "note"),
                purpose="Which operator answered a dispute, and how.",
                fate="kept",
                reason="Accountability for money.",
            ),
            Personal(
                model="payments.DisputeEvidence",
                fields=("checked_by", "note"),
                purpose="Which operator chose what to hand in.",
                fate="kept",
                reason="Accountability for money.",
            ),
            Personal(
                model="payments.PaymentEvent",
                fields=("payload",),
                purpose="What a provider told us, word for word.",
                fate="blanked",
            ),
            Personal(
                model="payments.PaymentException",
                fields=("resolved_by", "note"),
                purpose="Which operator decided about money in doubt, and why.",
                fate="kept",
                reason="Accountability for money.",
            ),
            Personal(
                model="payments.ReconciliationItem",
                fields=("resolved_by", "note"),
                purpose="Which operator explained a difference of books, and how.",
                fate="kept",
                reason="Accountability for money.",
            ),
            Personal(
                model="payments.Refund",
                fields=("requested_by",),
                purpose="Who asked for a refund.",
                fate="kept",
                reason="Accountability for money; a number that leads to a pseudonymised account.",
            ),
        ),
        export=export,
        erase=erase,
    )
)
