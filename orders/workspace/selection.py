"""Which orders a person chose in the list: those that were ticked, or all that fit, on all pages."""

from dataclasses import dataclass

from django.http import QueryDict

from orders.models import Order
from orders.workspace.listing import orders_of_address

LONGEST = 4_000
"""Characters of an address that are read."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Ticked numbers, or (`everything`) the address of the list whose orders are all meant."""

    numbers: tuple[str, ...]
    everything: bool
    query: str

    def ids(self, *, user_id: int | None, most: int) -> list[int]:
        """The keys of the chosen orders, newest first; one more than `most` tells that there are too many."""
        if self.everything:
            found = orders_of_address(QueryDict(self.query).dict(), user_id=user_id)
        else:
            found = Order.objects.filter(number__in=self.numbers)
        return list(found.order_by("-placed_at", "-pk").values_list("pk", flat=True)[: most + 1])


def selection_of(sent: QueryDict) -> Selection:
    """What the form of the list says: `order` per ticked one, or `everything` with the list's `query`."""
    return Selection(
        numbers=tuple(dict.fromkeys(sent.getlist("order"))),
        everything=sent.get("everything") == "1",
        query=sent.get("query", "")[:LONGEST],
    )
