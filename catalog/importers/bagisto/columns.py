"""What each column of a Bagisto table means."""

from django.utils.translation import gettext_lazy as _

from catalog.importers.formats import Field

FIELDS = (
    Field("sku", _("SKU"), ("sku",), required=True),
    Field("parent", _("Parent product"), ("parent_sku",)),
    Field("locale", _("Language"), ("locale",)),
    Field("type", _("Kind of product"), ("type",), required=True),
    Field("categories", _("Categories"), ("categories",)),
    Field("images", _("Picture addresses"), ("images",)),
    Field("name", _("Name"), ("name",), required=True),
    Field("description", _("Description"), ("description",)),
    Field("summary", _("Summary"), ("short_description",)),
    Field("status", _("Published"), ("status",)),
    Field("visible", _("Visibility"), ("visible_individually",)),
    Field("length", _("Length"), ("length",)),
    Field("width", _("Width"), ("width",)),
    Field("height", _("Height"), ("height",)),
    Field("weight", _("Weight in kg (in lb for US dollars)"), ("weight",)),
    Field("tax_class", _("Tax class"), ("tax_category_name",)),
    Field("price", _("Price"), ("price",)),
    Field("special_price", _("Sale price"), ("special_price",)),
    Field("special_from", _("Sale begins"), ("special_price_from",)),
    Field("special_until", _("Sale ends"), ("special_price_to",)),
    Field("group_prices", _("Quantity prices"), ("customer_group_prices",)),
    Field("url_key", _("Handle"), ("url_key",)),
    Field("meta_title", _("Title for search engines"), ("meta_title",)),
    Field("meta_description", _("Description for search engines"), ("meta_description",)),
    Field("stock", _("Stock"), ("inventories",)),
    Field("variations", _("Variations"), ("configurable_variants",)),
    Field("bundle", _("Pieces of the set"), ("bundle_options",)),
    Field("grouped", _("Grouped products"), ("associated_skus",)),
    Field("booking", _("Bookings"), ("booking_options",)),
)
LEFT_ALONE = (
    "attribute_family_code", "new", "featured", "guest_checkout", "cost", "meta_keywords", "manage_stock",
    "related_skus", "cross_sell_skus", "up_sell_skus",
)  # fmt: skip
