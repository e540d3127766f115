"""Making a measure out of checks."""

from collections.abc import Iterable, Sequence

from markets.readiness.measuring import LISTED
from markets.readiness.types import Lack, Measure


def of_checks(checks: Iterable[tuple[bool, str, str]]) -> Measure:
    """From (is it there, the sentence when not, where it is put right)."""
    rows = list(checks)
    missing = [Lack(sentence=sentence, url=url) for there, sentence, url in rows if not there]
    return of_lacks(missing, total=len(rows))


def of_lacks(missing: Sequence[Lack], *, total: int) -> Measure:
    """From everything that is missing, each one thing of `total`."""
    return Measure(
        done=total - len(missing), total=total, lacks=tuple(missing[:LISTED]), more=max(0, len(missing) - LISTED)
    )
