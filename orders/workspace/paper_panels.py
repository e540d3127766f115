"""Shipping papers of an order as its page for operators shows them."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from markets.customs import crosses_customs
from orders.models import OF_ORDERS, OVER_BORDERS, Fulfillment, Order, PaperKind, ParcelState, ShippingPaper


@dataclass(frozen=True, kw_only=True)
class PaperRow:
    """One paper that was made."""

    title: str
    number: str
    issued_on: date
    url: str


@dataclass(frozen=True, kw_only=True)
class PaperChoice:
    """A paper that can be made. `parcel` is its position, 0 for the order itself."""

    kind: str
    title: str
    parcel: int


@dataclass(frozen=True, kw_only=True)
class PapersMadePanel:
    """What was made, newest first, and what can be made."""

    rows: tuple[PaperRow, ...]
    choices: tuple[PaperChoice, ...]
    issue_url: str


def papers_made_panel(order: Order) -> PapersMadePanel:
    """The papers of an order. Two queries."""
    made = ShippingPaper.objects.filter(order=order).defer("facts", "sheet").order_by("-pk")
    return PapersMadePanel(
        rows=tuple(
            PaperRow(
                title=paper.get_kind_display(),
                number=paper.number,
                issued_on=paper.issued_on,
                url=reverse("admin:workspace_paper", args=[order.number, paper.number]),
            )
            for paper in made
        ),
        choices=_choices(order),
        issue_url=reverse("admin:workspace_issue_paper", args=[order.number]),
    )


def _choices(order: Order) -> tuple[PaperChoice, ...]:
    of_order = [] if order.paid_at else [_choice(kind, 0) for kind in PaperKind if kind in OF_ORDERS]
    parcels = order.fulfillments.exclude(state=ParcelState.CANCELED).order_by("position")
    return (*of_order, *(one for parcel in parcels for one in _of_parcel(order, parcel)))


def _of_parcel(order: Order, parcel: Fulfillment) -> list[PaperChoice]:
    crosses = crosses_customs(parcel.ships_from, order.country)
    kinds = [kind for kind in PaperKind if kind not in OF_ORDERS and (crosses or kind not in OVER_BORDERS)]
    return [_choice(kind, parcel.position) for kind in kinds]


def _choice(kind: PaperKind, parcel: int) -> PaperChoice:
    return PaperChoice(kind=kind.value, title=str(kind.label), parcel=parcel)
