"""What each column of a Magento table means, and how it packs lists into cells."""

from django.utils.translation import gettext_lazy as _

from catalog.importers.foreign.measures import without_unit
from catalog.importers.formats import Field, normal

FIELDS = (
    Field("sku", _("SKU"), ("sku",), required=True),
    Field("view", _("Store view"), ("store_view_code",)),
    Field("type", _("Kind of product"), ("product_type",)),
    Field("categories", _("Categories"), ("categories", "category")),
    Field("name", _("Name"), ("name",), required=True),
    Field("description", _("Description"), ("description",)),
    Field("summary", _("Summary"), ("short_description",)),
    Field("weight", _("Weight in kg (in lb for US dollars)"), ("weight",)),
    Field("online", _("Published"), ("product_online",)),
    Field("tax_class", _("Tax class"), ("tax_class_name",)),
    Field("visibility", _("Visibility"), ("visibility",)),
    Field("price", _("Price"), ("price",)),
    Field("special_price", _("Sale price"), ("special_price",)),
    Field("special_from", _("Sale begins"), ("special_price_from_date",)),
    Field("special_until", _("Sale ends"), ("special_price_to_date",)),
    Field("url_key", _("Handle"), ("url_key",)),
    Field("meta_title", _("Title for search engines"), ("meta_title",)),
    Field("meta_description", _("Description for search engines"), ("meta_description",)),
    Field("base_image", _("Picture address"), ("base_image",)),
    Field("more_images", _("Picture addresses"), ("additional_images",)),
    Field("new_until", _("New until"), ("new_to_date",)),
    Field("origin", _("Country of origin"), ("country_of_manufacture",)),
    Field("attributes", _("Attributes"), ("additional_attributes",)),
    Field("stock", _("Stock"), ("qty",)),
    Field("in_stock", _("In stock"), ("is_in_stock",)),
    Field("variations", _("Variations"), ("configurable_variations",)),
    Field("bundle", _("Pieces of the set"), ("bundle_values",)),
    Field("grouped", _("Grouped products"), ("associated_skus", "associated_sku")),
    Field("download", _("File to download"), ("downloadable_links", "links_title")),
    Field("sample_bundle", _("Pieces of the set, as in the sample data"), ("bundle_options",)),
    Field("sample_set", _("Attribute set, as in the sample data"), ("attribute_set",)),
)
SAMPLE_ATTRIBUTES = {
    "activity", "category_gear", "gender", "material", "features_bags", "strap_bags", "style_bags", "pattern", "format",
    "eco_collection", "performance_fabric", "erin_recommends",
}  # fmt: skip
LEFT_ALONE = (
    "attribute_set_code", "product_websites", "small_image", "thumbnail_image", "base_image_label", "swatch_image",
    "additional_image_labels", "created_at", "updated_at", "new_from_date", "display_product_options_in", "map_",
    "msrp_", "gift_message", "custom_", "page_layout", "product_options_container", "out_of_stock_qty", "use_config",
    "min_cart_qty", "max_cart_qty", "is_qty_decimal", "is_decimal_divided", "allow_backorders", "notify_on_stock",
    "manage_stock", "qty_increments", "enable_qty", "website_id", "configurable_variation_", "meta_keywords",
    "related_", "crosssell_", "upsell_", "hide_from_product_page", "bundle_", "deferred_stock", "samples_title",
    "downloadable_samples", "links_purchased_separately", "new", "sale", "special_price",
)  # fmt: skip


def meaning(title: str) -> str | None:
    """A field beside those of `FIELDS`: attributes the sample data keeps in columns, and a weight with its unit."""
    plain = normal(title)
    if plain in SAMPLE_ATTRIBUTES:
        return f"attribute:{plain}"
    return "weight" if without_unit(plain) == "weight" else None
