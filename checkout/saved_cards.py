"""Kept cards at the checkout: each is a way to pay beside the market's, and stands for the method it belongs to."""

from dataclasses import dataclass, replace

from checkout.errors import MethodUnknown
from checkout.risk import Person
from core.money import Money
from markets.types import MarketContext
from payments.cards.labels import card_label, expiry_sentence
from payments.cards.queries import MOST_SHOWN, keeper_of, payable_cards
from payments.queries import methods_for
from payments.types import CardWish, MethodView

CARD = "card"
PREFIX = "saved:"


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What a shopper can pay with. `keeps`: a card that is typed now can be kept for next time."""

    methods: tuple[MethodView, ...]
    keeps: bool

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(method.code for method in self.methods)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A way that was chosen: the market's method, and what the member wants with cards."""

    method: MethodView
    card: CardWish | None


def ways_to_pay(market: MarketContext, amount: Money, user_id: int | None) -> Ways:
    """The market's ways, and before its cards those the member keeps, where cards are taken by who keeps them."""
    methods = methods_for(market, amount)
    place = next((at for at, method in enumerate(methods) if method.code == CARD), None)
    if user_id is None or place is None or keeper_of(methods[place].provider) is None:
        return Ways(methods=methods, keeps=False)
    kept = tuple(
        replace(methods[place], code=f"{PREFIX}{card.pk}", label=card_label(card), detail=expiry_sentence(card))
        for card in payable_cards(user_id, methods[place].provider)[:MOST_SHOWN]
    )
    return Ways(methods=(*methods[:place], *kept, *methods[place:]), keeps=True)


def plain_code(code: str) -> str:
    """The method of the market that a choice stands for."""
    return CARD if code.startswith(PREFIX) else code


def chosen_way(market: MarketContext, due: Money, code: str, person: Person) -> Chosen:
    """What a posted choice means for this person. Raises `MethodUnknown`, also for anybody else's card."""
    return chosen_among(ways_to_pay(market, due, person.user_id), code, person)


def chosen_among(ways: Ways, code: str, person: Person) -> Chosen:
    """The same, of ways that are known. Raises `MethodUnknown`."""
    method = next((one for one in ways.methods if one.code == code), None)
    if method is None:
        raise MethodUnknown
    wish = None
    if person.user_id is not None and code.startswith(PREFIX):
        wish = CardWish(user_id=person.user_id, card_id=int(code.removeprefix(PREFIX)))
    elif person.user_id is not None and code == CARD and person.keep_card and ways.keeps:
        wish = CardWish(user_id=person.user_id, keep=True)
    return Chosen(method=replace(method, code=plain_code(code)), card=wish)
