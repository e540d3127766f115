"""What the operators' catalogue screens cost in a database that is there: best server time of several, and queries.

`manage.py bench-catalogue` asks for them in its largest catalogue; `python -m tests.bench.catalogue.screens` prints
them with the environment of the shop whose database it looks at. Everything happens in one transaction that is taken
back, somebody to sign in as included: the database stays as it was.
"""

import logging
import sys
import time
from collections.abc import Iterator

import django
from django.conf import settings

ROUNDS = 6
HOST = "localhost"
MOST_QUERIES, MOST_MILLISECONDS = 30, 500


def main() -> int:
    """Print a line per screen; 1 when one costs more than it may."""
    django.setup()
    dear = 0
    for name, (milliseconds, queries) in screens().items():
        is_dear = milliseconds > MOST_MILLISECONDS or queries > MOST_QUERIES
        dear += is_dear
        print(f"{name:52} {milliseconds:7.0f} ms {queries:4} queries{'  <-' if is_dear else ''}", flush=True)
    return 1 if dear else 0


def screens() -> dict[str, tuple[float, int]]:
    """Milliseconds and queries of every screen."""
    # Only now, because models need the settings.
    from django.db import transaction

    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.ALLOWED_HOSTS = [HOST]
    logging.disable(logging.CRITICAL)
    with transaction.atomic():
        try:
            return {name: (milliseconds, queries) for name, milliseconds, queries in _measured()}
        finally:
            transaction.set_rollback(True)


def _measured() -> Iterator[tuple[str, float, int]]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from members.models import User

    somebody = User.objects.create_superuser("bench@example.com", "only-for-measuring")
    browser = Client(HTTP_HOST=HOST)
    browser.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
    for name, address in _screens().items():
        took = []
        for _round in range(ROUNDS):
            began = time.perf_counter()
            answer = browser.get(address)
            took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            print(f"{name}: {address} answered {answer.status_code}", file=sys.stderr)
            continue
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        yield name, min(took), len(queries)


def _screens() -> dict[str, str]:
    """Every list and sheet in the ways it is used: plain, late, searched, filtered, with something chosen."""
    from django.urls import reverse

    from catalog.actions.bulk import open_bulk_run
    from catalog.models import Brand, Category, MediaAsset, PriceList, Product

    ids = list(Product.objects.order_by("pk").values_list("pk", flat=True)[:10_000])
    product = Product.objects.get(pk=ids[len(ids) // 2])
    sku = product.variants.order_by("pk").values_list("sku", flat=True)[0]
    leaf = Category.objects.filter(children=None).order_by("-pk").first() or Category.objects.latest("pk")
    top = Category.objects.filter(parent=None).order_by("pk")[0]
    brand = Brand.objects.order_by("pk")[0]
    bulk = open_bulk_run(target="product", object_ids=ids, origin="")
    asset = MediaAsset.objects.order_by("pk").first()
    word = product.name.split()[0]
    goods = reverse("admin:catalog_product_changelist")
    variants = reverse("admin:catalog_variant_changelist")
    tree, prices = reverse("admin:catalog_tree"), reverse("admin:catalog_prices")
    stock, desk, media = reverse("admin:inventory_sheet"), reverse("admin:translations"), reverse("admin:catalog_media")
    price_list = PriceList.objects.order_by("pk")[0]
    pages = max(Product.objects.count() // 50 - 2, 1)
    found = {
        "products": goods,
        "products, late page": f"{goods}?p={pages}",
        "products, searched by name": f"{goods}?q={word}",
        "products, searched by SKU": f"{goods}?q={sku}",
        "products, filtered": f"{goods}?status__exact=active&brand__id__exact={brand.pk}",
        "products of a category": f"{goods}?primary_category__id__exact={leaf.pk}",
        "product": reverse("admin:catalog_product_change", args=[product.pk]),
        "variants": variants,
        "variants, searched": f"{variants}?q={sku}",
        "variant matrix": reverse("admin:catalog_matrix", args=[product.pk]),
        "change of 10,000 rows": reverse("admin:catalog_bulk_run", args=[bulk.pk]),
        "change of 10,000 rows, a field": f"{reverse('admin:catalog_bulk_run', args=[bulk.pk])}?field=brand",
        "changes of many rows": reverse("admin:catalog_bulk_runs"),
        "prices": prices,
        "prices of a list": f"{prices}?list={price_list.code}",
        "prices, searched": f"{prices}?q={word}",
        "prices, late page": f"{prices}?page=500",
        "price plans": reverse("admin:catalog_price_plans"),
        "stock": stock,
        "stock, searched": f"{stock}?q={sku}",
        "stock, late page": f"{stock}?page=500",
        "translations": desk,
        "translations, missing in German": f"{desk}?language=de&standing=missing",
        "translations, searched": f"{desk}?q={word}",
        "translations, of a category": f"{desk}?category={top.code}",
        "translations, completeness": reverse("admin:translations_completeness"),
        "translations, one product": reverse("admin:translations_editor", args=["catalog.product", product.pk]),
        "categories": tree,
        "categories, all unfolded": f"{tree}?open=all",
        "categories, one chosen": reverse("admin:catalog_category", args=[leaf.pk]),
        "categories, one chosen, all unfolded": f"{reverse('admin:catalog_category', args=[leaf.pk])}?open=all",
        "categories, the top one chosen": f"{reverse('admin:catalog_category', args=[top.pk])}?open=all",
        "pictures and films": media,
        "pictures and films, searched": f"{media}?q=thing",
        "agenda": reverse("admin:catalog_planned"),
        "details": reverse("admin:catalog_attributes"),
        "customs codes": reverse("admin:catalog_customs"),
        "markets of a product": reverse("admin:catalog_markets", args=[product.pk]),
        "pictures of a product": reverse("admin:catalog_gallery", args=[product.pk]),
        "imports": reverse("admin:catalog_picturewish_changelist"),
        "reviews": reverse("admin:catalog_review_changelist"),
        "questions": reverse("admin:catalog_question_changelist"),
    }
    if asset is not None:
        found["one picture"] = reverse("admin:catalog_medium", args=[asset.pk])
    return found


if __name__ == "__main__":
    sys.exit(main())
