"""Worlds with products. `make_product` and `sellable_variant` go through the actions, so what they make is valid.

Rows that no action makes alone (a bare product or variant) have factories below.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

import factory
from django.db.models import Q
from django.utils import timezone
from PIL import Image

from catalog import actions
from catalog.drafts import Detail, ProductDraft, VariantDraft
from catalog.models import Category, MediaAsset, OptionType, PriceList, Product, ProductType, Variant
from catalog.types import Availability
from core.money import Money
from markets.models import Market
from tests.factories.markets import TaxCategoryFactory
from tests.factories.plain import plain_product

_numbers = count(1)


class ProductTypeFactory(factory.django.DjangoModelFactory[ProductType]):
    class Meta:
        model = ProductType
        django_get_or_create = ("code",)

    code = "goods"
    name = "Goods"


class CategoryFactory(factory.django.DjangoModelFactory[Category]):
    class Meta:
        model = Category

    code = factory.Sequence(lambda n: f"shelf-{n}")
    name = factory.LazyAttribute(lambda made: made.code.title())


class ProductFactory(factory.django.DjangoModelFactory[Product]):
    """A bare active product; it is not visible before it has a priced variant and was derived."""

    class Meta:
        model = Product

    code = factory.Sequence(lambda n: f"thing-{n}")
    name = factory.LazyAttribute(lambda made: made.code.title())
    product_type = factory.SubFactory(ProductTypeFactory)
    tax_category = factory.SubFactory(TaxCategoryFactory)
    status = Product.Status.ACTIVE


class VariantFactory(factory.django.DjangoModelFactory[Variant]):
    """A bare variant without a price."""

    class Meta:
        model = Variant

    product = factory.SubFactory(ProductFactory)
    sku = factory.Sequence(lambda n: f"SKU-{n}")
    signature = factory.LazyAttribute(lambda made: f"only={made.sku}")
    weight_g = 500
    hs_code = "691200"
    origin_country = "JP"
    customs_description = "Ceramic tableware"


def picture(code: str, *, width: int = 1000, height: int = 1250, alt: Mapping[str, str] | None = None) -> MediaAsset:
    """A small real picture."""
    out = BytesIO()
    Image.new("RGB", (width, height), (200, len(code) * 7 % 256, 180)).save(out, "PNG")
    return actions.add_media(code=code, content=out.getvalue(), alt=alt or {"en": f"Picture {code}"})


def price_list(market: str, **facts: Any) -> PriceList:
    """The market's ordinary price list, or another one."""
    facts.setdefault("code", f"{market}-base")
    return actions.open_price_list(draft=actions.PriceListDraft(market_code=market, **facts))


def option(code: str, values: Mapping[str, str | None], *, input: str = "button") -> OptionType:  # noqa: A002 (the model's word)
    """An option with values: code to colour (or none)."""
    made = actions.put_option_type(code=code, names={"en": code.title()}, input=input)
    for position, (value, colour) in enumerate(values.items()):
        actions.put_option_value(
            option_type=code, code=value, names={"en": value.title()}, hex=colour, position=position
        )
    return made


