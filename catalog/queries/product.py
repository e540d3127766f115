"""The product page: one chosen combination, everything said about it, at most twelve queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from catalog import clock
from catalog.addresses import below_prefix, fragment_path, product_path, search_path
from catalog.listing.selection import Parameters
from catalog.listing.vocabulary import ValueInfo, option_values
from catalog.models import Product
from catalog.picker import Choice, Version, choose, selector_json, state_of
from catalog.prices.unit import unit_text
from catalog.prices.view import price_view, spread
from catalog.queries.cards import cards_for, tags_of
from catalog.queries.listing import breadcrumb_json_ld, menu_key
from catalog.queries.menu import crumbs_to
from catalog.queries.product_facts import details_of, dimensions_of, joined, lines, safety_of
from catalog.queries.product_gallery import gallery_of
from catalog.queries.product_json import OfferFacts, product_json_ld
from catalog.queries.product_reviews import (
    question_views,
    read_choice,
    review_rows,
    review_summary,
    review_views,
)
from catalog.queries.product_rows import (
    VariantRow,
    attribute_rows,
    market_copy,
    product_row,
    variant_rows,
)
from catalog.queries.product_sets import contents_of, set_ids
from catalog.queries.related import related_ids
from catalog.queries.size_guide import size_guide
from catalog.seo.languages import canonical_language
from catalog.seo.patterns import Meta, meta_of
from catalog.types import Crumb, Link, OptionChoice, OptionPicker, PriceTier, PriceView, ProductPage, StockState
from core.money import Money, format_money, round_half_up
from markets.duty.restricted import blocking_sentence
from markets.queries import active_markets, market_by_code
from markets.types import MarketContext

LOW_STOCK = 5
MOST_IN_CART = 99
RELATED = 4
PICKER_LIST_FROM = 13


@dataclass(frozen=True)
class Shown:
    """A product with one combination chosen."""

    market: MarketContext
    product: Product
    slug: str
    rows: tuple[VariantRow, ...]
    versions: tuple[Version, ...]
    choice: Choice
    values: Mapping[int, ValueInfo]

    @property
    def row(self) -> VariantRow | None:
        """The chosen variant; none for an impossible combination."""
        version = self.choice.version
        return next((row for row in self.rows if version is not None and row.id == version.variant_id), None)

    @property
    def path(self) -> str:
        return product_path(self.market, self.slug)

    @property
    def written_in(self) -> frozenset[str]:
        """The languages the product's name has words in."""
        return frozenset(self.product.languages_of("name"))

    @property
    def type_ids(self) -> Sequence[int]:
        ids: Sequence[int] = self.product.option_type_ids  # type: ignore[attr-defined]  # annotated by product_row
        return ids

    def to(self, chosen: Mapping[int, int]) -> str:
        """The address of a combination, with readable keys."""
        pairs = [
            (self.values[chosen[kind]].type_code, self.values[chosen[kind]].code)
            for kind in self.type_ids
            if kind in chosen and chosen[kind] in self.values
        ]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path


