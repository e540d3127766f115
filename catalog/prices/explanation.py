"""Why a price is what it is, at any moment: every list of the market, in the order in which they were looked at.

For operators and support: `manage.py explain_price` prints it and the admin shows it. Prices of lists are what stands
on them now; what everybody was shown at the moment comes from the history, which never moves.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import PUBLIC, PriceList, PublishedPrice
from catalog.prices.history import Shown, percent_off, prior_low, reduction_began
from catalog.prices.policy import policy_of
from catalog.sql import fetch
from core.money import Money
from markets.models import Market

EVERY_LIST = """
SELECT l.id, l.code, l.name, l.kind, l.status, l.currency, l.priority, l.audience_key,
       lower(l.during), upper(l.during), parent.code, l.adjust_bp, l.charm_rule::text,
       p.min_qty, p.amount, p.derived,
       (SELECT q.amount FROM catalog_price q WHERE q.price_list_id = l.parent_id AND q.variant_id = p.variant_id
        AND q.min_qty = p.min_qty)
FROM catalog_pricelist l
LEFT JOIN catalog_pricelist parent ON parent.id = l.parent_id
LEFT JOIN catalog_price p ON p.price_list_id = l.id AND p.variant_id = %(variant)s
WHERE l.market_id = %(market)s
ORDER BY l.kind <> 'contract', p.amount NULLS LAST, l.priority DESC, l.id, p.min_qty DESC
"""


@dataclass(frozen=True, kw_only=True)
class Considered:
    """A list with one of its prices, and why it won or lost. `verdict` is a stable word, `reason` a sentence.

    `parent_amount`, `adjust_bp` and `charm_rule` say what a price that follows another list was made from.
    """

    price_list_id: int
    code: str
    name: str
    kind: str
    currency: str
    priority: int
    audience: str
    begins: datetime | None
    ends: datetime | None
    min_qty: int | None
    amount: Money | None
    parent: str
    parent_amount: Money | None
    adjust_bp: int | None
    charm_rule: dict[str, str] | None
    is_derived: bool
    verdict: str
    reason: str

    @property
    def won(self) -> bool:
        """Whether this is the price."""
        return self.verdict == "won"

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(PriceList.Kind(self.kind).label)

    @property
    def factor(self) -> str:
        """What the parent's price is multiplied by, as text: "× 0.9"."""
        share = (Decimal(10000 + (self.adjust_bp or 0)) / 10000).normalize()
        return f"× {share:f}" if self.parent else ""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The answer: what won, every list in order, and what is announced about it."""

    sku: str
    market: str
    currency: str
    at: datetime
    audiences: tuple[str, ...]
    quantity: int
    tax_mode: str
    price_entry: str
    considered: tuple[Considered, ...]
    amount: Money | None
    list_amount: Money | None
    shown_then: Money | None
    reduction_began: datetime | None
    prior_low: Money | None
    percent: int | None

    @property
    def winner(self) -> Considered | None:
        """The list that won."""
        return next((one for one in self.considered if one.won), None)


@dataclass(frozen=True, kw_only=True)
class _Case:
    """What is asked, as the rows are judged by it."""

    market: Market
    mine: tuple[str, ...]
    at: datetime
    quantity: int


def explanation_of(
    *,
    market_code: str,
    variant_id: int,
    sku: str = "",
    quantity: int = 1,
    audiences: Sequence[str] = (),
    at: datetime | None = None,
) -> Explanation:
    """Every list of a market, open or closed, considered for a variant. Four queries. Raises `Market.DoesNotExist`."""
    market = Market.objects.get(code=market_code)
    mine = tuple(sorted({PUBLIC, *audiences}))
    case = _Case(market=market, mine=mine, at=at or timezone.now(), quantity=quantity)
    rows = fetch(EVERY_LIST, {"variant": variant_id, "market": market.pk})
    applicable = [row for row in rows if not _obstacle(row, case)]
    best = applicable[0] if applicable else None
    considered = [_considered(row, best, case) for row in rows]
    base = min((row[14] for row in applicable if row[3] == PriceList.Kind.BASE), default=None)
    is_reduced = best is not None and base is not None and base > best[14]
    shown, began, prior = _announced(variant_id, case)
    is_public = best is not None and shown is not None and shown == best[14]
    return Explanation(
        sku=sku,
        market=market.code,
        currency=market.currency_id,
        at=case.at,
        audiences=mine,
        quantity=quantity,
        tax_mode=market.tax_mode,
        price_entry=market.price_entry,
        considered=tuple(sorted(considered, key=lambda one: (not one.won, RANK.index(one.verdict)))),
        amount=_money(best[14] if best else None, market),
        list_amount=_money(base if is_reduced else None, market),
        shown_then=_money(shown, market),
        reduction_began=began,
        prior_low=_money(prior, market),
        percent=percent_off(shown, prior) if shown is not None and prior is not None and is_public else None,
    )


def _money(amount: Decimal | None, market: Market) -> Money | None:
    return None if amount is None else Money(amount, market.currency_id)


RANK = (
    "won",
    "not_contract",
    "higher",
    "priority",
    "later",
    "quantity",
    "audience",
    "ended",
    "not_begun",
    "not_active",
    "currency",
    "no_price",
)
"""Verdicts, from the winner to lists that have nothing to say."""


def published_until(variant_id: int, market_id: int, at: datetime) -> list[Shown]:
    """What everybody was shown up to a moment, oldest first; what ran on then has no end."""
    rows = PublishedPrice.objects.filter(variant=variant_id, market=market_id, during__startswith__lte=at)
    columns: Any = rows.order_by("during").values_list("amount", "reduced", "during")
    return [
        Shown(amount, reduced, during.lower, during.upper if during.upper and during.upper <= at else None)
        for amount, reduced, during in columns
    ]


def _announced(variant_id: int, case: _Case) -> tuple[Decimal | None, datetime | None, Decimal | None]:
    """What everybody was shown then, since when it was reduced, and the lowest price before."""
    history = published_until(variant_id, case.market.pk, case.at)
    if not history or history[-1].end is not None:
        return None, None, None
    rule = policy_of(case.market.pk).prior
    return history[-1].amount, reduction_began(history, rule), prior_low(history, rule)


def _considered(row: tuple[Any, ...], best: tuple[Any, ...] | None, case: _Case) -> Considered:
    verdict = _verdict(row, best, case)
    currency, amount, parent_amount = row[5], row[14], row[16]
    return Considered(
        price_list_id=row[0],
        code=row[1],
        name=row[2],
        kind=row[3],
        currency=currency,
        priority=row[6],
        audience=row[7],
        begins=row[8],
        ends=row[9],
        min_qty=row[13],
        amount=None if amount is None else Money(amount, currency),
        parent=row[10] or "",
        parent_amount=None if parent_amount is None else Money(parent_amount, currency),
        adjust_bp=row[11],
        charm_rule=json.loads(row[12]) if row[12] else None,
        is_derived=bool(row[15]),
        verdict=verdict,
        reason=reasons()["contract" if verdict == "won" and row[3] == "contract" else verdict],
    )


def _obstacle(row: tuple[Any, ...], case: _Case) -> str:
    """What keeps a price from applying at all; nothing when it does."""
    _id, _code, _name, _kind, status, currency, _priority, audience, begins, ends = row[:10]
    obstacles = (
        ("no_price", row[14] is None),
        ("currency", currency != case.market.currency_id),
        ("not_active", status != "active"),
        ("not_begun", begins is not None and case.at < begins),
        ("ended", ends is not None and case.at >= ends),
        ("audience", audience not in case.mine),
        ("quantity", row[13] is not None and row[13] > case.quantity),
    )
    return next((word for word, stands in obstacles if stands), "")


def _verdict(row: tuple[Any, ...], best: tuple[Any, ...] | None, case: _Case) -> str:
    obstacle = _obstacle(row, case)
    if obstacle:
        return obstacle
    if best is None or row is best:
        return "won"
    if best[3] == "contract" and row[3] != "contract":
        return "not_contract"
    if row[14] > best[14]:
        return "higher"
    return "priority" if row[6] < best[6] else "later"


def reasons() -> dict[str, str]:
    """Verdicts as sentences, in the reader's language."""
    return {
        "won": _("Lowest price that applies."),
        "contract": _("Contract price."),
        "not_contract": _("A contract price wins over every other price."),
        "higher": _("Higher than the winning price."),
        "priority": _("The same amount, with less priority."),
        "later": _("The same amount, from a later list."),
        "quantity": _("The quantity is too small."),
        "audience": _("It is for another audience."),
        "ended": _("Its time is over."),
        "not_begun": _("It has not begun."),
        "not_active": _("The list is not active."),
        "currency": _("The list is in another currency than its market."),
        "no_price": _("It has no price for this."),
    }
