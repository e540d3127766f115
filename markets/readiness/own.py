"""The areas that markets itself knows: seller, registrations, tax rates, words of the law, exchange rates, proofs."""

from collections.abc import Iterator
from datetime import date

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from markets.errors import ExchangeRateMissing, ExchangeRateStale
from markets.fx.lookup import policy_of, rate_by
from markets.models import (
    STANDARD,
    ComplianceRule,
    ConsumerRule,
    Country,
    DutyMode,
    Language,
    LegalEntity,
    LowValueRule,
    Market,
    Scheme,
    TaxRate,
    TaxRegistration,
    Verification,
)
from markets.names import country_name, language_name
from markets.readiness.measures import of_checks, of_lacks
from markets.readiness.registry import register
from markets.readiness.types import Area, Lack, Measure
from markets.tax.union_sales import union_sales_of, union_sentence

DOUBTFUL = (Verification.MEMORY, Verification.CONFLICT)


def market_url(market: Market) -> str:
    """The market's row in the admin."""
    return reverse("admin:markets_market_change", args=[market.pk])


def countries_served(market: Market) -> list[Country]:
    """Where the market delivers, its main country first."""
    links = market.market_countries.filter(ships_to=True).select_related("country").order_by("position")
    return [link.country for link in links]


def spoken(market: Market) -> list[str]:
    """The market's languages that the shop has."""
    known = set(Language.objects.filter(active=True).values_list("code", flat=True))
    return [code for code in market.languages if code in known]


def basics(market: Market) -> Measure:
    """Seller, countries and languages."""
    seller: LegalEntity | None = market.seller
    here = market_url(market)
    entity = reverse("admin:markets_legalentity_change", args=[seller.pk]) if seller else here
    return of_checks(
        (
            (seller is not None, _("Name the seller."), here),
            (bool(seller and seller.address), _("Write down the seller's address."), entity),
            (bool(seller and seller.tax_number), _("Write down the seller's tax number."), entity),
            (bool(countries_served(market)), _("Name a country the market delivers to."), here),
            (market.default_language in spoken(market), _("Choose a default language that the shop has."), here),
        )
    )


def registrations(market: Market) -> Measure:
    """A registration for every country whose tax the seller collects: the country's own, or one for the whole EU."""
    collects = market.duty_mode not in (DutyMode.DAP,) and market.display == "gross"
    countries = countries_served(market) if collects else []
    today = timezone.now().date()
    held = TaxRegistration.objects.on(today).filter(legal_entity=market.seller_id).values_list("country_id", "scheme")
    rows = set(held)
    own = {country for country, _scheme in rows}
    in_eu = any(scheme in {"oss", "ioss"} for _country, scheme in rows)
    url = reverse("admin:markets_taxregistration_changelist")
    return of_checks(
        (
            country.code in own or (country.tax_country or country.code) in own or (country.in_eu_vat_area and in_eu),
            _("The seller is not registered for tax in %(country)s.") % {"country": _named(country.code)},
            url,
        )
        for country in countries
    )


def tax_rates(market: Market) -> Measure:
    """A standard rate for every country, where prices contain tax."""
    countries = countries_served(market) if market.display == "gross" else []
    today = timezone.now().date()
    places = {country.tax_country or country.code for country in countries}
    rated = set(
        TaxRate.objects.on(today)
        .filter(jurisdiction__country__in=places, tax_category=STANDARD)
        .values_list("jurisdiction__country_id", flat=True)
    )
    url = reverse("admin:markets_taxrate_changelist")
    return of_checks(
        (
            (country.tax_country or country.code) in rated,
            _("No standard tax rate is known for %(country)s today.") % {"country": _named(country.code)},
            f"{url}?q={country.code}",
        )
        for country in countries
    )


def consumer_words(market: Market) -> Measure:
    """Consumer law of today, and the order button in every language."""
    rule = ConsumerRule.objects.on(timezone.now().date()).filter(market=market).first()
    if rule is None:
        url = f"{reverse('admin:markets_consumerrule_changelist')}?market__id__exact={market.pk}"
        return of_checks([(False, _("No consumer rule holds today."), url)])
    url = reverse("admin:markets_consumerrule_change", args=[rule.pk])
    return of_checks(
        (
            bool(rule.order_button_texts.get(code)),
            _("The order button has no words in %(language)s.") % {"language": _spoken(code)},
            url,
        )
        for code in spoken(market)
    )


