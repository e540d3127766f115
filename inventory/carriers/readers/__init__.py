"""Readers of what carriers answer, by the name of the provider in the reference table.

Each takes any value and gives what it understands of it: an answer that looks otherwise gives nothing and raises
nothing. Whatever code nobody knows is `unknown`, and a work item asks what it means.
"""

from collections.abc import Callable, Mapping
from typing import Any

from inventory.carriers.readers import (
    aftership,
    auspost,
    dhl,
    easypost,
    fedex,
    gls,
    hermes,
    karrio,
    kdniao,
    laposte,
    mydhl,
    sendle,
    seventeentrack,
    ups,
    usps,
)
from inventory.carriers.types import Tracking
from inventory.carriers.vocabulary import Words, words_of

READERS: Mapping[str, Callable[[Any, Words], tuple[Tracking, ...]]] = {
    "17track": seventeentrack.read,
    "aftership": aftership.read,
    "auspost": auspost.read,
    "dhl": dhl.read,
    "easypost": easypost.read,
    "fedex": fedex.read,
    "gls": gls.read,
    "hermes": hermes.read,
    "karrio": karrio.read,
    "kdniao": kdniao.read,
    "laposte": laposte.read,
    "mydhl": mydhl.read,
    "sendle": sendle.read,
    "ups": ups.read,
    "usps": usps.read,
}


def read_with(provider: str, payload: Any) -> tuple[Tracking, ...]:
    """What a provider's answer says, in our words of today; nothing of a provider nobody can read."""
    reader = READERS.get(provider)
    return reader(payload, words_of(provider)) if reader else ()
