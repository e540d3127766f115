"""The demo shop from nothing, step by step. Every step may run again and changes nothing then."""

from collections.abc import Callable

from catalog.actions.derived import drain_dirty, rebuild_prices, tell_planner
from catalog.translating.noting import sync_texts
from catalog.translating.registry import translatables
from content.demo.seeding.after_sales import seed_after_sales
from content.demo.seeding.availability import seed_availability
from content.demo.seeding.buying import seed_buying, seed_proposals
from content.demo.seeding.kinds import seed_kinds
from content.demo.seeding.logistics import seed_carriers, seed_delivery, seed_lanes, seed_warehouses
from content.demo.seeding.orders import seed_orders
from content.demo.seeding.pages import seed_pages
from content.demo.seeding.payments import seed_bank_account
from content.demo.seeding.people import seed_people
from content.demo.seeding.pictures import seed_pictures
from content.demo.seeding.prices import seed_prices
from content.demo.seeding.products import seed_products
from content.demo.seeding.reviews import seed_reviews
from content.demo.seeding.stock import seed_stock
from content.demo.seeding.stockwork import seed_stock_work
from content.demo.seeding.testimonials import seed_testimonials
from content.demo.seeding.vocabulary import seed_vocabulary


def refresh_catalogue() -> None:
    """Effective prices, facets and search documents of everything that was touched."""
    rebuild_prices()
    tell_planner()
    drain_dirty()


def note_translations() -> None:
    """How far the texts are that no action of the catalogue stores: of pages, menus and deliveries."""
    for entry in translatables():
        sync_texts(entry)


STEPS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("people", seed_people),
    ("warehouses", seed_warehouses),
    ("delivery", seed_delivery),
    ("lanes", seed_lanes),
    ("carriers", seed_carriers),
    ("a bank account", seed_bank_account),
    ("promises after the sale", seed_after_sales),
    ("categories, options and attributes", seed_vocabulary),
    ("products", seed_products),
    ("prices", seed_prices),
    ("pictures", seed_pictures),
    ("stock", seed_stock),
    ("stock work", seed_stock_work),
    ("buying", seed_buying),
    ("a set, a pre-sale and a download", seed_kinds),
    ("availability", seed_availability),
    ("reviews", seed_reviews),
    ("testimonials", seed_testimonials),
    ("pages", seed_pages),
    ("translations", note_translations),
    ("listings and search", refresh_catalogue),
    ("orders", seed_orders),
    ("what to buy", seed_proposals),
)
