"""What the catalogue knows of a market's readiness: translations, prices, customs facts, sizes."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catalog.models import PUBLIC, Price, PriceList, Product, ProductMarket, Variant
from catalog.size_guide import own_column
from catalog.translating.completeness import coverage
from catalog.translating.matching import TextFilter, tallies_of
from catalog.translating.registry import source_language
from markets.models import Market, SizeTable
from markets.names import language_name
from markets.readiness import Area, Lack, Measure, register
from markets.readiness.own import countries_served, spoken

NAMED = 8


def translations(market: Market) -> Measure:
    """Texts of the catalogue with up-to-date words in the languages of the market."""
    languages = [code for code in spoken(market) if code != source_language()]
    rows = coverage(tallies_of(TextFilter.of({})), languages)
    lacks = [
        Lack(
            sentence=_("%(language)s: %(percent)d%% of the texts are translated.")
            % {"language": language_name(row.language, get_language() or "en"), "percent": row.fields_percent},
            url=f"{reverse('admin:translations')}?language={row.language}&standing=-",
        )
        for row in rows
        if row.translated.texts < row.total.texts
    ]
    return Measure(
        done=sum(row.translated.texts for row in rows), total=sum(row.total.texts for row in rows), lacks=tuple(lacks)
    )


def prices(market: Market) -> Measure:
    """Published variants with an ordinary price on an active list of the market."""
    priced = Price.objects.filter(
        variant=OuterRef("pk"),
        min_qty=1,
        price_list__market=market,
        price_list__kind=PriceList.Kind.BASE,
        price_list__status=PriceList.Status.ACTIVE,
        price_list__audience_key=PUBLIC,
    )
    wanted = published(market)
    found = wanted.aggregate(all=Count("pk"), there=Count("pk", filter=Exists(priced)))
    without = wanted.filter(~Exists(priced)).order_by("sku").values_list("sku", flat=True)[:NAMED]
    url = reverse("admin:catalog_prices")
    lacks = tuple(
        Lack(sentence=_("%(sku)s has no price in this market.") % {"sku": sku}, url=f"{url}?q={sku}") for sku in without
    )
    return _measured(found, lacks)


def customs(market: Market) -> Measure:
    """Published variants with goods code and origin; where nothing crosses a border they are not needed.

    What is not sent needs none, and a set is declared by its components, which are asked for themselves.
    """
    known = Q(hs_code__isnull=False) & Q(origin_country__isnull=False)
    sent = published(market).filter(product__product_type__requires_shipping=True)
    sent = sent.exclude(product__kind=Product.Kind.BUNDLE)
    wanted = sent if market.duty_mode != "none" else Variant.objects.none()
    found = wanted.aggregate(all=Count("pk"), there=Count("pk", filter=known))
    without = wanted.exclude(known).order_by("sku").values_list("sku", "product_id")[:NAMED]
    lacks = tuple(
        Lack(
            sentence=_("%(sku)s lacks its goods code or its origin.") % {"sku": sku},
            url=reverse("admin:catalog_matrix", args=[product]),
        )
        for sku, product in without
    )
    return _measured(found, lacks)


def sizes(market: Market) -> Measure:
    """Size tables with a column that people of the market know."""
    home = next(iter(countries_served(market)), None)
    tables = list(SizeTable.objects.order_by("code"))
    missing = [table for table in tables if home is None or own_column(table.columns, home.code) is None]
    url = reverse("admin:markets_sizetable_changelist")
    lacks = tuple(
        Lack(sentence=_("The size table “%(table)s” has no column for this market.") % {"table": table.code}, url=url)
        for table in missing
    )
    return Measure(done=len(tables) - len(missing), total=len(tables), lacks=lacks)


def published(market: Market) -> "QuerySet[Variant]":
    """Variants on sale of products that the market does not hide."""
    hidden = ProductMarket.objects.filter(product=OuterRef("product"), market=market, visible=False)
    return Variant.objects.filter(~Exists(hidden), status=Variant.Status.ACTIVE, product__status=Product.Status.ACTIVE)


def _measured(found: dict[str, int], lacks: tuple[Lack, ...]) -> Measure:
    missing = found["all"] - found["there"]
    return Measure(done=found["there"], total=found["all"], lacks=lacks, more=missing - len(lacks))


register(
    Area(code="translations", title=gettext_lazy("Translations"), bar=95, position=60, measure=translations),
    Area(code="prices", title=gettext_lazy("Prices"), bar=100, position=70, measure=prices),
    Area(code="customs", title=gettext_lazy("Customs facts"), bar=95, position=120, measure=customs),
    Area(code="sizes", title=gettext_lazy("Sizes and units"), bar=0, position=130, measure=sizes),
)
