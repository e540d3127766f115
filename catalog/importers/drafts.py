"""What an importer has understood of one product, whatever the format it came in.

One rule holds everywhere: what a file does not speak of is left out here and stays as it is in the shop. A field of
`ProductDraft` or `VariantDraft` at its default value counts as left out; a file that really means the default (a
weight that becomes 0, tags that are taken away) names the field in `told`. Mappings and tuples that may be None
follow the same rule: None says nothing, an empty one empties.

Words are per language. Codes may be left empty wherever a name is given: a stable code is made of the name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from catalog.drafts import ProductDraft, VariantDraft, Words
from catalog.importers.errors import RowProblem
from core.money import Money


@dataclass(frozen=True, kw_only=True)
class ImportedCategory:
    """A category by its path, the root first. `steps` are codes or names; `names` are words of the last step.

    Each step is looked up by code, then by its name in any language under the step before. With `create` the
    missing ones are made (under the names given); without it a path that leads nowhere leaves the product where it is.
    `codes` gives a code for each step that is to be made, or nothing. With `is_definition` the words and the position
    replace those the shop has. `above` says the same of the category before the last step.
    """

    steps: tuple[str, ...]
    codes: tuple[str, ...] = ()
    names: Words = field(default_factory=dict, hash=False)
    descriptions: Words = field(default_factory=dict, hash=False)
    position: int | None = None
    create: bool = False
    is_definition: bool = False
    above: "ImportedCategory | None" = None


@dataclass(frozen=True, kw_only=True)
class ImportedChoice:
    """A choice of an attribute or a value of an option; `name` is what the rows call it."""

    name: str
    code: str = ""
    names: Words = field(default_factory=dict, hash=False)
    hex: str | None = None
    position: int | None = None


@dataclass(frozen=True, kw_only=True)
class ImportedAttribute:
    """A detail's definition. It is made when the shop has none with this code (or, without a code, this name).

    `data_type` is enum, number, bool, text or date, and is not changed once the attribute exists; a detail that does
    not fit it is left out with a note. Names fill what is missing; with `is_definition` they replace, and so do the
    other facts that are given.
    """

    name: str
    data_type: str = "text"
    code: str = ""
    names: Words = field(default_factory=dict, hash=False)
    unit: str = ""
    section: str = ""
    filterable: bool | None = None
    searchable: bool | None = None
    comparable: bool | None = None
    position: int | None = None
    is_definition: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportedDetail:
    """A product's value of an attribute: exactly one field is filled, or none of them, which takes the detail away.

    `number` is in `unit` of the attribute. `text` is per language.
    """

    attribute: ImportedAttribute
    choices: tuple[ImportedChoice, ...] = ()
    number: Decimal | None = None
    text: Words | None = None
    flag: bool | None = None
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class ImportedOption:
    """An option as the file names it; codes are made where it is brought in.

    `values` are the names the variants use. `choices` knows more of some of them (code, words, colour). `input` is
    swatch, button or select.
    """

    name: str
    values: tuple[str, ...]
    code: str = ""
    names: Words = field(default_factory=dict, hash=False)
    input: str = ""
    position: int | None = None
    choices: tuple[ImportedChoice, ...] = ()
    is_definition: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportedPicture:
    """A picture (or film) by its address. `market` empty shows it everywhere; `role` is gallery, scale or life."""

    line: int
    url: str
    alt: str = ""
    alts: Words = field(default_factory=dict, hash=False)
    market: str = ""
    role: str = "gallery"


@dataclass(frozen=True, kw_only=True)
class ImportedPriceList:
    """A price list that is opened where the shop has none with this code; see `PriceListDraft`."""

    code: str
    market: str
    name: str = ""
    kind: str = "base"
    priority: int = 0
    audience_key: str = "public"
    begins: datetime | None = None
    ends: datetime | None = None
    parent: str | None = None
    adjust_bp: int | None = None
    charm_rule: Mapping[str, str] | None = field(default=None, hash=False)


@dataclass(frozen=True, kw_only=True)
class ImportedPrice:
    """An amount on the list `list_code`, or on the ordinary (`kind` base) or reduced (`sale`) list of `market`.

    Neither named: on the lists the import was started for. An amount of None takes the price off the list.
    """

    amount: Money | None
    list_code: str = ""
    market: str = ""
    kind: str = "base"
    min_qty: int = 1
    column: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportedComponent:
    """A piece of a set, by SKU. The SKU may come later in the file: the set waits for it."""

    sku: str
    quantity: int = 1
    price_weight: int = 1
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportedContact:
    """Who answers for a product (EU 2023/988). One of `email` and `website` is needed for a new one."""

    name: str
    code: str = ""
    postal_address: str = ""
    country: str = ""
    email: str = ""
    website: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportedBrand:
    """A brand with more than its name."""

    name: str
    code: str = ""
    stories: Words = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class ImportedType:
    """A product type; `kind` is physical, virtual, giftcard or service. It is made where the shop has none."""

    code: str
    name: str = ""
    kind: str = "physical"
    requires_shipping: bool = True


@dataclass(frozen=True, kw_only=True)
class ImportedOffer:
    """Whether and when a product is seen in a market, and that market's own words. None says nothing."""

    market: str
    visible: bool | None = None
    visible_from: datetime | None = None
    visible_until: datetime | None = None
    copy_html: str | None = None
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ImportedPresale:
    """How a variant is sold before it is there. Facts that `told` does not name stay as they are in the shop.

    `release_on` None in `told` ends the pre-sale.
    """

    release_on: date | None = None
    warehouse_code: str = ""
    most_in_all: int | None = None
    most_per_order: int | None = None
    most_per_customer: int | None = None
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ImportedDownloads:
    """How often and how long the files of a variant can be downloaded, and what the files are called.

    The files themselves are not in a table: `files` are names that the variant is expected to have.
    """

    most_downloads: int | None = None
    days: int | None = None
    gives_keys: bool = False
    files: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ImportedVariant:
    """A variant. `values` are option values by option name; no SKU means one is made.

    `price` (and `compare_at`, the higher one it was before) go on the lists of the import; `prices` name theirs.
    `quantity` is the opening stock of a variant that is new. `stock` sets what is on hand per warehouse code, also
    of variants that exist. `status` of the draft counts only when `told` names it.
    """

    line: int
    draft: VariantDraft
    values: dict[str, str] = field(default_factory=dict, hash=False)
    price: Money | None = None
    compare_at: Money | None = None
    prices: tuple[ImportedPrice, ...] = ()
    quantity: int | None = None
    stock: Mapping[str, int] = field(default_factory=dict, hash=False)
    picture_url: str = ""
    pictures: tuple[ImportedPicture, ...] | None = None
    components: tuple[ImportedComponent, ...] | None = None
    presale: ImportedPresale | None = None
    downloads: ImportedDownloads | None = None
    told: frozenset[str] = frozenset({"position"})


