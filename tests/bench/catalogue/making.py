"""A catalogue of any size: the vocabulary through the shop's own actions, products and variants in bulk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from django.core.management import call_command

from catalog import actions
from catalog.models import (
    AttributeDef,
    AttributeOption,
    Brand,
    Category,
    MediaAsset,
    OptionType,
    OptionValue,
    Price,
    PriceList,
    Product,
    ProductAttribute,
    ProductMedia,
    ProductOption,
    Review,
    Route,
    Variant,
    VariantAvailability,
    VariantOption,
)
from content.demo.seeding.logistics import seed_delivery, seed_warehouses
from inventory.models import StockItem, Warehouse
from markets.models import Market, TaxCategory
from tests.bench.catalogue.copying import copy_rows, follow_ids, unchecked
from tests.bench.catalogue.words import CHOICES, COLOURS, SIZES, Tree, brands, product_name, tree

MARKETS = ("de", "us")
VARIANTS = 3
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
PICTURES = 40


def make_catalogue(how_many: int) -> None:
    """Products 1 to `how_many` with three variants each: prices in two markets, stock, details, pictures, addresses."""
    call_command("load_reference", verbosity=0)
    seed_warehouses()
    seed_delivery()
    words = _vocabulary()
    with unchecked():
        _products(how_many, words)
        _variants(how_many, words)
        _details(how_many, words)
        _reviews(how_many)
        _stock(how_many)
    follow_ids(Product, Variant, Route, Review)


class _Words:
    """The vocabulary's ids."""

    def __init__(self, shelves: Tree) -> None:
        codes = dict(Category.objects.values_list("code", "pk"))
        self.leaves = [codes[leaf.code] for leaf in shelves.leaves]
        self.brands = list(Brand.objects.order_by("pk").values_list("pk", flat=True))
        self.colour, self.size = (OptionType.objects.get(code=code) for code in ("colour", "size"))
        self.colours, self.sizes = (
            list(OptionValue.objects.filter(option_type=kind).order_by("position").values_list("pk", "code"))
            for kind in (self.colour, self.size)
        )
        self.attributes = dict(AttributeDef.objects.values_list("code", "pk"))
        self.choices = {
            code: list(AttributeOption.objects.filter(attribute__code=code).values_list("pk", flat=True))
            for code in CHOICES
        }
        self.lists = {market: PriceList.objects.get(code=f"{market}-base") for market in MARKETS}
        self.pictures = list(MediaAsset.objects.order_by("pk").values_list("pk", flat=True))


def _vocabulary() -> _Words:
    shelves = tree()
    codes = {shelf.id: shelf.code for shelf in shelves.shelves}
    for position, shelf in enumerate(shelves.shelves):
        parent = codes.get(shelf.parent_id or 0)
        texts = {"name": {"en": shelf.name, "de": f"{shelf.name} DE"}}
        actions.put_category(code=shelf.code, texts=texts, parent=parent, position=position)
    for name in brands():
        actions.put_brand(code=name.lower(), name=name)
    _filters()
    actions.put_product_type(code="goods", name="Goods")
    for market in MARKETS:
        actions.open_price_list(draft=actions.PriceListDraft(market_code=market, code=f"{market}-base"))
    facts = {"file": "catalog/bench.webp", "width": 1000, "height": 1250, "widths": [400, 800]}
    MediaAsset.objects.bulk_create(MediaAsset(code=f"bench-{n}", alt="A thing", **facts) for n in range(PICTURES))
    return _Words(shelves)


def _filters() -> None:
    for code, values in (("colour", COLOURS), ("size", SIZES)):
        actions.put_option_type(code=code, names={"en": code.title()})
        for position, value in enumerate(values):
            actions.put_option_value(option_type=code, code=value, names={"en": value.title()}, position=position)
    for code, choices in CHOICES.items():
        actions.put_attribute(code=code, names={"en": code.title()}, data_type="enum", filterable=True)
        for choice in choices:
            actions.put_attribute_option(attribute=code, code=choice, names={"en": choice.title()})
    for code, unit in (("height", "cm"), ("volume", "l")):
        actions.put_attribute(code=code, names={"en": code.title()}, data_type="number", unit=unit, filterable=True)
    actions.put_attribute(code="dishwasher", names={"en": "Dishwasher safe"}, data_type="bool", filterable=True)


