"""The format's entry: rows to products. A row with a parent is a variant of it."""

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_lazy as _

from catalog.importers.foreign.currencies import Currencies
from catalog.importers.foreign.tables import gathered, refuse_without
from catalog.importers.formats import Field, Setting, Source, TableFormat, Unit, normal
from catalog.importers.shopware.products import Reader
from markets.models import Market

FIELDS = (
    Field("id", _("ID"), ("id",), required=True),
    Field("parent", _("Parent product"), ("parent_id",)),
    Field("sku", _("SKU"), ("product_number",), required=True),
    Field("active", _("Published"), ("active",)),
    Field("stock", _("Stock"), ("stock",)),
    Field("ean", _("GTIN"), ("ean",)),
    Field("max_purchase", _("Most per cart"), ("max_purchase",)),
    Field("name", _("Name"), ("name",), required=True),
    Field("description", _("Description"), ("description",)),
    Field("meta_title", _("Title for search engines"), ("meta_title",)),
    Field("meta_description", _("Description for search engines"), ("meta_description",)),
    Field("price_net", _("Price without tax"), ("price_net",)),
    Field("price_gross", _("Price with tax"), ("price_gross",)),
    Field("list_price_net", _("Price before, without tax"), ("list_price_net",)),
    Field("list_price_gross", _("Price before, with tax"), ("list_price_gross",)),
    Field("categories", _("Categories"), ("categories",)),
    Field("image", _("Picture address"), ("cover_media_url",)),
    Field("image_alt", _("Picture in words"), ("cover_media_alt",)),
    Field("more_images", _("Picture addresses"), ("media",)),
    Field("brand", _("Brand"), ("manufacturer_name",)),
    Field("weight", _("Weight in kg"), ("weight",)),
    Field("length", _("Length in mm"), ("length",)),
    Field("width", _("Width in mm"), ("width",)),
    Field("height", _("Height in mm"), ("height",)),
    Field("options", _("Options"), ("optionids", "options")),
    Field("properties", _("Properties"), ("propertyids", "properties")),
)


class ShopwareFormat(TableFormat):
    """Settings › Import/Export › Default product."""

    code = "shopware"
    label = "Shopware"
    fields = FIELDS
    left_alone = (
        "min_purchase", "purchase_steps", "tax_", "custom_fields", "cover_media", "manufacturer_", "shipping_free",
        "mark_as_topseller", "available_stock", "restock_time", "release_date", "purchase_prices", "delivery_time",
    )  # fmt: skip
    signature = ("id", "parent_id", "product_number", "tax_rate")

    def meaning_of(self, title: str) -> str | None:
        """Also `price_gross_usd`: a price in a currency."""
        plain = normal(title)
        head, _sign, currency = plain.rpartition("_")
        if head in ("price_net", "price_gross") and len(currency) == 3 and currency.isalpha():
            return f"{head}:{currency.upper()}"
        return super().meaning_of(title)

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per product with its variants."""
        refuse_without(source, self, "id", "sku", "name")
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        entries = dict(Market.objects.filter(active=True).values_list("code", "price_entry"))
        reader = Reader(setting, Currencies.of_shop(), entries)
        for rows in gathered(source.rows, lambda row: row.get("parent") or row.get("id")):
            yield Unit(rows[0].get("id"), tuple(row.line for row in rows), partial(reader.product, rows))
