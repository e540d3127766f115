"""Every change of the catalogue, one verb per function."""

from catalog.actions.derived import drain_dirty, mark_dirty, mark_due, refresh_derived
from catalog.actions.details import set_details
from catalog.actions.films import add_film
from catalog.actions.media import add_media, set_gallery, set_variant_pictures
from catalog.actions.prices import (
    NewPrice,
    PriceListDraft,
    close_price_list,
    open_price_list,
    publish_price,
    remove_price,
    set_price,
    set_prices,
)
from catalog.actions.products import (
    activate_product,
    archive_product,
    create_product,
    deactivate_product,
    offer_product,
    set_components,
    update_product,
)
from catalog.actions.questions import QuestionDraft, answer_question, ask_question, reject_question
from catalog.actions.reviews import (
    ReviewDraft,
    add_review,
    answer_review,
    approve_review,
    reject_review,
    vote_review,
)
from catalog.actions.routes import route
from catalog.actions.sales import count_sales, note_sold
from catalog.actions.stock import note_availability
from catalog.actions.variants import add_variant, archive_variant, fix_skus, update_variant
from catalog.actions.vocabulary import (
    put_attribute,
    put_attribute_option,
    put_brand,
    put_category,
    put_maker,
    put_option_type,
    put_option_value,
    put_product_type,
)

__all__ = [
    "NewPrice",
    "PriceListDraft",
    "QuestionDraft",
    "ReviewDraft",
    "activate_product",
    "add_film",
    "add_media",
    "add_review",
    "add_variant",
    "answer_question",
    "answer_review",
    "approve_review",
    "archive_product",
    "archive_variant",
    "ask_question",
    "close_price_list",
    "count_sales",
    "create_product",
    "deactivate_product",
    "drain_dirty",
    "fix_skus",
    "mark_dirty",
    "mark_due",
    "note_availability",
    "note_sold",
    "offer_product",
    "open_price_list",
    "publish_price",
    "put_attribute",
    "put_attribute_option",
    "put_brand",
    "put_category",
    "put_maker",
    "put_option_type",
    "put_option_value",
    "put_product_type",
    "refresh_derived",
    "reject_question",
    "reject_review",
    "remove_price",
    "route",
    "set_components",
    "set_details",
    "set_gallery",
    "set_price",
    "set_prices",
    "set_variant_pictures",
    "update_product",
    "update_variant",
    "vote_review",
]
