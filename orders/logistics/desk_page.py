"""Parcels in trouble as operators see them: the list, and one with its next steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inventory.carriers.canonical import Canonical
from inventory.models import ParcelPush, PushState
from orders.logistics.trouble import RULES, steps_of
from orders.models import ExceptionKind, ParcelException, TrackingEvent
from orders.types import LogEntry
from orders.workspace.types import PageLinks, State, ViewTab

PER_PAGE = 25
Rows = QuerySet[ParcelException]


def _waiting() -> Rows:
    open_rows = ParcelException.objects.filter(resolved_at=None)
    return open_rows.filter(Q(waits_until=None) | Q(waits_until__lt=timezone.now()))


VIEWS: Mapping[str, Callable[[], Rows]] = {
    "waiting": _waiting,
    "customs": lambda: ParcelException.objects.filter(
        resolved_at=None, kind__in=[ExceptionKind.CUSTOMS_ASKS, ExceptionKind.CUSTOMS_SLOW]
    ),
    "quiet": lambda: ParcelException.objects.filter(
        resolved_at=None, kind__in=[ExceptionKind.SILENCE, ExceptionKind.LATE]
    ),
    "gone": lambda: ParcelException.objects.filter(
        resolved_at=None, kind__in=[ExceptionKind.LOST, ExceptionKind.DAMAGED, ExceptionKind.RETURNING]
    ),
    "later": lambda: ParcelException.objects.filter(resolved_at=None, waits_until__gte=timezone.now()),
    "claims": lambda: ParcelException.objects.filter(claim="filed"),
    "all": ParcelException.objects.all,
}


@dataclass(frozen=True, kw_only=True)
class TroubleRow:
    """One line of the list."""

    url: str
    state: State
    sentence: str
    order: str
    order_url: str
    parcel: str
    carrier: str
    tracking_no: str
    since: datetime
    due: datetime
    is_late: bool
    who: str


@dataclass(frozen=True, kw_only=True)
class TroubleList:
    """One page of the list."""

    rows: tuple[TroubleRow, ...]
    tabs: tuple[ViewTab, ...]
    view: str
    query: str
    links: PageLinks


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """Something that can be done: a link, or a form of this page by its anchor."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class TroublePage:
    """One parcel in trouble."""

    row: TroubleRow
    is_open: bool
    said: str
    resolution: str
    resolved_at: datetime | None
    waits_until: datetime | None
    status: str
    eta: object
    tracking_url: str
    steps: tuple[NextStep, ...]
    log: tuple[LogEntry, ...]
    files: tuple[tuple[str, str], ...]
    claim: str
    was_refused: bool
    """Whether another warehouse was to send it and did not."""


def trouble_list(params: Mapping[str, str]) -> TroubleList:
    """The page its address asks for; what is due first comes first. A search goes over number, tracking and email."""
    view = params.get("view", "") if params.get("view") in VIEWS else "waiting"
    text = params.get("q", "").strip()[:100]
    rows = VIEWS[view]().select_related("order", "fulfillment", "package", "owner")
    if text:
        rows = rows.filter(
            Q(order__number__icontains=text.upper())
            | Q(package__tracking_no__icontains=text)
            | Q(order__email__icontains=text)
        )
    page = Paginator(rows.order_by("due_at", "pk"), PER_PAGE).get_page(params.get("page"))
    labels = {
        "waiting": pgettext("saved view of parcels", "Wait for us"),
        "customs": pgettext("saved view of parcels", "In customs"),
        "quiet": pgettext("saved view of parcels", "Silent or late"),
        "gone": pgettext("saved view of parcels", "Lost, damaged, coming back"),
        "later": pgettext("saved view of parcels", "Wait for others"),
        "claims": pgettext("saved view of parcels", "Claims"),
        "all": pgettext("saved view of parcels", "All"),
    }

    def url(name: str, number: int | None = None) -> str:
        said = {"view": name, **({"q": text} if text else {}), **({"page": str(number)} if number else {})}
        return f"{reverse('admin:workspace_parcels')}?{urlencode(said)}"

    return TroubleList(
        rows=tuple(_row(one) for one in page.object_list),
        tabs=tuple(
            ViewTab(key=key, label=labels[key], count=make().count(), url=url(key), current=key == view)
            for key, make in VIEWS.items()
        ),
        view=view,
        query=text,
        links=PageLinks(
            first=page.start_index(),
            last=page.end_index(),
            total=page.paginator.count,
            previous_url=url(view, page.previous_page_number()) if page.has_previous() else "",
            next_url=url(view, page.next_page_number()) if page.has_next() else "",
        ),
    )