def make_product(
    code: str | None = None,
    *,
    names: Mapping[str, str] | None = None,
    category: str | None = None,
    options: Mapping[str, Sequence[str]] | None = None,
    combinations: Sequence[Mapping[str, str]] | None = None,
    prices: Mapping[str, str | Sequence[str]] | None = None,
    stock: int | Sequence[int] = 10,
    details: Sequence[Detail] = (),
    draft: Mapping[str, Any] | None = None,
    variant: Mapping[str, Any] | None = None,
    active: bool = True,
    refresh: bool = True,
) -> Product:
    """A product on sale: one variant per combination, priced in each market of `prices`, with stock.

    Without `combinations` there is one variant per value of the only option, or one variant alone. Prices are
    one per market, or one per variant.
    """
    code = code or f"product-{next(_numbers)}"
    told = names or {"en": code.replace("-", " ").title()}
    wanted = prices if prices is not None else _one_price_everywhere()
    facts = {"weight_g": 500, "hs_code": "691200", "origin_country": "JP", **(variant or {})}
    is_plain = not (category or options or combinations or details or draft) and active and refresh
    if is_plain and isinstance(stock, int) and all(isinstance(amount, str) for amount in wanted.values()):
        lists = _lists(wanted)
        if lists is not None:
            return plain_product(code=code, names=told, variant=facts, prices=lists, stock=stock)
    TaxCategoryFactory()
    ProductTypeFactory()
    if category is not None and not Category.objects.filter(code=category).exists():
        actions.put_category(code=category, texts={"name": {"en": category.title()}})
    product = actions.create_product(
        draft=ProductDraft(
            code=code,
            product_type="goods",
            texts={"name": dict(told), **(draft or {}).get("texts", {})},
            options=tuple(options or {}),
            primary_category=category,
            **{key: value for key, value in (draft or {}).items() if key != "texts"},
        )
    )
    for position, values in enumerate(combinations or _combinations(options or {})):
        named = {"sku": "-".join([code.upper(), *values.values()]).upper(), **facts}
        actions.add_variant(product_id=product.pk, draft=VariantDraft(values=values, position=position, **named))
    if details:
        actions.set_details(product_id=product.pk, details=details)
    variants = list(product.variants.order_by("position", "pk"))
    _put_prices(variants, wanted)
    amounts = [stock] * len(variants) if isinstance(stock, int) else list(stock)
    put_stock(dict(zip([row.pk for row in variants], amounts, strict=True)))
    if active:
        actions.activate_product(product_id=product.pk)
    if refresh:
        actions.refresh_derived(product_ids=[product.pk])
    return Product.objects.get(pk=product.pk)


def put_stock(amounts: Mapping[int, int]) -> None:
    """So many of each variant can be sold, in every market."""
    markets = list(Market.objects.values_list("pk", flat=True))
    actions.note_availability(
        changes=[
            Availability(variant_id, market_id, amount, "leipzig")
            for variant_id, amount in amounts.items()
            for market_id in markets
        ]
    )


def sellable_variant(*, price: str = "20.00", stock: int = 10, market: str = "de", **facts: Any) -> Variant:
    """The only variant of a product on sale in one market, with `stock` noted and a price in its currency."""
    product = make_product(prices={market: price}, stock=stock, **facts)
    return Variant.objects.get(product=product)


def many_products(how_many: int, **facts: Any) -> list[Product]:
    """Products that differ in name and price only, derived together."""
    made = [make_product(prices={"de": f"{10 + number}.00"}, refresh=False, **facts) for number in range(how_many)]
    actions.refresh_derived(product_ids=[product.pk for product in made])
    return made


def approved_review(product: Product, *, rating: int = 5, language: str = "en", **facts: Any) -> None:
    """A review that is shown."""
    market = Market.objects.order_by("position").values_list("code", flat=True)[0]
    facts = {
        "author_name": "A buyer",
        "title": "Good",
        "body": "It works.",
        "written_on": timezone.now().date(),
        **facts,
    }
    review = actions.add_review(
        draft=actions.ReviewDraft(product_id=product.pk, market_code=market, language=language, rating=rating, **facts)
    )
    actions.approve_review(review_id=review.pk)


def _combinations(options: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    combinations: list[dict[str, str]] = [{}]
    for code, values in options.items():
        combinations = [{**one, code: value} for one in combinations for value in values]
    return combinations


def _one_price_everywhere() -> dict[str, str]:
    rows = Market.objects.filter(active=True).values_list("code", "currency__exponent")
    return {code: "20" if exponent == 0 else "20.00" for code, exponent in rows}


def _lists(prices: Mapping[str, Any]) -> dict[PriceList, str] | None:
    """The ordinary price list of each market with the amount on it; None where lists follow others."""
    codes = {f"{market}-base": market for market in prices}
    found = {row.code: row for row in PriceList.objects.filter(Q(code__in=codes) | Q(parent__isnull=False))}
    if set(found) - set(codes):
        return None
    return {found.get(code) or price_list(market): prices[market] for code, market in codes.items()}


def _put_prices(variants: list[Variant], prices: Mapping[str, str | Sequence[str]]) -> None:
    known = PriceList.objects.in_bulk([f"{market}-base" for market in prices], field_name="code")
    for market, wanted in prices.items():
        row = known.get(f"{market}-base") or price_list(market)
        amounts = [wanted] * len(variants) if isinstance(wanted, str) else list(wanted)
        actions.set_prices(
            price_list_id=row.pk,
            prices=[
                actions.NewPrice(variant_id=variant.pk, amount=Money(Decimal(amount), row.currency))
                for variant, amount in zip(variants, amounts, strict=True)
            ],
        )