def _products(how_many: int, words: _Words) -> None:
    goods = actions.put_product_type(code="goods", name="Goods").pk
    tax = TaxCategory.objects.order_by("pk").values_list("pk", flat=True)[0]

    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(1, how_many + 1):
            chance = Random(number)
            name = f"{product_name(chance)} {number}"
            since = BEGAN + timedelta(seconds=chance.randrange(20_000_000))
            rated = number % 10 == 0
            yield (
                number, f"thing-{number}", goods, tax, "active", name, f"{name} for every day.",
                f"<p>A {name.lower()} that lasts. Made of good material, tested, and easy to repair.</p>",
                {"name_de": f"{name} DE", "summary_de": f"{name} DE für jeden Tag."},
                words.brands[min(int(chance.expovariate(1 / 40)), len(words.brands) - 1)],
                words.leaves[chance.randrange(len(words.leaves))], chance.randrange(5000), since, since,
                "4.00" if rated else None, 2 if rated else 0, [0, 0, 1, 0, 1] if rated else [],
            )  # fmt: skip

    copy_rows(
        Product,
        ["id", "code", "product_type", "tax_category", "status", "name", "summary", "description", "i18n", "brand",
         "primary_category", "featured_rank", "created", "released_at", "rating_avg", "rating_count",
         "rating_counts"],
        rows(),
    )  # fmt: skip
    numbers = range(1, how_many + 1)
    copy_rows(
        Route,
        ["language", "slug", "product"],
        ((language, f"thing-{number}", number) for number in numbers for language in ("de", "en")),
    )
    copy_rows(
        ProductMedia,
        ["product", "asset", "position"],
        ((number, words.pictures[(number + at) % PICTURES], at) for number in numbers for at in range(2)),
    )


def _combinations(number: int, words: _Words) -> list[tuple[tuple[int, str], tuple[int, str]]]:
    chance = Random(-number)
    everything = [(colour, size) for colour in words.colours for size in words.sizes]
    return chance.sample(everything, VARIANTS)


def _variants(how_many: int, words: _Words) -> None:
    copy_rows(
        ProductOption,
        ["id", "product", "option_type", "position"],
        (
            (2 * number - 1 + at, number, kind.pk, at)
            for number in range(1, how_many + 1)
            for at, kind in enumerate((words.colour, words.size))
        ),
    )
    every = [
        (VARIANTS * (number - 1) + at + 1, number, at, *pair)
        for number in range(1, how_many + 1)
        for at, pair in enumerate(_combinations(number, words))
    ]
    copy_rows(
        Variant,
        ["id", "product", "sku", "signature", "value_ids", "position", "weight_g", "hs_code", "origin_country"],
        (
            (pk, number, f"T{number}-{at}", f"colour={colour[1]}|size={size[1]}", sorted((colour[0], size[0])), at,
             500, "691200", "JP")
            for pk, number, at, colour, size in every
        ),
    )  # fmt: skip
    copy_rows(
        VariantOption,
        ["variant", "product_option", "option_value", "product", "option_type"],
        (
            (pk, 2 * number - 1 + which, value[0], number, kind.pk)
            for pk, number, _at, *pair in every
            for which, (kind, value) in enumerate(zip((words.colour, words.size), pair, strict=True))
        ),
    )
    for market, row in words.lists.items():
        prices = ((row.pk, pk, 1, _amount(pk, market), row.currency) for pk, *_rest in every)
        copy_rows(Price, ["price_list", "variant", "min_qty", "amount", "amount_currency"], prices)


def _amount(variant: int, market: str) -> Decimal:
    return Decimal(Random(f"{variant} {market}").randrange(300, 40_000)) / 100


def _details(how_many: int, words: _Words) -> None:
    numbers = range(1, how_many + 1)
    copy_rows(
        ProductAttribute,
        ["product", "attribute", "option"],
        (
            (number, words.attributes[code], Random(f"{number} {code}").choice(choices))
            for number in numbers
            for code, choices in words.choices.items()
        ),
    )
    copy_rows(
        ProductAttribute,
        ["product", "attribute", "number"],
        (
            (number, words.attributes[code], Random(f"{number} {code}").randrange(1, 2000) / Decimal(10))
            for number in numbers
            for code in ("height", "volume")
        ),
    )
    copy_rows(
        ProductAttribute,
        ["product", "attribute", "bool_value"],
        ((number, words.attributes["dishwasher"], number % 3 == 0) for number in numbers),
    )


def _reviews(how_many: int) -> None:
    market = Market.objects.get(code=MARKETS[0]).pk
    copy_rows(
        Review,
        ["product", "market", "language", "rating", "title", "body", "author_name", "state", "written_on"],
        (
            (
                number,
                market,
                "en",
                stars,
                "As described",
                "It does what it should.",
                "A buyer",
                "approved",
                BEGAN.date(),
            )
            for number in range(10, how_many + 1, 10)
            for stars in (3, 5)
        ),
    )


def _stock(how_many: int) -> None:
    """Two of three variants are in stock; the ledger of movements is left out, nothing is bought here."""
    place = Warehouse.objects.filter(priorities__market__code=MARKETS[0]).order_by("pk")[0]
    served = Market.objects.filter(pk__in=place.priorities.values("market")).values_list("pk", flat=True)
    stocked = [(pk, 5 if pk % 3 else 0) for pk in range(1, VARIANTS * how_many + 1)]
    copy_rows(StockItem, ["warehouse", "variant", "on_hand"], ((place.pk, pk, left) for pk, left in stocked))
    copy_rows(
        VariantAvailability,
        ["variant", "market", "available_total", "place_code"],
        ((pk, market, left, place.code) for pk, left in stocked if left for market in served),
    )
