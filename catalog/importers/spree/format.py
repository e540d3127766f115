"""The two entries: the product table, and a ZIP of it with `product_translations.csv`."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.importers.errors import FileRefused
from catalog.importers.foreign.currencies import Currencies
from catalog.importers.foreign.filesets import file_named, rows_of
from catalog.importers.foreign.languages import Languages
from catalog.importers.foreign.shelf import Shelf
from catalog.importers.foreign.tables import gathered, refuse_without
from catalog.importers.formats import CERTAIN, NO, Head, Kind, Row, Setting, Source, TableFormat, Unit
from catalog.importers.spree.columns import FIELDS, LEFT_ALONE, meaning
from catalog.importers.spree.products import Reader

PRODUCTS, TRANSLATIONS = "products.csv", "product_translations.csv"


class SpreeFormat(TableFormat):
    """The product table of Spree's export; a row for each variant and currency."""

    code = "spree"
    label: str | Promise = "Spree Commerce"
    fields = FIELDS
    left_alone = LEFT_ALONE
    signature = ("slug", "sku", "compare_at_price", "inventory_backorderable")

    def meaning_of(self, title: str) -> str | None:
        """Also custom fields."""
        return super().meaning_of(title) or meaning(title)

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per slug."""
        refuse_without(source, self, "slug", "sku", "name")
        return units(source.rows, setting, {})


class SpreeFilesFormat(SpreeFormat):
    """The table with the words in further languages, as two files of a ZIP."""

    code = "spree-files"
    label = gettext_lazy("Spree Commerce, ZIP with translations")
    kind = Kind.FILES

    def recognises(self, head: Head) -> int:
        """By the names of the two files."""
        return CERTAIN if head.kind == Kind.FILES and {PRODUCTS, TRANSLATIONS} <= set(head.names) else NO

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """The lines are those of the product table."""
        if source.files is None or file_named(source.files, PRODUCTS) is None:
            raise FileRefused(_("The archive has no file “%(name)s”.") % {"name": PRODUCTS})
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        with Shelf() as translations:
            if source.files is not None and TRANSLATIONS in source.files.names:
                for number, row in enumerate(source.files.rows(TRANSLATIONS), start=1):
                    translations.put(row.get("slug"), Row(number, row.values))
            rows = rows_of(source.files, PRODUCTS, self) if source.files is not None else iter(())
            yield from units(rows, setting, translations)


def units(rows: Iterator[Row], setting: Setting, translations: "Shelf | Mapping[str, Sequence[Row]]") -> Iterator[Unit]:
    """One unit per product, with its translations where there are any."""
    reader = Reader(setting, Currencies.of_shop(), Languages.of_shop())
    for together in gathered(rows, lambda row: row.get("slug")):
        slug = together[0].get("slug")
        words = translations.rows(slug) if isinstance(translations, Shelf) else translations.get(slug, ())
        yield Unit(slug, tuple(row.line for row in together), partial(reader.product, together, words))
