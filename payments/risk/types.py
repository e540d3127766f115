"""What the shop tells payments about an order, so that its risk can be weighed without knowing orders."""

from dataclasses import dataclass

from djmoney.money import Money


@dataclass(frozen=True, kw_only=True)
class About:
    """An order as its risk sees it. Empty means not known, and not known never counts against anybody.

    `address` is the delivery address as text; only digests of it and of the email are kept. `ip_country` is filled
    only where the edge in front of the shop says it. `may_refuse`: the market offers another way of paying for which
    the shop does not bear the risk. `gift_cards`: how many this person has ordered within a day, with
    those of this order; nothing for an order without any.
    """

    order_ref: str
    worth: Money
    email: str
    address: str
    ship_country: str
    bill_country: str = ""
    ip_country: str = ""
    user_id: int | None = None
    is_first: bool = False
    gift_cards: int = 0
    may_refuse: bool = False
