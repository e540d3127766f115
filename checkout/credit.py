"""Gift cards and store credit at the checkout: what is kept with it, how much each pays, and what is left to pay."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from cart.models import Cart
from cart.types import Quote
from checkout.errors import CreditMoved
from checkout.models import Checkout, CheckoutState
from core.money import Money, from_minor, to_minor
from members.queries import proven_emails
from payments.actions import CreditWish
from payments.credit.holders import OPENED, Holder
from payments.credit.planning import Purse, Share, plan_shares
from payments.credit.queries import card_by_code, cards_in_order, charge_step, check_usable, usable_store_credit
from payments.models import CreditAccount

MOST_CARDS = 10


@dataclass(frozen=True, kw_only=True)
class CreditPlan:
    """What pays: cards in the order they were typed, then store credit if it was chosen. `rest` is paid another way."""

    currency: str
    total: int
    cards: tuple[tuple[CreditAccount, Share], ...] = ()
    store: tuple[tuple[CreditAccount, Share], ...] = ()
    uses_store: bool = False
    store_balance: int = 0
    """All the store credit that could pay, chosen or not."""

    @property
    def wishes(self) -> tuple[CreditWish, ...]:
        """What is asked of payments."""
        return tuple(
            CreditWish(account_id=share.account_id, minor=share.minor)
            for _account, share in (*self.cards, *self.store)
            if share.minor
        )

    @property
    def used(self) -> Money:
        return from_minor(sum(wish.minor for wish in self.wishes), self.currency)

    @property
    def rest(self) -> Money:
        return from_minor(self.total, self.currency) - self.used

    @property
    def rest_shown(self) -> str:
        """The rest as the form carries it."""
        return str(to_minor(self.rest))


def holder_of(request: HttpRequest) -> Holder:
    """Who asks: their account and proven addresses, and what mailed links have opened in this browser."""
    opened = tuple(int(pk) for pk in request.session.get(OPENED, ()))
    if not request.user.is_authenticated:
        return Holder(opened=opened)
    return Holder(user_id=request.user.pk, emails=tuple(proven_emails(request.user.pk)), opened=opened)


def plan_for(kept: Mapping[str, Any], quote: Quote, holder: Holder) -> CreditPlan:
    """How gift cards and credit pay the quote. Gift cards in the cart are paid with money, not with credit."""
    total = to_minor(quote.total)
    cards = cards_in_order(kept.get("cards", ()), currency=quote.currency) if kept.get("cards") else []
    owned = usable_store_credit(holder, currency=quote.currency)
    uses_store = bool(kept.get("store"))
    accounts = [*cards, *(owned if uses_store else ())]
    shares = plan_shares(
        [Purse(account_id=one.pk, balance=one.balance_minor) for one in accounts],
        total=total,
        most=total - sum(to_minor(line.line_total) for line in quote.lines if line.supply == "giftcard"),
        step=charge_step(quote.currency),
    )
    paired = tuple(zip(accounts, shares, strict=True))
    return CreditPlan(
        currency=quote.currency,
        total=total,
        cards=paired[: len(cards)],
        store=paired[len(cards) :],
        uses_store=uses_store,
        store_balance=sum(one.balance_minor for one in owned),
    )


def kept_credit(cart: Cart) -> Mapping[str, Any]:
    """What the cart's open checkout keeps of cards and credit."""
    rows = Checkout.objects.filter(cart=cart, state=CheckoutState.OPEN)
    return rows.values_list("credit", flat=True).first() or {}


def refuse_moved(plan: CreditPlan, shown: str) -> None:
    """The shopper agreed to pay the rest that was shown. Raises `CreditMoved` when it is another one now."""
    if shown != plan.rest_shown and (shown or plan.wishes):
        raise CreditMoved


def add_card(*, cart_id: UUID, typed: str, currency: str, visitor: str) -> None:
    """Keep a gift card with the cart's checkout; again, nothing happens.

    Raises `CodeUnknown`, `CardExpired`, `CardEmpty`, `CardCurrency`, `TooManyCodes`.
    """
    card = card_by_code(typed, visitor=visitor)
    check_usable(card, currency=currency)
    _change(cart_id, lambda cards: [*cards, card.pk][-MOST_CARDS:] if card.pk not in cards else cards)


def remove_card(*, cart_id: UUID, account_id: int) -> None:
    """Do without it."""
    _change(cart_id, lambda cards: [pk for pk in cards if pk != account_id])


def _change(cart_id: UUID, change: Callable[[list[int]], list[int]]) -> None:
    with transaction.atomic():
        checkout = Checkout.objects.lock().filter(cart_id=cart_id, state=CheckoutState.OPEN).first()
        if checkout is not None:
            checkout.credit = {**checkout.credit, "cards": change(list(checkout.credit.get("cards", [])))}
            checkout.save(update_fields=["credit", "updated"])
