"""`manage.py export_products FILE --format csv`: the catalogue as a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q, QuerySet
from django.utils.translation import override

from catalog.exporters.google.writing import write_google_feed
from catalog.exporters.running import write_table
from catalog.exporters.selection import Scope, Selection
from catalog.models import Category, Product
from core.errors import DomainError
from markets.models import Market

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class Command(BaseCommand):
    """Writes the same files as the admin does, here and now."""

    help = "Export products as Portolan CSV or XLSX, which `import_products` reads, or as a Google product feed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=["csv", "xlsx", "google"], default="csv")
        parser.add_argument("--market", default="", help="prices and offers of this market only (needed for google)")
        parser.add_argument("--language", default="", choices=["", *LANGUAGES], help="words in this language only")
        parser.add_argument("--status", choices=["active", "draft", "archived"], help="products with this status only")
        parser.add_argument("--category", help="products in the category with this code, or below it")
        parser.add_argument("--brand", help="products of the brand with this code")
        parser.add_argument("--code", nargs="+", help="products with these codes")
        parser.add_argument("--no-vocabulary", action="store_true", help="without categories, options, attributes …")

    def handle(self, **options: Any) -> None:
        """Export; exit 1 when a filter names what there is not."""
        market, language = options["market"], options["language"]
        if market and not Market.objects.filter(code=market, active=True).exists():
            raise CommandError(f"There is no active market {market}.")
        products = _products(options)
        path: Path = options["file"]
        if options["format"] == "google":
            self._write_feed(path, products, market, language)
            return
        scope = Scope(
            market=market, languages=(language,) if language else (), has_vocabulary=not options["no_vocabulary"]
        )
        with override("en"):
            written = write_table(Selection(products), scope, path, format_code=options["format"])
        if written.too_long:
            self.stderr.write(f"{written.too_long} texts are longer than a worksheet can hold and were left empty.")
        self.stdout.write(f"{written.products} products in {written.rows} rows.")

    def _write_feed(self, path: Path, products: "QuerySet[Product]", market: str, language: str) -> None:
        if not market or not language:
            raise CommandError("A Google feed is of one market in one language: give --market and --language.")
        only = frozenset(Selection(products).ids)
        try:
            feed = write_google_feed(path, market_code=market, language=language, only=only)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        for reason, count in feed.left_out.items():
            self.stderr.write(f"{count} variants left out: {reason}")
        self.stdout.write(f"{feed.count} items.")


def _products(options: dict[str, Any]) -> "QuerySet[Product]":
    products = Product.objects.all()
    if options["status"]:
        products = products.filter(status=options["status"])
    if options["brand"]:
        products = products.filter(brand__code=options["brand"])
    if options["code"]:
        products = products.filter(code__in=options["code"])
    if options["category"]:
        category = Category.objects.filter(code=options["category"]).first()
        if category is None:
            raise CommandError(f"There is no category {options['category']}.")
        below = list(category.descendants(include_self=True).values_list("pk", flat=True))
        products = products.filter(Q(primary_category__in=below) | Q(categories__in=below))
    return products
