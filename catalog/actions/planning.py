"""Changes planned for a moment: made once, by whichever worker is there first, and told who planned them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from catalog.actions.derived import mark_dirty
from catalog.actions.prices import NewPrice, remove_price, set_prices
from catalog.actions.products import activate_product, deactivate_product, set_texts
from catalog.actions.routes import route
from catalog.drafts import Words
from catalog.errors import PlanProblem, ProductIncomplete
from catalog.events import ProductChanged
from catalog.models import PlannedChange, PriceList, Product
from catalog.publishing.lacks import INCOMPLETE, lacks_of
from catalog.translating.noting import note_texts
from core import audit
from core.errors import DomainError
from core.events import publish
from core.money import Money

MOST_PRODUCTS = 200
LONGEST = timedelta(days=730)
State = PlannedChange.State
Texts = Mapping[str, Words]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to happen to which products when: see `PlannedChange` for the shapes."""

    product_ids: Sequence[int]
    due_at: datetime
    zone: str = "UTC"
    status: str = ""
    texts: Texts = field(default_factory=dict)
    prices: Sequence[Mapping[str, Any]] = ()


@transaction.atomic
def plan_change(*, plan: Plan, even_incomplete: bool = False) -> UUID:
    """Plan the same change for products, all or none; returns the number of the batch.

    Raises `PlanProblem`: in the past, twice for one moment, nothing to change, or something to be put on sale that is
    not complete, unless `even_incomplete` (it is looked at again when the time comes).
    """
    ids = sorted(set(plan.product_ids))
    _check_moment(plan.due_at)
    if not (plan.status or plan.texts or plan.prices):
        raise PlanProblem(_("Nothing would change. Say what is to happen."))
    if not 1 <= len(ids) <= MOST_PRODUCTS:
        raise PlanProblem(_("Plan for between one and %(most)d products at once.") % {"most": MOST_PRODUCTS})
    products = {row.pk: row for row in Product.objects.filter(pk__in=ids).lock()}
    _check_free(products, plan.due_at)
    if plan.status == PlannedChange.Status.ACTIVE and not even_incomplete:
        _check_complete(products)
    actor, batch = audit.current_actor(), uuid4()
    rows = PlannedChange.objects.bulk_create(
        PlannedChange(
            product=product,
            due_at=plan.due_at,
            zone=plan.zone,
            status=plan.status,
            texts={name: dict(words) for name, words in plan.texts.items()},
            prices=[dict(price) for price in plan.prices],
            batch=batch,
            planned_by_id=actor.user_id,
            planned_by_label=actor.label,
        )
        for product in products.values()
    )
    audit.record_all([audit.Deed(action="catalog.plan_change", target=row.product, data=_told(row)) for row in rows])
    return batch


@transaction.atomic
def move_planned(*, change_id: int, due_at: datetime, zone: str) -> PlannedChange:
    """Another moment for a change that has not happened; one that failed is tried again then. Raises `PlanProblem`."""
    row = _open(change_id)
    _check_moment(due_at)
    if due_at != row.due_at or row.state != State.WAITING:
        _check_free({row.product_id: row.product}, due_at)
    before = row.due_at
    row.due_at, row.zone, row.state, row.ended_at, row.problem = due_at, zone, State.WAITING, None, ""
    row.save()
    audit.record("catalog.move_planned_change", row.product, data={**_told(row), "before": before})
    return row


@transaction.atomic
def cancel_planned(*, change_id: int) -> PlannedChange:
    """It will not happen; one that failed is done with. Raises `PlanProblem` when it has happened."""
    row = _open(change_id)
    row.state, row.ended_at = State.CANCELED, timezone.now()
    row.save()
    audit.record("catalog.cancel_planned_change", row.product, data=_told(row))
    return row


def perform_due(*, at: datetime | None = None, limit: int = 500) -> int:
    """Make the changes whose time has come, oldest first, however late. Returns how many ended, well or not.

    Several workers may do this at once: each change is made by one of them, once.
    """
    moment = at or timezone.now()
    waiting = PlannedChange.objects.filter(state=State.WAITING, due_at__lte=moment).order_by("due_at", "pk")
    return sum(perform_planned(change_id=pk, at=moment) for pk in waiting.values_list("pk", flat=True)[:limit])


@transaction.atomic
def perform_planned(*, change_id: int, at: datetime) -> bool:
    """Make one change if its time has come and nobody has made it. A refusal is kept with the change as a sentence.

    False when there was nothing to do: done already, another worker has it, or an earlier change of the product waits.
    """
    rows = PlannedChange.objects.filter(pk=change_id, state=State.WAITING, due_at__lte=at)
    row = rows.lock(skip_locked=True).select_related("product", "planned_by").first()
    if row is None or _waits_for_another(row):
        return False
    with audit.acting_as(row.planned_by_id, row.planned_by_label or audit.SYSTEM.label):
        problem = _try(row)
        row.state = State.FAILED if problem else State.DONE
        row.problem, row.ended_at = problem, timezone.now()
        row.save()
        action = "catalog.planned_change_failed" if problem else "catalog.planned_change_made"
        late = max(int((row.ended_at - row.due_at).total_seconds()), 0)
        audit.record(action, row.product, data={**_told(row), "seconds_late": late}, reason=problem)
    return True


