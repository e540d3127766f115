"""What counts as trouble with a parcel, what ends it, by when somebody must act, and the steps there are. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inventory.carriers.canonical import Canonical as Is
from orders.models import ExceptionKind as Kind

_ADDRESS = re.compile(
    r"address|bdadd|anschrift|adresse|地址|住所|unknown (receiver|consignee|addressee)", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is to be done about one kind: within how long, what it is, and the steps, most useful first."""

    within: timedelta
    sentence: str | Promise
    steps: tuple[str, ...]


RULES: Mapping[str, Rule] = {
    Kind.CUSTOMS_ASKS: Rule(
        within=timedelta(hours=8),
        sentence=_("Customs waits for a paper or a fact. Send it to the carrier, or ask the customer for it."),
        steps=("papers", "upload", "ask", "wait"),
    ),
    Kind.CUSTOMS_SLOW: Rule(
        within=timedelta(days=1),
        sentence=_("Customs has had the parcel longer than usual. Ask the carrier what it waits for."),
        steps=("papers", "upload", "ask", "wait"),
    ),
    Kind.ADDRESS: Rule(
        within=timedelta(hours=8),
        sentence=_("The carrier cannot find the address. Correct it with the carrier before the parcel turns back."),
        steps=("ask", "address", "wait", "reship", "refund"),
    ),
    Kind.FAILED: Rule(
        within=timedelta(days=1),
        sentence=_("The carrier was there and could not deliver. It tries again, or keeps the parcel for collection."),
        steps=("ask", "wait", "address"),
    ),
    Kind.UNCOLLECTED: Rule(
        within=timedelta(days=1),
        sentence=_("The parcel waits to be collected and goes back soon. Remind the customer."),
        steps=("ask", "wait"),
    ),
    Kind.RETURNING: Rule(
        within=timedelta(days=1),
        sentence=_("The parcel comes back. Agree with the customer: send it again, or pay back."),
        steps=("ask", "reship", "refund", "wait"),
    ),
    Kind.DAMAGED: Rule(
        within=timedelta(hours=8),
        sentence=_("The goods were damaged on the way. Send them again or pay back, and claim from the carrier."),
        steps=("ask", "upload", "reship", "refund", "claim"),
    ),
    Kind.LOST: Rule(
        within=timedelta(hours=8),
        sentence=_("The parcel is lost. Send the goods again or pay back, and claim from the carrier."),
        steps=("reship", "refund", "claim"),
    ),
    Kind.SILENCE: Rule(
        within=timedelta(days=1),
        sentence=_("Nothing was heard of it for longer than the whole way usually takes. Have the carrier search."),
        steps=("search", "ask", "wait", "reship", "refund", "claim"),
    ),
    Kind.LATE: Rule(
        within=timedelta(days=1),
        sentence=_("It should have been there by now. Tell the customer when it comes, or have it searched for."),
        steps=("ask", "search", "wait", "reship", "refund"),
    ),
    Kind.WAREHOUSE: Rule(
        within=timedelta(hours=8),
        sentence=_("The other warehouse does not send it. Send it from another place, or correct what it lacks."),
        steps=("place", "address", "ask", "push", "refund"),
    ),
}

_BY_STATUS: Mapping[str, Kind] = {
    Is.CUSTOMS_ASKS: Kind.CUSTOMS_ASKS,
    Is.DELIVERY_FAILED: Kind.FAILED,
    Is.REFUSED: Kind.RETURNING,
    Is.RETURNING: Kind.RETURNING,
    Is.RETURNED: Kind.RETURNING,
    Is.DAMAGED: Kind.DAMAGED,
    Is.LOST: Kind.LOST,
    Is.DESTROYED: Kind.LOST,
    Is.EXPIRED: Kind.SILENCE,
}
_MOVES_ON = frozenset({Is.OUT_FOR_DELIVERY, Is.PICKUP, Is.DELIVERED, Is.RETURNING, Is.RETURNED, Is.REFUSED})
_ENDS: Mapping[str, frozenset[Is]] = {
    Kind.CUSTOMS_ASKS: frozenset(Is) - {Is.CUSTOMS_ASKS, Is.UNKNOWN, Is.DELAYED},
    Kind.CUSTOMS_SLOW: frozenset(Is) - {Is.CUSTOMS, Is.CUSTOMS_ASKS, Is.UNKNOWN, Is.DELAYED},
    Kind.ADDRESS: _MOVES_ON,
    Kind.FAILED: _MOVES_ON,
    Kind.UNCOLLECTED: frozenset({Is.DELIVERED, Is.RETURNING, Is.RETURNED}),
    Kind.RETURNING: frozenset({Is.DELIVERED}),
    Kind.DAMAGED: frozenset(),
    Kind.LOST: frozenset({Is.DELIVERED, Is.RETURNED}),
    Kind.SILENCE: frozenset(Is) - {Is.UNKNOWN, Is.EXPIRED},
    Kind.LATE: frozenset({Is.DELIVERED, Is.RETURNED, Is.LOST, Is.DESTROYED}),
    Kind.WAREHOUSE: frozenset(),
}


def trouble_of(status: str, *, said: str = "") -> Kind | None:
    """The trouble a status is; None for none. A failed delivery whose words name the address is one of the address."""
    kind = _BY_STATUS.get(status)
    return Kind.ADDRESS if kind == Kind.FAILED and _ADDRESS.search(said) else kind


def is_over(kind: str, status: str) -> bool:
    """Whether a trouble has ended by itself, because the parcel is somewhere else now."""
    return status in _ENDS[kind]


def steps_of(kind: str) -> Sequence[str]:
    """What can be done, most useful first."""
    return RULES[kind].steps
