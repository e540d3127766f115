"""What inventory knows of a market's readiness: a warehouse that serves it, a way to every country, goods to weigh."""

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.readiness import published
from inventory.models import DeliveryMethod, Lane, WarehousePriority
from markets.models import Market
from markets.names import country_name
from markets.readiness import Area, Lack, Measure, register
from markets.readiness.measures import of_checks

NAMED = 8


def lanes(market: Market) -> Measure:
    """A warehouse, and for every country an active delivery method with a price; where lanes decide, a lane as well."""
    methods = DeliveryMethod.objects.filter(market=market, is_active=True, rates__isnull=False).distinct()
    reached = [set(method.countries) for method in methods]
    served = WarehousePriority.objects.filter(market=market, warehouse__is_active=True).exists()
    countries = market.market_countries.filter(ships_to=True).order_by("position").values_list("country_id", flat=True)
    url = f"{reverse('admin:inventory_deliverymethod_changelist')}?market__id__exact={market.pk}"
    checks = [(served, _("No warehouse serves the market."), reverse("admin:inventory_warehouse_changelist"))]
    checks += [
        (
            any(not only or country in only for only in reached),
            _("No delivery method with a price goes to %(country)s.")
            % {"country": country_name(country, get_language() or "en")},
            url,
        )
        for country in countries
    ]
    return of_checks([*checks, *_led_to(market, list(countries))])


def _led_to(market: Market, countries: list[str]) -> list[tuple[bool, str, str]]:
    """Nothing is asked of a market without lanes: its warehouses serve all of it."""
    reached = set(_active_lanes(market).values_list("country", flat=True))
    if not reached:
        return []
    url = f"{reverse('admin:inventory_lane_changelist')}?method__market__id__exact={market.pk}"
    return [
        (
            country in reached,
            _("No lane that is switched on leads to %(country)s.")
            % {"country": country_name(country, get_language() or "en")},
            url,
        )
        for country in countries
    ]


def _active_lanes(market: Market) -> "QuerySet[Lane]":
    return Lane.objects.filter(
        is_active=True, method__market=market, method__is_active=True, warehouse__is_active=True, rates__isnull=False
    )


def parcels(market: Market) -> Measure:
    """Where lanes decide: goods with a weight and three sides. What is not known is not charged for.

    A set is sent as its components, which are asked for themselves.
    """
    if not _active_lanes(market).exists():
        return Measure(done=0, total=0)
    sent = published(market).filter(product__product_type__requires_shipping=True)
    sent = sent.exclude(product__kind=Product.Kind.BUNDLE)
    known = Q(weight_g__gt=0, length_mm__gt=0, width_mm__gt=0, height_mm__gt=0)
    found = sent.aggregate(all=Count("pk"), there=Count("pk", filter=known))
    without = sent.exclude(known).order_by("sku").values_list("sku", "product_id", "weight_g")[:NAMED]
    lacks = tuple(
        Lack(
            sentence=(_("%(sku)s has no measures.") if weight else _("%(sku)s has no weight.")) % {"sku": sku},
            url=reverse("admin:catalog_matrix", args=[product]),
        )
        for sku, product, weight in without
    )
    missing = found["all"] - found["there"]
    return Measure(done=found["there"], total=found["all"], lacks=lacks, more=missing - len(lacks))


register(
    Area(code="lanes", title=gettext_lazy("Delivery lanes"), bar=100, position=90, measure=lanes),
    Area(code="parcels", title=gettext_lazy("Weights and measures"), bar=0, position=95, measure=parcels),
)
