"""What the quote says of customs: who pays duty, what it comes to, and why. Pure; `markets.landed` has the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cart.components import split_key
from core.money import Money, from_minor, sum_money, to_minor, zero
from markets.duty.types import DutyFacts
from markets.landed import LandedCost
from markets.landed.types import Payer

Wish = Literal["", "now", "later"]
"""What the shopper chose where the market lets them: to pay duty with the order, or on delivery."""
PAYERS: dict[str, Payer] = {"dap": "buyer_later", "prepay": "buyer_now", "none": "buyer_later"}
"""By the market's mode; the seller where it is none of these. Where no duty is thought to arise and goods cross a
border all the same, whoever receives them pays it: then the cart says so."""
CHOICE = "choice"


@dataclass(frozen=True, kw_only=True)
class BorderLine:
    """One layer of duty on one line of the quote, zero included."""

    key: str
    name: str
    kind: str
    reason: str
    base: Money
    amount: Money
    rule_id: str
    part: int = 0
    """Which component of a set it is about, counted from 1; 0 is the whole line."""


@dataclass(frozen=True, kw_only=True)
class Border:
    """Duty and its company over all parcels of a quote.

    `charged_duty` and `charged_fees` are in the total, with the tax in them where prices contain tax.
    `payable_on_delivery` is outside of it: an estimate, or None when it cannot be said.
    """

    payer: Payer
    crosses: bool
    can_choose: bool
    is_fallback: bool
    """Whether duty should be paid with the order and cannot be, so that it is paid on delivery."""
    duty: Money
    fees: Money
    import_tax: Money
    """Tax at the border that is not collected with the order."""
    charged_duty: Money
    charged_fees: Money
    payable_on_delivery: Money | None
    guaranteed: bool
    missing: tuple[str, ...] = ()
    lines: tuple[BorderLine, ...] = ()
    rule_ids: tuple[str, ...] = ()
    explanations: tuple[str, ...] = ()

    @property
    def is_paid_now(self) -> bool:
        return self.payer == "buyer_now"

    @property
    def is_paid_later(self) -> bool:
        return self.crosses and self.payer == "buyer_later"

    def as_json(self, positions: Mapping[str, int]) -> dict[str, object]:
        """What is kept with an order: who pays, every layer, and the rules it rests on. Lines by their position."""
        later = self.payable_on_delivery
        return {
            "payer": self.payer,
            "crosses": self.crosses,
            "guaranteed": self.guaranteed,
            "duty": str(self.duty.amount),
            "fees": str(self.fees.amount),
            "import_tax": str(self.import_tax.amount),
            "charged_duty": str(self.charged_duty.amount),
            "charged_fees": str(self.charged_fees.amount),
            "payable_on_delivery": None if later is None else str(later.amount),
            "missing": list(self.missing),
            "rule_ids": list(self.rule_ids),
            "explanations": list(self.explanations),
            "lines": [
                {
                    "line": positions.get(line.key, 0),
                    "part": line.part,
                    "name": line.name,
                    "kind": line.kind,
                    "reason": line.reason,
                    "base": str(line.base.amount),
                    "amount": str(line.amount.amount),
                    "rule_id": line.rule_id,
                }
                for line in self.lines
            ],
        }


def no_border(currency: str) -> Border:
    """The border of a quote that has none yet."""
    nothing = zero(currency)
    return Border(
        payer="seller",
        crosses=False,
        can_choose=False,
        is_fallback=False,
        duty=nothing,
        fees=nothing,
        import_tax=nothing,
        charged_duty=nothing,
        charged_fees=nothing,
        payable_on_delivery=nothing,
        guaranteed=True,
    )


def wanted_payer(duty_mode: str, wish: str) -> Payer:
    """Who pays duty by the market's mode and, where it lets the shopper choose, by their wish; first to pay now."""
    if duty_mode == CHOICE:
        return "buyer_later" if wish == "later" else "buyer_now"
    return PAYERS.get(duty_mode, "seller")


def border_of(found: Sequence[LandedCost], currency: str, *, duty_mode: str, is_fallback: bool) -> Border:
    """The parcels' borders as one. Some parcels may cross none."""
    crossing = [one for one in found if one.crosses]
    payer = crossing[0].payer if crossing else "seller"
    return Border(
        payer=payer,
        crosses=bool(crossing),
        can_choose=duty_mode == CHOICE and bool(crossing) and not is_fallback,
        is_fallback=is_fallback and bool(crossing),
        duty=_sum([one.duty for one in found], currency),
        fees=_sum([one.fees for one in found], currency),
        import_tax=_sum([one.border_tax for one in found], currency),
        charged_duty=from_minor(sum(_charged(one, "duty:") for one in found), currency),
        charged_fees=from_minor(sum(_charged(one, "fee") for one in found), currency),
        payable_on_delivery=_later(crossing, currency),
        guaranteed=all(one.guaranteed for one in crossing),
        missing=tuple(dict.fromkeys(code for one in found for code in one.missing)),
        lines=tuple(
            BorderLine(
                key=split_key(line.key)[0],
                part=split_key(line.key)[1],
                name=line.name,
                kind=line.kind,
                reason=line.reason,
                base=line.base,
                amount=line.amount,
                rule_id=line.rule_id,
            )
            for one in found
            for line in one.duty_lines
        ),
        rule_ids=tuple(dict.fromkeys(rule for one in found for rule in one.rule_ids)),
        explanations=tuple(dict.fromkeys(word for one in found for word in one.explanations)),
    )


def without_tariff(facts: DutyFacts) -> DutyFacts:
    """The facts with nothing but the union they know: for a seller who bears duty and cannot tell it now."""
    return DutyFacts(eu=facts.eu, restrictions=facts.restrictions)


def _later(crossing: Sequence[LandedCost], currency: str) -> Money | None:
    known = [one.payable_on_delivery for one in crossing]
    if any(one is None for one in known):
        return None
    return _sum([one for one in known if one is not None], currency)


def _charged(found: LandedCost, owner: str) -> int:
    if found.payer != "buyer_now":
        return 0
    taxes = [tax for tax in found.tax_lines if tax.key.startswith(owner)]
    return sum(to_minor(tax.gross if tax.included else tax.base) for tax in taxes)


def _sum(amounts: Sequence[Money], currency: str) -> Money:
    return sum_money(amounts, currency)