def apply_planned(row: PlannedChange) -> None:
    """What the change says, in the running transaction. Raises what the actions raise."""
    if row.texts:
        _put_texts(row.product_id, row.texts)
    for price_list, prices in _by_list(row.prices).items():
        _put_prices(price_list, prices)
    if row.status == PlannedChange.Status.ACTIVE:
        activate_product(product_id=row.product_id)
    elif row.status == PlannedChange.Status.DRAFT:
        deactivate_product(product_id=row.product_id)


def _try(row: PlannedChange) -> str:
    """Empty when it was made; else why not, in the planner's language, and nothing of it was."""
    language = getattr(row.planned_by, "language", "") or "en"
    with override(language):
        try:
            with transaction.atomic():
                apply_planned(row)
        except ProductIncomplete as refused:
            missing = " ".join(str(INCOMPLETE.get(problem, problem)) for problem in refused.problems)
            return f"{refused} {missing}"
        except DomainError as refused:
            return str(refused)
        except (ObjectDoesNotExist, IntegrityError, ValueError):
            return _("Something it needs is not there any more, such as a price list or a variant. Plan it anew.")
    return ""


def _put_texts(product_id: int, texts: Texts) -> None:
    product = Product.objects.lock().get(pk=product_id)
    set_texts(product, texts)
    product.save()
    note_texts([product])
    if "name" in texts:
        route(target=product, wanted={})
    mark_dirty(product_ids=[product_id])
    publish(ProductChanged(product_ids=(product_id,)))


def _by_list(prices: Sequence[Mapping[str, Any]]) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    for price in prices:
        found.setdefault(int(price["list"]), []).append(price)
    return found


def _put_prices(price_list_id: int, prices: Sequence[Mapping[str, Any]]) -> None:
    currency = PriceList.objects.get(pk=price_list_id).currency
    wanted = [
        NewPrice(
            variant_id=price["variant"], min_qty=price["quantity"], amount=Money(Decimal(price["amount"]), currency)
        )
        for price in prices
        if price["amount"] is not None
    ]
    if wanted:
        set_prices(price_list_id=price_list_id, prices=wanted)
    for price in prices:
        if price["amount"] is None:
            remove_price(price_list_id=price_list_id, variant_id=price["variant"], min_qty=price["quantity"])


def _open(change_id: int) -> PlannedChange:
    row = PlannedChange.objects.lock().select_related("product").get(pk=change_id)
    if row.state not in {State.WAITING, State.FAILED}:
        raise PlanProblem(_("This has happened or was canceled already."))
    return row


def _waits_for_another(row: PlannedChange) -> bool:
    earlier = PlannedChange.objects.filter(product=row.product_id, state=State.WAITING, due_at__lt=row.due_at)
    return earlier.exists()


def _check_moment(due_at: datetime) -> None:
    now = timezone.now()
    if due_at <= now:
        raise PlanProblem(_("This moment has passed. Choose one in the future."))
    if due_at > now + LONGEST:
        raise PlanProblem(_("This is more than two years away. Choose an earlier moment."))


def _check_free(products: Mapping[int, Product], due_at: datetime) -> None:
    taken = PlannedChange.objects.filter(product__in=products, due_at=due_at, state=State.WAITING)
    names = sorted(products[pk].name for pk in taken.values_list("product_id", flat=True))
    if names:
        told = ngettext(
            "Something else is planned for this moment already: %(names)s. Choose another minute.",
            "Something else is planned for this moment already, for %(count)d products: %(names)s. Choose another"
            " minute.",
            len(names),
        )
        raise PlanProblem(told % {"count": len(names), "names": _some(names)})


def _check_complete(products: Mapping[int, Product]) -> None:
    lacks = lacks_of(list(products), language="en")
    names = sorted(
        products[pk].name or products[pk].code for pk, found in lacks.items() if any(lack.is_refusal for lack in found)
    )
    if names:
        told = ngettext(
            "%(names)s is not complete enough to be sold. Complete it, or plan it all the same.",
            "%(count)d products are not complete enough to be sold: %(names)s. Complete them, or plan it all the same.",
            len(names),
        )
        raise PlanProblem(told % {"count": len(names), "names": _some(names)})


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")


def _told(row: PlannedChange) -> dict[str, Any]:
    """What the record keeps of it."""
    return {
        "change": row.pk,
        "due_at": row.due_at,
        "zone": row.zone,
        "status": row.status,
        "texts": sorted(row.texts),
        "prices": len(row.prices),
        "planned_by": row.planned_by_label,
        "batch": str(row.batch),
    }
