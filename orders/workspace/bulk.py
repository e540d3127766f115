"""Work on many orders over HTTP: drafted from the list, looked at before, started, watched, taken back."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views import View
from django.views.decorators.http import require_GET

from core.errors import DomainError
from core.jobs import cancel_job
from core.models import Job
from core.money import Money
from orders.actions.bulk_runs import MOST, draft_again, draft_run, go_on_with_run, start_run, undo_run
from orders.actions.tags import make_tag
from orders.bulk.deeds import PERMISSIONS, UNDONE_BY, ready
from orders.bulk.running import outcomes
from orders.exporting.tables import TYPES, csv_of
from orders.models import BulkDeed, BulkOutcome, Order, OrderBulkItem, OrderBulkRun, OrderTag
from orders.workspace.desk_forms import BulkForm
from orders.workspace.selection import selection_of
from orders.workspace.views import must, screen

PER_PAGE = 50
REFRESH_SECONDS = 2
RUNNING = (Job.State.QUEUED, Job.State.RUNNING)
SHOWN_FIRST = (BulkOutcome.REFUSED, BulkOutcome.DONE, BulkOutcome.UNCHANGED, BulkOutcome.UNDONE, BulkOutcome.WAITING)


@dataclass(frozen=True, kw_only=True)
class BulkPage:
    """One piece of work on many orders: before it begins what would happen, then what became of each order."""

    run: OrderBulkRun
    what: str
    job: Job | None
    is_running: bool
    counts: tuple[tuple[str, str, int], ...]
    """Key, label and number of orders by outcome; while it is a draft, of those ready and those not."""
    show: str
    items: "Page[OrderBulkItem]"
    may_start: bool
    may_stop: bool
    may_go_on: bool
    may_undo: bool
    worth: tuple[Money, ...]
    """What the orders come to, one amount per currency."""
    may_again: bool
    """Whether the orders that refused can be tried again, in a draft of their own."""


class BulkDraftView(View):
    """Settle the chosen orders and what is to be done to them; nothing is done yet."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """What was begun before."""
        must(request, "view_order")
        runs = OrderBulkRun.objects.select_related("job", "made_by")[:PER_PAGE]
        return screen(request, "admin/orders/bulk_list.html", title=_("Work on many orders"), runs=runs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """A draft, or back to the list with what is missing."""
        must(request, "view_order")
        chosen = selection_of(request.POST)
        form = BulkForm(request.POST)
        if not form.is_valid():
            messages.error(request, str(next(iter(form.errors.values()))[0]))
            return _to_list(chosen.query)
        said = form.cleaned_data
        must(request, PERMISSIONS[said["deed"]])
        try:
            ids = chosen.ids(user_id=request.user.pk, most=MOST)
            run = draft_run(deed=said["deed"], params=_params(form), order_ids=ids)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return _to_list(chosen.query)
        return _to_run(run.pk)


class BulkRunView(View):
    """One piece of work: looked at, started, stopped, gone on with, taken back."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Its page; asks again by itself while it runs."""
        must(request, "view_order")
        page = bulk_page(_run(pk), show=request.GET.get("show", ""), number=request.GET.get("page", "1"))
        may = request.user.has_perm(f"orders.{PERMISSIONS[page.run.deed]}")
        response = screen(request, "admin/orders/bulk_run.html", title=page.what, page=page, may_work=may)
        if page.is_running:
            response.headers["Refresh"] = str(REFRESH_SECONDS)
        return response

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The deed; what is refused is said on the page."""
        run = _run(pk)
        must(request, PERMISSIONS[run.deed])
        try:
            if request.POST.get("deed") == "again":
                return _to_run(draft_again(run_id=pk).pk)
            _act(request.POST.get("deed", ""), run)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return _to_run(pk)


@require_GET
def run_result(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each order, as a table to keep."""
    must(request, "view_order")
    run = _run(pk)
    items = run.items.select_related("order").order_by("position")
    titles = [pgettext("purchase", "Order"), _("Outcome"), _("Why")]
    rows = ([item.order.number, str(item.get_outcome_display()), item.sentence] for item in items.iterator())
    response = HttpResponse(csv_of(titles, rows), content_type=TYPES["csv"])
    response.headers["Content-Disposition"] = f'attachment; filename="orders-run-{run.pk}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _act(deed: str, run: OrderBulkRun) -> None:
    job = run.undo_job or run.job
    if deed == "start":
        start_run(run_id=run.pk)
    elif deed == "undo":
        undo_run(run_id=run.pk)
    elif deed == "go_on":
        go_on_with_run(run_id=run.pk)
    elif deed == "stop" and job is not None:
        cancel_job(job_id=job.pk)