@dataclass(frozen=True, kw_only=True)
class ImportedProduct:
    """One product, ready to be brought in. `status` is active, draft, archived, or empty when the file does not say.

    Variants of the shop that the file does not name stay. `options` None leaves the product's options alone (and each
    variant must then exist). `pictures` are wanted in this order; pictures an operator added stay behind them.
    `category_name` puts a new product on the category of that name if there is one; `category` and
    `further_categories` do what they say. `details` set the attributes they name and leave the others.
    """

    line: int
    draft: ProductDraft
    vendor: str = ""
    category_name: str = ""
    options: tuple[ImportedOption, ...] | None = ()
    variants: tuple[ImportedVariant, ...] = ()
    pictures: tuple[ImportedPicture, ...] = ()
    status: str = ""
    is_shipped: bool | None = None
    notes: tuple[RowProblem, ...] = ()
    told: frozenset[str] = frozenset()
    product_type: ImportedType | None = None
    brand: ImportedBrand | None = None
    maker: ImportedContact | None = None
    responsible_person: ImportedContact | None = None
    category: ImportedCategory | None = None
    further_categories: tuple[ImportedCategory, ...] | None = None
    details: tuple[ImportedDetail, ...] = ()
    offers: tuple[ImportedOffer, ...] = ()
    price_lists: tuple[ImportedPriceList, ...] = ()
