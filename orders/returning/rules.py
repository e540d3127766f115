"""What may come back, until when, at whose cost, and what it may bring. Pure.

Sources: Directive 2011/83/EU Art. 9 and 14 (period, cost of the way back), Art. 16 (goods without a right of
withdrawal); Directive (EU) 2019/771 Art. 13 and 14 (faulty goods: at the seller's cost, within the guarantee).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models import Resolution, WayBack

WITHDRAWAL = "withdrawal"
FAULTS = frozenset({"damaged", "defective", "wrong_item", "not_as_described", "incomplete"})
"""Reasons that lie with the goods: at the shop's cost, and after the time for a change of mind as well."""
REASONS: Mapping[str, str | Promise] = {
    "too_small": pgettext_lazy("reason of a return", "Too small"),
    "too_large": pgettext_lazy("reason of a return", "Too large"),
    "not_liked": pgettext_lazy("reason of a return", "I do not like it"),
    "not_needed": pgettext_lazy("reason of a return", "I do not need it any more"),
    "late": pgettext_lazy("reason of a return", "It came too late"),
    "damaged": pgettext_lazy("reason of a return", "It arrived damaged"),
    "defective": pgettext_lazy("reason of a return", "It does not work"),
    "wrong_item": pgettext_lazy("reason of a return", "It is not what I ordered"),
    "not_as_described": pgettext_lazy("reason of a return", "It is not as described"),
    "incomplete": pgettext_lazy("reason of a return", "Something is missing"),
}
FLAG = "no_return_"
EXCEPTIONS: Mapping[str, str | Promise] = {
    "hygiene": _("This is a hygiene product. Once its seal is open it cannot be returned."),
    "custom": _("This was made for you, so it cannot be returned."),
    "perishable": _("This spoils quickly, so it cannot be returned."),
    "sealed_media": _("Sealed recordings and software cannot be returned once they are open."),
}
"""By the end of a variant's restriction `no_return_…`: goods without a right of withdrawal, and the reason."""
NOT_SENT = _("This has not left our warehouse yet. You can cancel it or withdraw from the contract.")
NOT_GOODS = _("A download that has begun cannot be returned.")
ALL_BACK = _("All of this is coming back already.")
TOO_LATE = _("The time to return this has ended. If something is wrong with it, choose that as the reason.")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What the market promises; see `orders.models.AftersalesPolicy`."""

    resolutions: tuple[str, ...] = ()
    way_back: str = WayBack.CUSTOMER
    sends_label: bool = False
    agrees_at_once: bool = False
    send_within_days: int = 14


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What is known of units of one line, or of pieces of one component of a set."""

    shipped: int
    returned: int
    coming_back: int
    is_goods: bool = True
    exception: str = ""

    @property
    def left(self) -> int:
        """How many can still be sent back."""
        return max(0, self.shipped - self.returned - self.coming_back) if self.is_goods else 0


def why_not(unit: Unit, *, is_over: bool) -> str | Promise:
    """Why none of these can be returned for a change of mind; empty when some can."""
    if not unit.is_goods:
        return NOT_GOODS
    if unit.exception:
        return EXCEPTIONS[unit.exception]
    if not unit.shipped:
        return NOT_SENT
    if not unit.left:
        return ALL_BACK
    return TOO_LATE if is_over else ""


def may_return(unit: Unit, *, reason: str, is_over: bool) -> bool:
    """Whether units can be asked back for this reason. Faults count against every exception and after the period."""
    if unit.left < 1:
        return False
    return reason in FAULTS or not (unit.exception or is_over)


def exception_of(flags: Collection[str]) -> str:
    """The exception among a variant's restrictions; empty for goods that can come back."""
    found = (flag.removeprefix(FLAG) for flag in sorted(flags) if flag.startswith(FLAG))
    return next((name for name in found if name in EXCEPTIONS), "")


def pays_way_back(policy: Policy, reason: str) -> str:
    """Who pays for the way back."""
    return WayBack.SHOP if reason in FAULTS else policy.way_back


def resolutions_for(policy: Policy, *, reason: str, can_exchange: bool, can_credit: bool) -> tuple[str, ...]:
    """What may be asked for: always money back, and what the market and the goods allow besides."""
    found: list[str] = [Resolution.REFUND]
    if can_exchange and Resolution.EXCHANGE in policy.resolutions:
        found.append(Resolution.EXCHANGE)
    if can_credit and Resolution.CREDIT in policy.resolutions:
        found.append(Resolution.CREDIT)
    if reason in FAULTS and Resolution.REPAIR in policy.resolutions:
        found.append(Resolution.REPAIR)
    return tuple(found)


def agrees_at_once(policy: Policy, *, reason: str, last_day: date | None, today: date) -> bool:
    """Whether nobody has to look first: a change of mind in time, where the market says so."""
    in_time = last_day is None or today <= last_day
    return policy.agrees_at_once and in_time and reason not in FAULTS


WORN = frozenset({"worn", "damaged", "incomplete"})
"""Conditions that show handling beyond what is needed to find out what the goods are and how they work."""


def may_deduct(*, reason: str, condition: str, was_informed: bool) -> bool:
    """Whether something may be kept for wear (Directive 2011/83/EU Art. 14(2)).

    Never for faults, and never from somebody who was not told of the right of withdrawal.
    """
    return was_informed and reason not in FAULTS and condition in WORN


def refunded_by_right(*, reason: str, condition: str) -> bool:
    """Whether a unit in this condition is proposed to be paid back.

    By law everything that was withdrawn from or was faulty; of the shop's own will what can be sold again. Somebody
    else's goods never. The operator decides.
    """
    if condition == "another":
        return False
    return reason == WITHDRAWAL or reason in FAULTS or condition in {"as_new", "opened", "faulty"}