def _params(form: BulkForm) -> dict[str, object]:
    said = form.cleaned_data
    if said["deed"] == BulkDeed.TAG and said["new_tag"].strip():
        return {"tag": make_tag(name=said["new_tag"]).pk}
    if said["deed"] in (BulkDeed.TAG, BulkDeed.UNTAG):
        return {"tag": int(said["tag"])}
    return {"carrier": said["carrier"].strip()} if said["deed"] == BulkDeed.SHIP else {}


def bulk_page(run: OrderBulkRun, *, show: str, number: str) -> BulkPage:
    """The page of a run. `show` is an outcome, or `ready` and `rest` of a draft; the first there is otherwise."""
    job = run.undo_job or run.job
    is_running = job is not None and job.state in RUNNING
    is_draft = run.state == OrderBulkRun.State.DRAFT
    counts = _expected(run) if is_draft else _outcomes(run)
    keys = [key for key, _label, _count in counts]
    shown = show if show in keys else next(iter(keys), "")
    broke = job is not None and job.state in (Job.State.FAILED, Job.State.CANCELED)
    return BulkPage(
        run=run,
        what=sentence(run),
        job=job,
        is_running=is_running,
        counts=counts,
        show=shown,
        items=Paginator(_items(run, shown), PER_PAGE).get_page(number),
        worth=_worth(run),
        may_start=is_draft,
        may_stop=is_running,
        may_go_on=broke,
        may_undo=run.state == OrderBulkRun.State.STARTED
        and not is_running
        and run.deed in UNDONE_BY
        and BulkOutcome.DONE in keys,
        may_again=run.state == OrderBulkRun.State.STARTED and not is_running and BulkOutcome.REFUSED in keys,
    )


def _worth(run: OrderBulkRun) -> tuple[Money, ...]:
    rows = Order.objects.filter(pk__in=run.items.values("order")).order_by("currency").values_list("currency")
    return tuple(Money(total, currency) for currency, total in rows.annotate(worth=Sum("total")))


def sentence(run: OrderBulkRun) -> str:
    """What is done, with the tag or the carrier."""
    tag = OrderTag.objects.filter(pk=run.params.get("tag")).first()
    detail = tag.name if tag else str(run.params.get("carrier", ""))
    return f"{run.get_deed_display()}: {detail}" if detail else run.get_deed_display()


def _ready(run: OrderBulkRun) -> Q:
    """Items whose order the deed would change as it stands now."""
    return Q(order__in=ready(Order.objects.filter(pk__in=run.items.values("order")), run.deed, run.params))


def _expected(run: OrderBulkRun) -> tuple[tuple[str, str, int], ...]:
    count = run.items.filter(_ready(run)).count()
    rows = (
        ("ready", _("Would be changed"), count),
        ("rest", _("Nothing to do, or would be refused"), run.total - count),
    )
    return tuple(row for row in rows if row[2])


def _outcomes(run: OrderBulkRun) -> tuple[tuple[str, str, int], ...]:
    found = outcomes(run)
    return tuple((key, str(BulkOutcome(key).label), found[key]) for key in SHOWN_FIRST if found.get(key))


def _items(run: OrderBulkRun, show: str) -> "QuerySet[OrderBulkItem]":
    items = run.items.select_related("order").order_by("position")
    if show == "ready":
        return items.filter(_ready(run))
    if show == "rest":
        return items.exclude(_ready(run))
    return items.filter(outcome=show) if show else items


def _run(pk: int) -> OrderBulkRun:
    found = OrderBulkRun.objects.select_related("job", "undo_job", "made_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _to_run(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:workspace_bulk_run", args=[pk]))


def _to_list(query: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('admin:workspace_list')}?{query}")
