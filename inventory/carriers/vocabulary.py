"""From a carrier's codes to our words: the reference table, what operators taught, and what readers know."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone

from inventory.carriers.canonical import Canonical
from inventory.carriers.phrases import meaning_of
from markets import cache
from markets.models import TrackingStatusMap
from markets.reference.files import FOLDER

Rows = Mapping[tuple[str, str, str], str]
"""(provider, level, code in small letters) to our word."""
FILE = "tracking_status_map.json"


@dataclass(frozen=True)
class Words:
    """What one provider's codes mean. `rows` are of every provider and outrank what a reader knows."""

    provider: str
    rows: Rows

    def of(self, level: str, code: str, known: Mapping[str, str], said: str = "") -> str:
        """Our word for a code of theirs; by its sentence when nobody knows the code, and `unknown` at last."""
        key = code.strip().lower()
        taught = self.rows.get((self.provider, level, key)) or known.get(key)
        return taught or (meaning_of(said) if said else str(Canonical.UNKNOWN))


@lru_cache(maxsize=1)
def shipped_rows() -> Rows:
    """The table that comes with the shop, as its file has it."""
    content = json.loads((FOLDER / FILE).read_text("utf-8"))
    return {(row["provider"], row["level"], row["code"].lower()): row["canonical"] for row in content["rows"]}


def rows_now() -> Rows:
    """The table as operators keep it today; what they have not loaded is as it was shipped. No query when warm."""

    def read() -> Rows:
        held = TrackingStatusMap.objects.on(timezone.now().date())
        taught = {
            (row.provider, row.level, row.carrier_code.lower()): row.canonical
            for row in held.only("provider", "level", "carrier_code", "canonical")
        }
        return {**shipped_rows(), **taught}

    return cache.remembered("inventory.carriers.vocabulary", read)


def words_of(provider: str) -> Words:
    """What a provider's codes mean today."""
    return Words(provider, rows_now())