def exchange(market: Market) -> Measure:
    """A rate from the seller's books that is young enough."""
    books = market.seller.reporting_currency if market.seller else "EUR"
    url = reverse("admin:markets_exchangerate_changelist")
    try:
        rate_by(books, market.currency_id, timezone.now().date(), policy_of(market))
    except ExchangeRateMissing:
        return of_checks([(False, _("No exchange rate from %(base)s is known.") % {"base": books}, url)])
    except ExchangeRateStale:
        return of_checks([(False, _("The newest exchange rate is older than the market allows."), url)])
    return Measure(done=1, total=1)


def union_sales(market: Market) -> Measure:
    """A warning before the union's limit for distance sales is reached, where no one-stop shop lifts it."""
    seller: LegalEntity | None = market.seller
    today = timezone.now().date()
    if seller is None or not any(country.in_eu_vat_area for country in countries_served(market)):
        return Measure(done=0, total=0)
    if TaxRegistration.objects.on(today).filter(legal_entity=seller, scheme=Scheme.OSS).exists():
        return Measure(done=0, total=0)
    sales = union_sales_of(seller.code, today.year)
    url = reverse("admin:markets_legalentity_change", args=[seller.pk])
    return of_checks([(not sales.is_near, union_sentence(sales, get_language() or "en"), url)])


def proofs(market: Market) -> Measure:
    """Rows of law that nobody has confirmed: from memory, or sources that disagree."""
    countries = [country.code for country in countries_served(market)]
    total, missing = 0, []
    for name, rows, model in _lawful_rows(market, countries, timezone.now().date()):
        by_mark = dict(rows.order_by().values_list("verification").annotate(count=models.Count("pk")))
        total += sum(by_mark.values())
        open_rows = sum(by_mark.get(mark, 0) for mark in DOUBTFUL)
        url = f"{reverse(f'admin:markets_{model}_changelist')}?verification__in={','.join(DOUBTFUL)}"
        missing += [Lack(sentence=_unconfirmed(name, open_rows), url=url)] * bool(open_rows)
        total -= max(0, open_rows - 1)  # one thing to do per table, however many rows it has
    return of_lacks(missing, total=total)


def _lawful_rows(
    market: Market, countries: list[str], today: date
) -> Iterator[tuple[str, "models.QuerySet[models.Model]", str]]:
    rates = TaxRate.objects.on(today).filter(jurisdiction__country__in=countries)
    yield _("Tax rates"), rates, "taxrate"
    yield _("Consumer rules"), ConsumerRule.objects.on(today).filter(market=market), "consumerrule"
    limits = LowValueRule.objects.on(today).filter(destination__in=countries)
    yield _("Low-value import rules"), limits, "lowvaluerule"
    rules = ComplianceRule.objects.on(today).filter(models.Q(market=market) | models.Q(country__in=countries))
    yield _("Compliance rules"), rules, "compliancerule"
    yield _("Markets"), Market.objects.filter(pk=market.pk), "market"


def _unconfirmed(name: str, count: int) -> str:
    words = ngettext(
        "%(table)s: %(count)d row is not confirmed.", "%(table)s: %(count)d rows are not confirmed.", count
    )
    return words % {"table": name, "count": count}


def _named(country: str) -> str:
    return country_name(country, get_language() or "en")


def _spoken(code: str) -> str:
    return language_name(code, get_language() or "en")


register(
    Area(code="basics", title=gettext_lazy("Seller and countries"), bar=100, position=10, measure=basics),
    Area(code="registrations", title=gettext_lazy("Tax registrations"), bar=100, position=20, measure=registrations),
    Area(code="tax_rates", title=gettext_lazy("Tax rates"), bar=100, position=30, measure=tax_rates),
    Area(code="consumer", title=gettext_lazy("Consumer rules"), bar=100, position=40, measure=consumer_words),
    Area(code="exchange", title=gettext_lazy("Exchange rate"), bar=100, position=50, measure=exchange),
    Area(
        code="union_sales",
        title=gettext_lazy("Sales to other EU member states"),
        bar=0,
        position=190,
        measure=union_sales,
    ),
    Area(code="proofs", title=gettext_lazy("Confirmed rows of law"), bar=0, position=200, measure=proofs),
)
