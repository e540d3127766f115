"""What a form, an import or a seed wants a product to be. Values only; the actions decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Words = Mapping[str, str]
"""Language code to words."""


@dataclass(frozen=True, kw_only=True)
class ProductDraft:
    """A product. Things it refers to are named by their codes; `options` are option types in order.

    `texts` maps a translated field (`name`, `summary`, `description`, `selling_points`, `usage_notes`,
    `safety_warnings`, `search_words`, `meta_title`, `meta_description`) to words per language. `slugs` are made
    from the name where they are not given.
    """

    code: str
    product_type: str
    texts: Mapping[str, Words]
    tax_category: str = "standard"
    options: tuple[str, ...] = ()
    slugs: Words = field(default_factory=dict)
    brand: str | None = None
    maker: str | None = None
    responsible_person: str | None = None
    primary_category: str | None = None
    categories: tuple[str, ...] = ()
    kind: str = "simple"
    model_code: str = ""
    tags: tuple[str, ...] = ()
    merchant_code: str = ""
    released_at: datetime | None = None
    preorder_until: datetime | None = None
    new_until: date | None = None
    featured_rank: int = 1000


@dataclass(frozen=True, kw_only=True)
class VariantDraft:
    """A variant: `values` maps an option type's code to the code of the chosen value."""

    sku: str
    values: Words = field(default_factory=dict)
    gtin: str = ""
    status: str = "active"
    position: int = 0
    weight_g: int = 0
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    content_amount: Decimal | None = None
    content_unit: str = ""
    hs_code: str | None = None
    origin_country: str | None = None
    customs_description: str = ""
    battery_flag: bool = False
    restricted_flags: tuple[str, ...] = ()
    purchase_limit: int | None = None
    max_cart_qty: int | None = None


@dataclass(frozen=True, kw_only=True)
class Detail:
    """A value of an attribute: exactly one field is filled. `options` are choice codes; `text` is per language."""

    attribute: str
    options: tuple[str, ...] = ()
    number: Decimal | None = None
    text: Words | None = None
    flag: bool | None = None
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class GalleryPicture:
    """A place in a product's gallery."""

    asset_id: int
    role: str = "gallery"
    market_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class AttributePlace:
    """Where an attribute stands and who reads it. None leaves a fact as it is."""

    section: str = "details"
    position: int | None = None
    searchable: bool | None = None
    comparable: bool | None = None
