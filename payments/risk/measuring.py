"""What is measured of a payment before and after the money: the rows are counted by the database's clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, BigIntegerField, Count, Q
from django.db.models.functions import Now

from payments.models import Payment, PaymentTransaction, RiskSubject
from payments.risk.rules import Measured

FAILURES = ("declined", "failed")
TRIES = timedelta(hours=24)
HABITS = timedelta(days=90)
ENOUGH = 30
"""So many orders of a currency make it known what an order usually costs."""
HUNDRED = 100


class Median(Aggregate):
    """The middle one, itself one of the values."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = BigIntegerField()


@dataclass(frozen=True, kw_only=True)
class Payer:
    """Who pays, by digests."""

    visitor: str
    account: str
    address: str
    cards: frozenset[str] = frozenset()


def payer_of(payment: Payment) -> Payer:
    """With the cards that its order was tried with."""
    cards = PaymentTransaction.objects.filter(payment__order_ref=payment.order_ref).exclude(card="")
    return Payer(
        visitor=payment.visitor,
        account=payment.account,
        address=payment.address,
        cards=frozenset(cards.values_list("card", flat=True).distinct()),
    )


def measure(subject: RiskSubject, payer: Payer, risk: Mapping[str, Any]) -> Measured:
    """Everything known, by the name of its rule. `risk` is what the provider has told of the payment so far."""
    return {
        **_tries(payer),
        **_cards(payer),
        **countries(subject, str(risk.get("card_country", ""))),
        **({"disposable": 1} if subject.is_disposable else {}),
        **_first(subject),
        **_neighbours(subject),
        **told(risk),
    }


def countries(subject: RiskSubject, card_country: str) -> Measured:
    """1 where a country is none of those the order names; absent where one is not known. Pure."""
    named = {country for country in (subject.ship_country, subject.bill_country) if country}
    measured = {}
    if subject.ship_country and subject.bill_country:
        measured["bill_country"] = int(subject.ship_country != subject.bill_country)
    if card_country and named:
        measured["card_country"] = int(card_country.upper() not in named)
    if subject.ip_country and named:
        measured["ip_country"] = int(subject.ip_country not in named)
    return measured


def told(risk: Mapping[str, Any]) -> Measured:
    """What the provider thinks. Stripe says a level; PayPal says whether it protects the seller. Pure."""
    measured = {}
    level = str(risk.get("risk_level", ""))
    if level in ("normal", "elevated", "highest"):
        measured["provider_elevated"] = int(level == "elevated")
        measured["provider_highest"] = int(level == "highest")
    protection = str(risk.get("seller_protection", ""))
    if protection:
        measured["provider_unprotected"] = int(protection == "NOT_ELIGIBLE")
    return measured


def merged(one: Measured, other: Measured) -> Measured:
    """The larger of each: what was seen before the provider was asked is not forgotten when the money comes."""
    return {code: max(one.get(code, 0), other.get(code, 0)) for code in sorted({*one, *other})}


def _tries(payer: Payer) -> Measured:
    who = {
        "failed_visitor": ("payment__visitor", payer.visitor),
        "failed_account": ("payment__account", payer.account),
        "failed_address": ("payment__address", payer.address),
    }
    counted = {code: Q(**{field: value}) for code, (field, value) in who.items() if value}
    if payer.cards:
        counted["failed_card"] = Q(card__in=sorted(payer.cards))
    return _count(counted, kinds=FAILURES)


def _count(counted: Mapping[str, Q], *, kinds: Collection[str]) -> Measured:
    if not counted:
        return {}
    anybody = Q()
    for condition in counted.values():
        anybody |= condition
    rows = PaymentTransaction.objects.filter(anybody, kind__in=kinds, recorded_at__gt=Now() - TRIES)
    return rows.aggregate(**{code: Count("pk", filter=condition) for code, condition in counted.items()})


def _cards(payer: Payer) -> Measured:
    who = Q(pk__in=[])
    if payer.visitor:
        who |= Q(payment__visitor=payer.visitor)
    if payer.account:
        who |= Q(payment__account=payer.account)
    rows = PaymentTransaction.objects.filter(who, recorded_at__gt=Now() - TRIES).exclude(card="")
    seen = set(rows.values_list("card", flat=True).distinct()[:HUNDRED])
    return {"cards_of_visitor": len(seen | payer.cards)}


def _first(subject: RiskSubject) -> Measured:
    """For a first order: what it is worth, in percent of what orders in its currency usually are."""
    if not subject.is_first:
        return {}
    usual = RiskSubject.objects.filter(currency=subject.currency, created__gt=Now() - HABITS).exclude(pk=subject.pk)
    found = usual.aggregate(many=Count("pk"), middle=Median("worth_minor"))
    if found["many"] < ENOUGH or not found["middle"]:
        return {}
    return {"first_high": subject.worth_minor * HUNDRED // found["middle"]}


def _neighbours(subject: RiskSubject) -> Measured:
    if not subject.address:
        return {}
    there = RiskSubject.objects.filter(address=subject.address, created__gt=Now() - HABITS).exclude(account="")
    return there.aggregate(people_at_address=Count("account", distinct=True))
