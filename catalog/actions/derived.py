"""Keeping derived rows up to date: flags, the drain, and a check by the clock."""

import logging
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from catalog.cache import forget_on_commit
from catalog.derived.documents import derive_documents
from catalog.derived.facets import derive_facets, products_out_of_date
from catalog.derived.listing import derive_listing, products_waiting_no_longer
from catalog.derived.prices import derive_all_prices, derive_prices
from catalog.derived.terms import derive_terms
from catalog.models import DirtyProduct, Price, PriceList, Product, Variant
from catalog.sql import execute, fetch

logger = logging.getLogger(__name__)
BATCH = 100
WAIT_SECONDS = 1.0


@dataclass
class _Hint:
    given_at: float = -WAIT_SECONDS


_hint = _Hint()


ANALYZE = (
    "ANALYZE catalog_facetrow, catalog_listingbits, catalog_listingslot, catalog_effectiveprice,"
    " catalog_searchdocument, catalog_searchterm, catalog_product, catalog_variant, catalog_variantavailability,"
    " catalog_route, catalog_productmedia"
)
"""After many rows moved the planner must not wait for autovacuum: without statistics listings are ten times slower."""
TAKE = """
DELETE FROM catalog_dirtyproduct WHERE id IN (
  SELECT id FROM catalog_dirtyproduct ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING product_id
"""


def mark_dirty(*, product_ids: Iterable[int]) -> None:
    """Flag products in the running transaction; a worker derives their rows after it. Never waits for a lock."""
    ids = sorted(set(product_ids))
    if ids:
        DirtyProduct.objects.bulk_create(DirtyProduct(product_id=pk) for pk in ids)
        transaction.on_commit(_wake, robust=True)


@transaction.atomic
def refresh_derived(*, product_ids: Collection[int], at: datetime | None = None) -> None:
    """Derive prices, facet rows and search documents of these products now. Twice is the same as once."""
    ids = sorted(set(product_ids))
    if not ids:
        return
    at = at or timezone.now()
    list(Product.objects.filter(pk__in=ids).lock().values_list("pk", flat=True))
    derive_prices(ids, at)
    derive_facets(ids, at)
    derive_documents(ids)
    derive_listing(ids, at)
    forget_on_commit()


def drain_dirty(*, limit: int = 10_000, batch: int = BATCH) -> int:
    """Refresh flagged products, oldest flags first, in bounded batches. Several workers share the work.

    Larger batches are quicker in all, but others wait longer for what they have locked.
    """
    refreshed: set[int] = set()
    while len(refreshed) < limit:
        with transaction.atomic():
            ids = _take(batch)
            refresh_derived(product_ids=ids)
        if not ids:
            break
        refreshed.update(ids)
    if refreshed:
        derive_terms(refreshed)
    if len(refreshed) >= BATCH // 2:
        tell_planner()
    return len(refreshed)


def tell_planner() -> None:
    """Let the planner know how large the derived tables are, after many rows moved and before many are asked for."""
    execute(ANALYZE, ())


def rebuild_prices(*, at: datetime | None = None) -> int:
    """The prices of the whole catalogue anew, in sets. Products whose prices changed are flagged: their filters and
    listings follow. Returns how many those are."""
    changed = derive_all_prices(at or timezone.now())
    with transaction.atomic():
        products = set(Variant.objects.filter(pk__in=changed).values_list("product_id", flat=True))
        mark_dirty(product_ids=products)
    return len(products)


@transaction.atomic
def mark_due(*, at: datetime | None = None) -> int:
    """Flag what changes by the clock alone: lists that began or ended, offers that opened or closed."""
    at = at or timezone.now()
    due = [row for row in PriceList.objects.exclude(during=None) if _crossed(row, at)]
    variants = Price.objects.filter(price_list__in=due)
    ids = set(variants.values_list("variant__product_id", flat=True)) | set(products_out_of_date(at))
    ids |= set(products_waiting_no_longer(at))
    mark_dirty(product_ids=ids)
    PriceList.objects.filter(pk__in=[row.pk for row in due]).update(boundary_seen_at=at)
    return len(ids)


def _crossed(row: PriceList, at: datetime) -> bool:
    """Whether a beginning or an end lies between the last look and now."""
    edges = [edge for edge in (row.during.lower, row.during.upper) if edge is not None and edge <= at]
    return bool(edges) and (row.boundary_seen_at is None or max(edges) > row.boundary_seen_at)


def _take(limit: int) -> list[int]:
    return sorted({row[0] for row in fetch(TAKE, [limit])})


def _wake() -> None:
    """A hint for a worker, at most one a second: it starts a second later and finds what came meanwhile."""
    now = time.monotonic()
    if now - _hint.given_at < WAIT_SECONDS:
        return
    _hint.given_at = now
    try:
        current_app.send_task("catalog.tasks.refresh_catalog", countdown=WAIT_SECONDS, queue="default", retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("no worker could be woken for the catalogue: %s", error)
