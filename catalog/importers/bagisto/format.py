"""The two entries: the product table, and the words of products in many languages (`product_translations.json`)."""

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_lazy as _

from catalog.importers.bagisto.columns import FIELDS, LEFT_ALONE
from catalog.importers.bagisto.products import Reader
from catalog.importers.bagisto.words import name_of, read_words
from catalog.importers.foreign.languages import Languages
from catalog.importers.foreign.packed import packed_rows
from catalog.importers.foreign.shelf import Shelf
from catalog.importers.foreign.tables import gathered, refuse_without
from catalog.importers.formats import Field, Kind, Setting, Source, TableFormat, Unit


class BagistoFormat(TableFormat):
    """The table of Settings › Data transfer › Exports: a row for each product and language."""

    code = "bagisto"
    label = "Bagisto"
    fields = FIELDS
    left_alone = LEFT_ALONE
    signature = ("sku", "parent_sku", "attribute_family_code", "configurable_variants")

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per product with its variants."""
        refuse_without(source, self, "sku", "type", "name")
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        reader = Reader(setting, Languages.of_shop())
        with Shelf() as shelf:
            for row in source.rows:
                shelf.put(row.get("sku") or f"line:{row.line}", row)
            for sku, rows in shelf.groups():
                if rows[0].get("parent"):
                    parent = shelf.rows(rows[0].get("parent"))
                    if not parent:
                        yield Unit(sku, tuple(row.line for row in rows), partial(reader.orphan, rows[0]))
                    continue
                variations = packed_rows(rows[0].get("variations"))
                variants = {each["sku"]: shelf.rows(each["sku"]) for each in variations if "sku" in each}
                lines = [row.line for row in rows] + [row.line for found in variants.values() for row in found]
                yield Unit(sku, tuple(sorted(lines)), partial(reader.product, rows, variations, variants))


class BagistoWordsFormat(TableFormat):
    """JSON records of `product_id`, `locale` and the words; for products that are here already, or as drafts."""

    code = "bagisto-words"
    label = _("Bagisto, words of products in many languages")
    kind = Kind.RECORDS
    fields = (
        Field("product_id", _("Number of the product"), ("product_id",), required=True),
        Field("locale", _("Language"), ("locale",), required=True),
        Field("name", _("Name"), ("name",), required=True),
        Field("summary", _("Summary"), ("short_description",)),
        Field("description", _("Description"), ("description",)),
        Field("meta_title", _("Title for search engines"), ("meta_title",)),
        Field("meta_description", _("Description for search engines"), ("meta_description",)),
    )
    left_alone = ("meta_keywords",)
    signature = ("product_id", "locale", "name", "short_description")

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per product number."""
        refuse_without(source, self, "product_id", "locale", "name")
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        languages = Languages.of_shop()
        names: set[str] = set()
        for rows in gathered(source.rows, lambda row: row.get("product_id")):
            lines = tuple(row.line for row in rows)
            name = name_of(rows, setting, languages)
            whole = next((other for other in names if name.startswith(f"{other}-")), None)
            if name and whole is None:
                names.add(name)
            yield Unit(rows[0].get("product_id"), lines, partial(read_words, rows, setting, languages, whole))
