"""Which products a file is made of, and in how much of what is known of them."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from catalog.models import Product

CHUNK = 200


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is written of each product. An empty market or no languages stands for all of them."""

    market: str = ""
    languages: tuple[str, ...] = ()
    has_vocabulary: bool = True

    @property
    def shown_languages(self) -> tuple[str, ...]:
        """The languages whose words are written."""
        return self.languages or tuple(code for code, _name in settings.LANGUAGES)


class Selection:
    """Products by id, eight bytes each, in an order that does not change while the file is written."""

    def __init__(self, products: "QuerySet[Product]") -> None:
        rows = products.order_by().values_list("pk", flat=True).distinct()
        self._ids = array("q", sorted(rows.iterator(chunk_size=10_000)))

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def ids(self) -> list[int]:
        """All of them."""
        return list(self._ids)

    def chunks(self, size: int = CHUNK) -> Iterator[list[int]]:
        """A few at a time."""
        for at in range(0, len(self._ids), size):
            yield list(self._ids[at : at + size])
