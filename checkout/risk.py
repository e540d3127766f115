"""What an order tells the risk rules about itself, and the challenge between failed attempts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django_countries.data import COUNTRIES

from cart.edge import user_id_of
from core.errors import DomainError
from core.money import Money
from markets.types import MarketContext
from orders.models import Order
from orders.queries import cards_ordered, has_paid_before
from payments.actions import Asked
from payments.errors import ChallengeNeeded
from payments.limits import Tried, needs_challenge
from payments.queries import methods_for
from payments.risk.challenge import Proof, is_shown_for, make_challenge
from payments.risk.digests import account_digest, visitor_digest
from payments.risk.types import About
from payments.types import MethodView, OrderMoney

AT_OUR_RISK = frozenset({"bank_debit", "card", "wallet"})
"""Families of methods whose owner can take the money back from the shop."""
TOTAL_AGAIN = "total_again"
"""The field of the challenge."""
GIFT_CARDS_WITHIN = timedelta(hours=24)
NAMES = frozenset({"company", "email", "first_name", "full_name", "last_name", "name", "organization", "phone"})
"""Parts of an address that say who, not where."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who sits before the page, and what they sent of a challenge."""

    visitor: str = ""
    country: str = ""
    proof: Proof | None = None
    user_id: int | None = None
    """The member who is signed in; their cards can pay, whoever the order is for."""
    keep_card: bool = False


NOBODY = Person()


def person_of(request: HttpRequest) -> Person:
    """Who asks, with what came back of a challenge if the page had one."""
    token = request.POST.get("challenge", "")[:300]
    proof = Proof(token=token, typed=request.POST.get(TOTAL_AGAIN, "")[:40]) if token else None
    return Person(
        visitor=visitor_of(request),
        country=country_of(request),
        proof=proof,
        user_id=user_id_of(request),
        keep_card=request.POST.get("keep_card") == "1",
    )


def visitor_of(request: HttpRequest) -> str:
    """The address of the connection (`config.middleware.VisitorAddress` has looked behind the proxies)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def country_of(request: HttpRequest) -> str:
    """The country of the connection, where the edge says it in the header of the settings; empty where nobody knows."""
    name = settings.CONNECTION_COUNTRY_HEADER
    said = request.headers.get(name, "").strip().upper() if name else ""
    return said if said in COUNTRIES else ""


def field_of(refusal: DomainError) -> str:
    """The field of the page that a refusal is about."""
    return TOTAL_AGAIN if isinstance(refusal, ChallengeNeeded) else "payment"


def challenge_for(order: Order, money: OrderMoney, person: Person) -> str:
    """The token of the challenge that the next attempt has to pass; empty while too little has failed.

    A token that came back and still holds is shown again: whoever was too quick waits on, and does not begin anew.
    """
    tried = Tried(
        order_ref=order.number,
        visitor=visitor_digest(person.visitor),
        account=account_digest(user_id=order.user_id, email=order.email),
    )
    if not needs_challenge(tried):
        return ""
    attempts = len(money.payments)
    if person.proof is not None and is_shown_for(person.proof, order_ref=order.number, attempts=attempts):
        return person.proof.token
    return make_challenge(order_ref=order.number, attempts=attempts)


def asked_for(order: Order, chosen: MethodView, due: Money, market: MarketContext, person: Person) -> Asked:
    """Everything that the brake and the risk rules want to know."""
    about = replace(_about(order, chosen, due, market), ip_country=person.country)
    return Asked(visitor=person.visitor, proof=person.proof, about=about)


def _about(order: Order, chosen: MethodView, due: Money, market: MarketContext) -> About:
    ship = order.addresses.get("ship") or {}
    bill = order.addresses.get("bill") or {}
    return About(
        order_ref=order.number,
        worth=order.total,
        email=order.email,
        address=place_of(ship),
        ship_country=str(ship.get("country", "")),
        bill_country=str(bill.get("country", "")),
        user_id=order.user_id,
        is_first=not has_paid_before(order),
        gift_cards=cards_ordered(order, within=GIFT_CARDS_WITHIN),
        may_refuse=chosen.kind in AT_OUR_RISK and _has_another(due, market),
    )


def place_of(address: Mapping[str, Any]) -> str:
    """The place alone: several people at one address are what is looked for, so their names are left out. Pure."""
    parts = address.get("parts") or {}
    where = [str(value) for name, value in sorted(parts.items()) if name not in NAMES and value]
    return " ".join([*where, str(address.get("country", ""))]) if where else ""


def _has_another(due: Money, market: MarketContext) -> bool:
    """Whether a shopper who is refused can still pay: in another way, for which the shop does not bear the risk."""
    return any(method.kind not in AT_OUR_RISK for method in methods_for(market, due))