def product_page(market: MarketContext, slug: str, params: Parameters) -> ProductPage:
    """A product with the combination that `params` name. Raises `NotFound`, and `MovedTo` for an old slug."""
    shown = _shown(market, slug, params)
    product, row, language = shown.product, shown.row, market.language
    attributes = attribute_rows(product)
    wanted_reviews = read_choice(params, product)
    reviews = review_rows(product, wanted_reviews)
    gallery = gallery_of(market, product, [one.id for one in shown.rows], row.id if row else None)
    sets = set_ids(market, product.pk)
    near = related_ids(market, product.pk, product.primary_category_id, RELATED)
    cards = cards_for(market, list(dict.fromkeys((*near, *sets))))
    price, state = _price(shown), _stock_state(shown)
    name = product.text("name", language)
    url = shown.to(shown.choice.values)
    category_crumbs = crumbs_to(market, product.primary_category_id)
    crumbs = (Crumb(_("Home"), market.url_prefix), *category_crumbs, Crumb(name))
    brand = product.brand
    meta = _meta(shown, category_crumbs, price)
    return ProductPage(
        product_id=product.pk,
        variant_id=row.id if row else None,
        sku=row.sku if row else "",
        name=name,
        brand=Link(brand.name, f"{search_path(market)}?{urlencode({'q': brand.name})}") if brand else None,
        crumbs=crumbs,
        pictures=gallery.pictures,
        scale_picture=gallery.scale,
        films=gallery.films,
        summary=product.text("summary", language),
        description_html=product.text("description", language),
        selling_points=lines(product.text("selling_points", language)),
        details=details_of(attributes, row, language, market.units),
        dimensions=dimensions_of(attributes, row, language, market.units),
        usage=product.text("usage_notes", language),
        safety=safety_of(product, attributes, row.sku if row else "", language),
        price=price,
        tiers=_tiers(shown),
        tax_note=tax_note(market),
        pickers=_pickers(shown),
        selector_json=selector_json(shown.versions),
        stock_state=state,
        stock_place=(row.place or None) if row and state in {"in_stock", "low"} else None,
        max_quantity=_most(shown),
        reviews=review_views(reviews, wanted_reviews, market),
        review_summary=review_summary(product, wanted_reviews, url, len(reviews)),
        questions=question_views(product, market),
        related=tuple(card for card in cards if card.product_id not in sets),
        sets=tuple(card for card in cards if card.product_id in sets),
        contents=contents_of(market, product, row),
        size_guide=size_guide(market, product),
        tags=tags_of(product.new_until, price, clock.today()),
        canonical_url=_canonical(shown),
        meta_title=meta.title,
        meta_description=meta.description,
        json_ld=product_json_ld(product, row, OfferFacts(shown.path, price, state, gallery.pictures), market),
        options_text=_options_text(shown),
        url=url,
        fragment_url=fragment_path(market, slug),
        preorder_until=product.preorder_until,
        releases_on=row.release_on if row else None,
        presale_left=row.presale_left if row else None,
        presale_limit=row.presale_limit if row else None,
        prohibited=_prohibited(shown),
        is_download=product.product_type.kind == "virtual",
        weight_g=row.weight_g if row else 0,
        hs_code=(row.hs_code or "") if row else "",
        origin=(row.origin_country or "") if row else "",
        market_copy_html=market_copy(product, language),
        breadcrumb_json_ld=breadcrumb_json_ld(crumbs),
        menu_key=menu_key(market, product.primary_category_id),
        alternates=_alternates(shown),
        slug=shown.slug,
        written_in=shown.written_in,
        offered_in=_offered_in(shown),
    )


def tax_note(market: MarketContext) -> str:
    """Which sentence about tax and duty belongs to prices of this market."""
    if not market.prices_contain_tax:
        return "tax_added"
    return "tax_and_duty_included" if market.duty_mode == "ddp" else "tax_included"


def _shown(market: MarketContext, slug: str, params: Parameters) -> Shown:
    product = product_row(market, slug)
    rows = tuple(variant_rows(market, product))
    values = option_values(market.language)
    versions = tuple(
        Version(
            row.id,
            row.sku,
            {values[pk].type_id: pk for pk in row.value_ids if pk in values},
            _buyable(product, row),
        )
        for row in rows
    )
    wanted = {
        value.type_id: value.id
        for version in versions
        for value in (values[pk] for pk in version.values.values())
        if value.code in params.get(value.type_code, ())
    }
    choice = choose(versions, sku=(params.get("variant") or ("",))[-1], wanted=wanted)
    return Shown(market, product, slug, rows, versions, choice, values)


def _buyable(product: Product, row: VariantRow) -> bool:
    if row.release_on is not None:
        return row.presale_left != 0 and (row.available or 0) > 0
    return _waits(product) or not product.product_type.requires_shipping or (row.available or 0) > 0


def _waits(product: Product) -> bool:
    return product.preorder_until is not None and product.preorder_until > clock.now()


def _price(shown: Shown) -> PriceView:
    """The price of the chosen variant; of an impossible combination the lowest there is."""
    row = shown.row or min(shown.rows, key=lambda one: one.amount)
    amount = Money(row.amount, row.currency)
    return price_view(
        amount,
        list_amount=None if row.list_amount is None else Money(row.list_amount, row.currency),
        prior_low=None if row.prior_low is None else Money(row.prior_low, row.currency),
        from_price=shown.row is None and spread([Money(one.amount, one.currency) for one in shown.rows]),
        unit=unit_text(amount, row, shown.market),
        own=row.own,
    )


def _tiers(shown: Shown) -> tuple[PriceTier, ...]:
    """The chosen variant's quantity prices, each below the one before: one that saves nothing is left out."""
    row = shown.row
    if row is None:
        return ()
    found: list[PriceTier] = []
    lowest = Decimal(row.amount)
    for tier in row.tiers:
        amount = Decimal(tier["amount"])
        if amount < lowest:
            found.append(PriceTier(int(tier["quantity"]), round_half_up(amount, row.currency)))
            lowest = amount
    return tuple(found)


