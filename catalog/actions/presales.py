"""Pre-sales: opened and changed by operators, counted by orders, ended by the clock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.actions.derived import mark_dirty
from catalog.errors import PresaleProblem, PresaleSoldOut
from catalog.events import PresaleMoved, PresaleOpened, PresaleReleased, ProductChanged
from catalog.models import BundleItem, Presale, Product, Variant
from core import audit
from core.events import publish


@dataclass(frozen=True, kw_only=True)
class PresaleTerms:
    """From when a variant leaves, where it will come to, and how much of it is sold until then. None: no limit."""

    release_on: date
    warehouse_code: str
    most_in_all: int | None = None
    most_per_order: int | None = None
    most_per_customer: int | None = None


def put_presale(*, variant_id: int, terms: PresaleTerms) -> Presale:
    """Sell a variant before it is there, or change how; another day is told to everybody who has ordered.

    Raises `PresaleProblem` for a day that is past, a set or a part of one, a thing that is not sent, a limit below
    what is sold already, and a pre-sale that is over.
    """
    with transaction.atomic():
        return _put(variant_id, Presale.objects.lock().filter(variant=variant_id).first(), terms)


def hold_presales(*, product_codes: Collection[str]) -> None:
    """Lock the pre-sales of these products, for `put_held_presale` and `release_held_presale` later on.

    An import calls it before it touches stock: pre-sales are locked before stock everywhere.
    """
    list(Presale.objects.lock().filter(variant__product__code__in=product_codes).values_list("pk", flat=True))


@transaction.atomic
def put_held_presale(*, variant_id: int, terms: PresaleTerms) -> Presale:
    """`put_presale` of a variant whose pre-sale is held already, or which nobody else can see yet."""
    return _put(variant_id, Presale.objects.filter(variant=variant_id).first(), terms)


def _put(variant_id: int, row: Presale | None, terms: PresaleTerms) -> Presale:
    variant = Variant.objects.select_related("product__product_type").get(pk=variant_id)
    problem = _problem(variant, row, terms)
    if problem:
        raise PresaleProblem(problem)
    before = row.release_on if row is not None and row.released_at is None else None
    if row is None:
        row = Presale(variant=variant)
    elif row.released_at is not None:
        row.released_at, row.sold = None, 0
    for name in ("release_on", "warehouse_code", "most_in_all", "most_per_order", "most_per_customer"):
        setattr(row, name, getattr(terms, name))
    row.save()
    _follow(variant.product)
    publish(PresaleOpened(variant_id=variant.pk, warehouse_code=row.warehouse_code, most=row.most_in_all))
    if before is not None and before != row.release_on:
        publish(PresaleMoved(variant_id=variant.pk, before=before, release_on=row.release_on))
    audit.record(
        "catalog.put_presale",
        variant.product,
        data={"sku": variant.sku, "release_on": row.release_on.isoformat(), "most": row.most_in_all},
    )
    return row


def _problem(variant: Variant, row: Presale | None, terms: PresaleTerms) -> str:
    if terms.release_on <= timezone.now().date():
        return _("Choose a day after today.")
    if not variant.product.product_type.requires_shipping:
        return _("Only things that are sent can be on pre-sale.")
    if variant.product.kind == Product.Kind.BUNDLE:
        return _("A set cannot be on pre-sale.")
    if BundleItem.objects.filter(component_variant=variant, optional=False).exists():
        return _("This variant is part of a set, which is sold now. Take it out of the set first.")
    if row is not None and row.is_open and terms.most_in_all is not None and terms.most_in_all < row.sold:
        return _("%(count)d pieces are sold already. The limit cannot be lower.") % {"count": row.sold}
    return ""


def release_presale(*, variant_id: int) -> bool:
    """End a pre-sale: what was ordered may leave from now on. False when it is over already."""
    with transaction.atomic():
        return _release(Presale.objects.lock().select_related("variant__product").filter(variant=variant_id).first())


@transaction.atomic
def release_held_presale(*, variant_id: int) -> bool:
    """`release_presale` of a pre-sale that is held already."""
    return _release(Presale.objects.select_related("variant__product").filter(variant=variant_id).first())


def _release(row: Presale | None) -> bool:
    if row is None or row.released_at is not None:
        return False
    row.released_at = timezone.now()
    row.save(update_fields=["released_at", "updated"])
    _follow(row.variant.product)
    publish(PresaleReleased(variant_id=row.variant_id))
    audit.record("catalog.release_presale", row.variant.product, data={"sku": row.variant.sku, "sold": row.sold})
    return True


def release_due(*, today: date | None = None) -> int:
    """End every pre-sale whose day has come; returns how many."""
    due = Presale.objects.filter(released_at__isnull=True, release_on__lte=today or timezone.now().date())
    return sum(release_presale(variant_id=pk) for pk in list(due.values_list("variant_id", flat=True)))


def take_presale(*, variant_id: int, quantity: int) -> None:
    """Count pieces of an order; part of its transaction, in which the row stays locked. Raises `PresaleSoldOut`."""
    rows = Presale.objects.filter(variant=variant_id, released_at__isnull=True)
    enough = Q(most_in_all__isnull=True) | Q(sold__lte=F("most_in_all") - quantity)
    if not rows.filter(enough).update(sold=F("sold") + quantity):
        row = rows.first()
        raise PresaleSoldOut(variant_id=variant_id, left=(row.left() or 0) if row is not None else 0)


def give_presale_back(*, variant_id: int, quantity: int) -> None:
    """Pieces of an order that will not be carried out can be sold again."""
    Presale.objects.filter(variant=variant_id, sold__gte=quantity).update(sold=F("sold") - quantity)


def _follow(product: Product) -> None:
    """The product's own days follow its variants when all of them are on pre-sale: lists and feeds read them."""
    variants = product.variants.filter(status=Variant.Status.ACTIVE)
    days = list(
        Presale.objects.filter(variant__in=variants, released_at__isnull=True).values_list("release_on", flat=True)
    )
    if days and len(days) == variants.count():
        product.released_at, product.preorder_until = _begin(min(days)), _begin(max(days))
        product.save(update_fields=["released_at", "preorder_until", "updated"])
    elif not days and product.preorder_until is not None:
        product.preorder_until = None
        product.released_at = min(product.released_at or timezone.now(), timezone.now())
        product.save(update_fields=["released_at", "preorder_until", "updated"])
    mark_dirty(product_ids=[product.pk])
    publish(ProductChanged(product_ids=(product.pk,)))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=UTC)
