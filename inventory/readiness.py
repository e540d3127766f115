"""What inventory knows of a market's readiness: a warehouse that serves it and a way to every country."""

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from inventory.models import DeliveryMethod, Lane, WarehousePriority
from markets.models import Market
from markets.names import country_name
from markets.readiness import Area, Measure, register
from markets.readiness.measures import of_checks


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
    found = Lane.objects.filter(
        is_active=True, method__market=market, method__is_active=True, warehouse__is_active=True, rates__isnull=False
    )
    reached = set(found.values_list("country", flat=True))
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


register(Area(code="lanes", title=gettext_lazy("Delivery lanes"), bar=100, position=90, measure=lanes))
