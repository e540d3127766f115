"""Returns and questions of an order, as its page for operators lists them."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import reverse

from orders.models import Order
from orders.returning.desk_list import return_state, ticket_state
from orders.workspace.types import State


@dataclass(frozen=True, kw_only=True)
class AftersalesRow:
    """One return or question."""

    number: str
    url: str
    text: str
    state: State


def aftersales_of(order: Order, person: AbstractBaseUser | AnonymousUser) -> tuple[AftersalesRow, ...]:
    """What this operator may see of them. Two queries at most."""
    found: list[AftersalesRow] = []
    if person.has_perm("orders.view_returnrequest"):  # type: ignore[union-attr]  # every account can be asked
        found += [
            AftersalesRow(
                number=row.number,
                url=reverse("admin:workspace_return", args=[row.number]),
                text=row.get_resolution_display(),
                state=return_state(row),
            )
            for row in order.returns.order_by("-pk")
        ]
    if person.has_perm("orders.view_ticket"):  # type: ignore[union-attr]  # the same
        found += [
            AftersalesRow(
                number=row.number,
                url=reverse("admin:workspace_ticket", args=[row.number]),
                text=row.subject,
                state=ticket_state(row),
            )
            for row in order.tickets.order_by("-pk")
        ]
    return tuple(found)
