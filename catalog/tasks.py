"""Wake-ups for the catalogue's workers. The flags in PostgreSQL are the truth."""

from celery import shared_task
from django.conf import settings

from catalog.actions.derived import drain_dirty, mark_due
from catalog.actions.fetching import fetch_due_pictures
from catalog.actions.planning import perform_due
from catalog.actions.presales import release_due
from catalog.actions.price_plans import work_price_plans
from catalog.actions.prices import refresh_converted_lists
from catalog.actions.renditions import make_renditions
from catalog.actions.sales import count_sales
from catalog.actions.searching import forget_queries
from catalog.derived.terms import derive_terms
from catalog.exporters.feeds import write_feed, write_feeds
from catalog.exporters.jobs import drop_old_exports
from catalog.translating.noting import forget_unused_originals, sync_texts
from catalog.translating.registry import translatables


@shared_task(queue="default")
def refresh_catalog() -> int:
    """Derive what is flagged."""
    return drain_dirty()


@shared_task(queue="default")
def refresh_by_clock() -> int:
    """Flag what moved by the clock alone, then derive it."""
    mark_due()
    return drain_dirty()


@shared_task(queue="default")
def work_planned_prices() -> list[int]:
    """Begin planned prices whose time has come, and restore those whose time is over."""
    return list(work_price_plans())


@shared_task(queue="bulk")
def convert_prices() -> int:
    """Work prices that follow another currency out anew, where they left the dead band."""
    return refresh_converted_lists()


@shared_task(queue="default")
def make_planned_changes() -> int:
    """Make the changes of products whose planned time has come."""
    return perform_due()


@shared_task(queue="bulk")
def fetch_pictures() -> int:
    """Fetch pictures that files name by address."""
    return fetch_due_pictures(seconds=50)


@shared_task(queue="bulk")
def copy_pictures() -> int:
    """Give stored pictures their copies."""
    return make_renditions(formats=settings.PICTURE_FORMATS, seconds=50)


@shared_task(queue="bulk")
def sync_translations() -> int:
    """Find texts that were written past the actions, and forget originals nobody needs any more."""
    changed = sum(sync_texts(entry) for entry in translatables())
    return changed + forget_unused_originals()


@shared_task(queue="bulk")
def write_product_feeds() -> int:
    """Write the open product feeds anew."""
    return write_feeds()


@shared_task(queue="bulk")
def write_product_feed(feed_id: int) -> bool:
    """Write one product feed now."""
    return write_feed(feed_id)


@shared_task(queue="bulk")
def tend_search() -> int:
    """Count the words of the catalogue anew, and forget old counts of queries."""
    derive_terms()
    return forget_queries()


@shared_task(queue="bulk")
def count_sold() -> int:
    """Count what sold in the last ninety days."""
    return count_sales()


@shared_task(queue="bulk")
def drop_exports() -> int:
    """Delete the files of old exports."""
    return drop_old_exports()


@shared_task(queue="default")
def release_presales() -> int:
    """End the pre-sales whose day has come."""
    return release_due()