def _stock_state(shown: Shown) -> StockState:
    row = shown.row
    if row is None:
        return "out"
    if row.release_on is not None:
        return "preorder" if _buyable(shown.product, row) else "out"
    if (row.available or 0) > LOW_STOCK or not shown.product.product_type.requires_shipping:
        return "in_stock"
    if (row.available or 0) > 0:
        return "low"
    return "preorder" if _waits(shown.product) else "out"


def _most(shown: Shown) -> int:
    row = shown.row
    if row is None or not _buyable(shown.product, row):
        return 0
    bounds = [MOST_IN_CART, row.purchase_limit, row.max_cart_qty, row.presale_left, row.presale_limit]
    if (row.available or 0) > 0:
        bounds.append(row.available)
    return min(bound for bound in bounds if bound is not None)


def _prohibited(shown: Shown) -> str:
    row = shown.row
    if row is None or not shown.product.product_type.requires_shipping:
        return ""
    flags = [*row.restricted_flags, "battery"] if row.battery_flag else row.restricted_flags
    return blocking_sentence(country=shown.market.country, hs_code=row.hs_code or "", flags=flags, on=clock.today())


def _pickers(shown: Shown) -> tuple[OptionPicker, ...]:
    return tuple(_picker(shown, kind) for kind in shown.type_ids)


def _picker(shown: Shown, kind: int) -> OptionPicker:
    offered = {version.values[kind] for version in shown.versions if kind in version.values}
    values = sorted((shown.values[pk] for pk in offered), key=lambda value: (value.position, value.id))
    chosen = shown.choice.values
    choices = tuple(
        OptionChoice(
            value_key=value.code,
            label=value.label,
            hex=value.hex,
            selected=chosen.get(kind) == value.id,
            state=state_of(shown.versions, chosen, kind, value.id),
            url=shown.to({**chosen, kind: value.id}),
        )
        for value in values
    )
    selected = next((choice.label for choice in choices if choice.selected), "")
    first = values[0]
    looks: Any = "select" if len(values) >= PICKER_LIST_FROM else ("button" if first.input == "select" else first.input)
    return OptionPicker(first.type_code, first.type_label, looks, selected, choices)


def _options_text(shown: Shown) -> str:
    chosen = shown.choice.values
    return joined([shown.values[chosen[kind]].label for kind in shown.type_ids if kind in chosen])


def _meta(shown: Shown, shelves: Sequence[Crumb], price: PriceView) -> Meta:
    """The product's own words for search engines, else its market's pattern; the summary describes it at last."""
    product, market = shown.product, shown.market
    summary = product.text("summary", market.language)
    facts = {
        "name": product.text("name", market.language),
        "brand": product.brand.name if product.brand else "",
        "category": shelves[-1].label if shelves else "",
        "price": format_money(price.now, market.language, country=market.home_country),
        "summary": summary,
        "market": market.name,
    }
    own = Meta(product.text("meta_title", market.language), product.text("meta_description", market.language))
    found = meta_of(market, "product", own, facts)
    return replace(found, description=found.description or summary)


def _canonical(shown: Shown) -> str:
    """The page itself; without words of its own, the page in the language whose words it shows."""
    language = canonical_language(shown.market, shown.written_in)
    if language == shown.market.language:
        return shown.path
    slugs = {route["language"]: route["slug"] for route in shown.product.slugs}  # type: ignore[attr-defined]  # annotated by product_row
    there = market_by_code(shown.market.code, language=language)
    return product_path(there, slugs[language]) if language in slugs else shown.path


def _offered_in(shown: Shown) -> frozenset[str]:
    """Codes of the markets that show the product."""
    ids = set(shown.product.market_ids)  # type: ignore[attr-defined]  # annotated by product_row
    return frozenset(market.code for market in active_markets() if market.id in ids)


def _alternates(shown: Shown) -> dict[str, str]:
    """Language to the path below the prefix."""
    found = {}
    for route in shown.product.slugs:  # type: ignore[attr-defined]  # annotated by product_row
        there = market_by_code(shown.market.code, language=route["language"])
        if there.language == route["language"]:
            found[there.language] = below_prefix(there, product_path(there, route["slug"]))
    return found
