"""What products lack for being seen and sold: refusals and warnings, told before somebody publishes them.

The same number of queries for one product as for two hundred.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from catalog import clock
from catalog.models import PUBLIC, EffectivePrice, Product, ProductMarket, ProductMedia, Variant, VariantAvailability
from markets.names import language_name
from markets.queries import active_markets
from markets.tax.facts import tax_facts_for
from markets.types import MarketContext

INCOMPLETE: Mapping[str, str | Promise] = {
    "no_name": gettext_lazy("It has no name."),
    "no_variant": gettext_lazy("It has no variant on sale."),
    "options_incomplete": gettext_lazy("A variant lacks a value for one of the options."),
    "set_too_small": gettext_lazy("A set needs at least two components."),
}
"""Sentences for what `problems_of` says; each keeps a product from being put on sale."""


@dataclass(frozen=True, kw_only=True)
class Lack:
    """One thing that is missing. `market` is a market's code, empty for all of them."""

    code: str
    sentence: str
    market: str = ""
    is_refusal: bool = False


@dataclass
class _Known:
    """What was read of many products at once."""

    products: dict[int, Product]
    variants: dict[int, list[Variant]] = field(default_factory=lambda: defaultdict(list))
    hidden: set[tuple[int, int]] = field(default_factory=set)
    priced: set[tuple[int, int]] = field(default_factory=set)
    stocked: set[tuple[int, int]] = field(default_factory=set)
    pictured: set[int] = field(default_factory=set)


def lacks_of(product_ids: Collection[int], *, language: str) -> dict[int, tuple[Lack, ...]]:
    """What each product lacks, refusals first, in words of `language`. Seven queries."""
    known = _read(list(product_ids))
    markets = active_markets(language=language)
    return {
        pk: (*_refusals(product, known), *_everywhere(product, known), *_somewhere(product, known, markets, language))
        for pk, product in known.products.items()
    }


def _read(ids: list[int]) -> _Known:
    products = Product.objects.filter(pk__in=ids).select_related("product_type")
    rows = products.annotate(options_wanted=Count("options", distinct=True))
    known = _Known({row.pk: row for row in rows})
    live = Variant.objects.filter(product__in=ids, status=Variant.Status.ACTIVE).order_by("position", "pk")
    for variant in live.annotate(
        chosen=Count("option_values", distinct=True), parts=Count("components", distinct=True)
    ):
        known.variants[variant.product_id].append(variant)
    known.hidden.update(
        ProductMarket.objects.filter(product__in=ids, visible=False).values_list("product_id", "market_id")
    )
    prices = EffectivePrice.objects.filter(
        variant__product__in=ids, audience_key=PUBLIC, min_qty=1, variant__status=Variant.Status.ACTIVE
    )
    known.priced.update(prices.values_list("variant__product_id", "market_id").distinct())
    stock = VariantAvailability.objects.filter(variant__product__in=ids, variant__status=Variant.Status.ACTIVE)
    known.stocked.update(stock.values_list("variant__product_id", "market_id").distinct())
    known.pictured.update(ProductMedia.objects.filter(product__in=ids).values_list("product_id", flat=True).distinct())
    return known


def _refusals(product: Product, known: _Known) -> Iterator[Lack]:
    variants = known.variants[product.pk]
    wanted: int = product.options_wanted  # type: ignore[attr-defined]  # annotated above
    if not product.name:
        yield _refusal("no_name")
    if not variants:
        yield _refusal("no_variant")
    if any(row.chosen != wanted for row in variants):  # type: ignore[attr-defined]  # annotated above
        yield _refusal("options_incomplete")
    is_set = product.kind == Product.Kind.BUNDLE
    if is_set and any(row.parts < 2 for row in variants):  # type: ignore[attr-defined]  # annotated above
        yield _refusal("set_too_small")


def _refusal(code: str) -> Lack:
    return Lack(code=code, sentence=str(INCOMPLETE[code]), is_refusal=True)


def _everywhere(product: Product, known: _Known) -> Iterator[Lack]:
    variants = known.variants[product.pk]
    if product.product_type.requires_shipping and product.kind != Product.Kind.BUNDLE:
        unknown = [row.sku for row in variants if not (row.hs_code and row.origin_country)]
        if unknown:
            told = ngettext(
                "%(count)d variant lacks its goods code or its country of origin (%(skus)s): it cannot cross a border.",
                "%(count)d variants lack their goods code or their country of origin (%(skus)s): they cannot cross a"
                " border.",
                len(unknown),
            )
            yield Lack(code="no_customs_facts", sentence=told % {"count": len(unknown), "skus": _some(unknown)})
    if product.pk not in known.pictured:
        yield Lack(code="no_picture", sentence=_("It has no picture."))


def _somewhere(product: Product, known: _Known, markets: Sequence[MarketContext], language: str) -> Iterator[Lack]:
    day = clock.today()
    written = set(product.languages_of("name"))
    for market in markets:
        if (product.pk, market.id) in known.hidden:
            continue
        lack = partial(Lack, market=market.code)
        if (product.pk, market.id) not in known.priced:
            yield lack(code="no_price", sentence=_("No price in %(market)s.") % {"market": market.name})
            continue
        missing = [language_name(code, language) for code in market.languages if code not in written]
        if missing:
            names = pgettext("between items", ", ").join(missing)
            told = _("%(market)s: no name in %(languages)s.") % {"market": market.name, "languages": names}
            yield lack(code="no_translation", sentence=told)
        if product.product_type.requires_shipping and (product.pk, market.id) not in known.stocked:
            yield lack(code="no_stock_record", sentence=_("%(market)s: no stock record.") % {"market": market.name})
        if not _is_taxed(market, product.tax_category_id, day):
            told = _("%(market)s: no tax rate for “%(category)s”.")
            words = {"market": market.name, "category": product.tax_category_id}
            yield lack(code="no_tax_rate", sentence=told % words)


def _is_taxed(market: MarketContext, category: str, day: date) -> bool:
    """Whether some rate for the category, or the standard one, is known where the market is at home. No query warm."""
    facts = tax_facts_for(day)
    country = facts.taxed_as.get(market.home_country, market.home_country)
    tables = [table for (place, _region), table in facts.rates.items() if place == country]
    return category in facts.categories and any(category in table or "standard" in table for table in tables)


def _some(skus: Iterable[str]) -> str:
    """The first few."""
    shown = list(skus)
    return pgettext("between items", ", ").join(shown[:3]) + (" …" if len(shown) > 3 else "")