def trouble_page(row: ParcelException) -> TroublePage:
    """One of them, with everything that was heard of its parcel."""
    package = row.package
    events = package.events.all() if package else ()
    return TroublePage(
        row=_row(row),
        is_open=row.is_open,
        said=row.said,
        resolution=row.resolution,
        resolved_at=row.resolved_at,
        waits_until=row.waits_until,
        status=str(package.get_status_display()) if package else "",
        eta=package.eta if package else None,
        tracking_url=package.tracking_url if package else "",
        steps=tuple(_steps(row)) if row.is_open else (),
        log=tuple(_heard(event) for event in events),
        files=tuple(
            (proof.called, reverse("admin:workspace_parcel_proof", args=[row.pk, proof.pk]))
            for proof in row.proofs.all()
        ),
        claim=row.get_claim_display(),
        was_refused=_was_refused(row),
    )


def _heard(event: TrackingEvent) -> LogEntry:
    """In our words first, then the carrier's own; those alone where nobody knows the code."""
    is_known = event.canonical not in ("", Canonical.UNKNOWN)
    code = event.carrier_code if event.carrier_code != event.canonical else ""
    return LogEntry(
        at=event.occurred_at,
        text=str(event.get_canonical_display()) if is_known or not event.text else event.text,
        detail=" · ".join(part for part in (event.place, event.text if is_known else "", code) if part),
    )


def _row(row: ParcelException) -> TroubleRow:
    package, now = row.package, timezone.now()
    is_late = row.is_overdue(now)
    tone = "plain" if not row.is_open else "bad" if is_late else "warn"
    return TroubleRow(
        url=reverse("admin:workspace_parcel", args=[row.pk]),
        state=State(label=str(row.get_kind_display()), tone=tone),  # type: ignore[arg-type]  # one of the tones
        sentence=str(RULES[row.kind].sentence),
        order=row.order.number,
        order_url=reverse("admin:workspace_order", args=[row.order.number]),
        parcel=str(row.fulfillment.position),
        carrier=package.carrier if package else row.fulfillment.carrier,
        tracking_no=package.tracking_no if package else "",
        since=row.created,
        due=row.due_at,
        is_late=is_late,
        who=(row.owner.get_full_name() or str(row.owner)) if row.owner else "",
    )


def _steps(row: ParcelException) -> list[NextStep]:
    number = row.order.number
    order = reverse("admin:workspace_order", args=[number])
    known = {
        "papers": (_("Print the customs papers again"), f"{order}#papers-made"),
        "upload": (_("Add a document or a photo"), "#files"),
        "ask": (_("Write to the customer"), f"{order}#timeline"),
        "address": (_("Correct the address"), reverse("admin:order_change", args=[number])),
        "place": (_("Send it from another warehouse"), reverse("admin:order_place", args=[number])),
        "reship": (_("Send the goods again"), reverse("admin:order_again", args=[number])),
        "refund": (_("Pay back"), f"{order}#refund"),
        "claim": (_("Claim from the carrier"), "#claim"),
        "search": (_("Have the carrier search, and note it as a claim"), "#claim"),
        "wait": (_("Wait for the carrier or the customer"), "#plan"),
        "push": (_("Send it over once more"), "#push"),
    }
    wanted = [step for step in steps_of(row.kind) if step != "push" or _was_refused(row)]
    return [NextStep(label=known[step][0], url=known[step][1]) for step in wanted]


def _was_refused(row: ParcelException) -> bool:
    return ParcelPush.objects.filter(parcel_ref=str(row.fulfillment_id), state=PushState.REFUSED).exists()
