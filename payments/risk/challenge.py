"""The soft challenge after failed attempts: a pause, and the order's total typed again. No third party, no script.

A token says for which order and which attempt the page was shown, and when. It opens one attempt: the next has
another number.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.signing import BadSignature
from django.utils import timezone
from djmoney.money import Money

from core.money import exponent, to_minor
from core.signing import make_token, read_token

PURPOSE = "payment-challenge"
PAUSE = timedelta(seconds=10)
LASTS = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What came back with the form."""

    token: str
    typed: str


def make_challenge(*, order_ref: str, attempts: int) -> str:
    """A token for the page; `attempts` is how many payments the order has so far."""
    return make_token(PURPOSE, [order_ref, attempts, int(timezone.now().timestamp())])


def is_proven(proof: Proof | None, *, order_ref: str, attempts: int, amount: Money) -> bool:
    """Whether the pause was kept and the total typed right, for this very attempt."""
    if proof is None or not is_total(proof.typed, amount):
        return False
    shown = _shown_at(proof, order_ref=order_ref, attempts=attempts)
    return shown is not None and timezone.now() - shown >= PAUSE


def is_shown_for(proof: Proof, *, order_ref: str, attempts: int) -> bool:
    """Whether the page was shown for this very attempt, and not too long ago."""
    return _shown_at(proof, order_ref=order_ref, attempts=attempts) is not None


def _shown_at(proof: Proof, *, order_ref: str, attempts: int) -> datetime | None:
    try:
        wanted, number, shown = read_token(PURPOSE, proof.token, max_age=int(LASTS.total_seconds()))
        moment = datetime.fromtimestamp(shown, tz=timezone.get_default_timezone())
    except (BadSignature, TypeError, ValueError):
        return None
    return moment if (wanted, number) == (order_ref, attempts) else None


def is_total(typed: str, amount: Money) -> bool:
    """Whether the digits are those of the amount, however it is written and in whichever script."""
    digits = "".join(str(unicodedata.digit(letter)) for letter in typed if unicodedata.digit(letter, None) is not None)
    minor, unit = to_minor(amount), 10 ** exponent(amount.currency.code)
    written = {str(minor).zfill(len(str(unit)))}
    if minor % unit == 0:
        written.add(str(minor // unit))
    return digits.lstrip("0") in {one.lstrip("0") for one in written} and bool(digits)
