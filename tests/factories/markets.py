"""Worlds with markets: `demo_markets()` loads the real reference tables, the factories build small ones."""

from collections.abc import Sequence
from typing import Any, TypeVar

import factory
from django.core.management import call_command
from django.db.models import Model

from markets.cache import forget
from markets.models import (
    ConsumerRule,
    Country,
    Currency,
    Jurisdiction,
    Language,
    LegalEntity,
    Market,
    MarketCountry,
    MarketPaymentMethod,
    PaymentMethod,
    TaxCategory,
    TaxRate,
    TaxRegistration,
)
from markets.queries import market_by_code
from markets.types import MarketContext

M = TypeVar("M", bound=Model)
LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt-br": "Português (Brasil)",
    "ja": "日本語",
    "zh-hans": "简体中文",
    "ar": "العربية",
}
EXPONENTS = {"JPY": 0, "KWD": 3}
EU = ("DE", "FR", "AT", "ES", "IT", "NL")
CONSUMER_RULE: dict[str, Any] = {
    "order_button_texts": dict.fromkeys(LANGUAGES, "Buy now"),
    "withdrawal_days": 14,
    "unit_price": "per kg or l",
}
TAX_NUMBERS = {"JP": "T1234567890123", "AE": "100000000000003", "CH": "CHE-107.787.577 MWST"}
SMALL_WORLD = {
    "de": ("DE", "EUR", "de", "gross", "0.19"),
    "us": ("US", "USD", "en", "net", None),
    "jp": ("JP", "JPY", "ja", "gross", "0.10"),
    "ae": ("AE", "AED", "ar", "gross", "0.05"),
}


def demo_markets() -> None:
    """All reference tables and the ten demo markets: about a second and a half."""
    call_command("load_reference", verbosity=0)


class CurrencyFactory(factory.django.DjangoModelFactory[Currency]):
    class Meta:
        model = Currency
        django_get_or_create = ("code",)

    code = "EUR"
    name = factory.LazyAttribute(lambda made: made.code)
    exponent = factory.LazyAttribute(lambda made: EXPONENTS.get(made.code, 2))
    display_digits = factory.LazyAttribute(lambda made: EXPONENTS.get(made.code, 2))


class CountryFactory(factory.django.DjangoModelFactory[Country]):
    class Meta:
        model = Country
        django_get_or_create = ("code",)

    code = "DE"
    name = factory.LazyAttribute(lambda made: made.code)
    region = "europe"
    in_eu_vat_area = factory.LazyAttribute(lambda made: made.code in EU)


class LegalEntityFactory(factory.django.DjangoModelFactory[LegalEntity]):
    class Meta:
        model = LegalEntity
        django_get_or_create = ("code",)

    code = "meridian"
    name = "Meridian Handels GmbH"
    country = factory.SubFactory(CountryFactory, code="DE")
    address = {"street": "Musterstraße 1", "postal_code": "04109", "city": "Leipzig"}
    tax_number = "DE136695976"


class TaxCategoryFactory(factory.django.DjangoModelFactory[TaxCategory]):
    class Meta:
        model = TaxCategory
        django_get_or_create = ("code",)

    code = "standard"
    name = factory.LazyAttribute(lambda made: made.code)


class JurisdictionFactory(factory.django.DjangoModelFactory[Jurisdiction]):
    class Meta:
        model = Jurisdiction
        django_get_or_create = ("country", "region", "postal_prefix")

    country = factory.SubFactory(CountryFactory)
    region = ""
    postal_prefix = ""
    name = factory.LazyAttribute(lambda made: made.region or made.country.name)


class TaxRateFactory(factory.django.DjangoModelFactory[TaxRate]):
    class Meta:
        model = TaxRate

    jurisdiction = factory.SubFactory(JurisdictionFactory)
    tax_category = factory.SubFactory(TaxCategoryFactory)
    rate = "0.19"


class TaxRegistrationFactory(factory.django.DjangoModelFactory[TaxRegistration]):
    class Meta:
        model = TaxRegistration

    legal_entity = factory.SubFactory(LegalEntityFactory)
    country = factory.SubFactory(CountryFactory)
    scheme = "domestic"
    number = factory.LazyAttribute(lambda made: TAX_NUMBERS.get(made.country.code, f"{made.country.code}136695976"))


class PaymentMethodFactory(factory.django.DjangoModelFactory[PaymentMethod]):
    class Meta:
        model = PaymentMethod
        django_get_or_create = ("code",)

    code = "card"
    brand = "Card"
    family = "card"
    provider_codes = {"stripe": "card"}


class MarketFactory(factory.django.DjangoModelFactory[Market]):
    """An open market with its country, languages, payment method and order button."""

    class Meta:
        model = Market
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = "de"
    name = factory.LazyAttribute(lambda made: made.code.upper())
    active = True
    position = factory.Sequence(int)
    seller = factory.SubFactory(LegalEntityFactory)
    currency = factory.SubFactory(CurrencyFactory)
    default_language = "en"
    languages = factory.LazyAttribute(
        lambda made: [made.default_language, *(code for code in LANGUAGES if code != made.default_language)]
    )
    legal_pages = ["terms", "privacy"]
    charm_rule = {"ending": "0.99", "step": "1", "mode": "nearest"}

    @factory.post_generation
    def country(self, create: bool, code: str | None, **_: Any) -> None:
        """The country it delivers to, its words and its payment method."""
        if not create:
            return
        _languages()
        home = CountryFactory(code=code or str(self.code).upper())
        MarketCountry.objects.get_or_create(country=home, defaults={"market": self})
        ConsumerRule.objects.get_or_create(
            market=self,
            defaults=CONSUMER_RULE,
        )
        MarketPaymentMethod.objects.get_or_create(market=self, method=PaymentMethodFactory())
        forget()


def small_world(*codes: str) -> dict[str, MarketContext]:
    """Open markets of `de`, `us`, `jp` and `ae` (or those named) with tax rates and registrations. Quick.

    The rows `MarketFactory` makes one by one, a table at a time; what is there already stays as it is.
    """
    wanted = codes or tuple(SMALL_WORLD)
    _ground(wanted)
    seller = LegalEntity.objects.get(code="meridian")
    _put(Market, [_market(code, place, seller) for place, code in enumerate(wanted)])
    markets = [Market.objects.in_bulk(wanted, field_name="code")[code] for code in wanted]
    _sell_in(markets)
    _tax([code for code in wanted if SMALL_WORLD[code][4]], seller)
    forget()
    return {code: market_by_code(code) for code in wanted}


def _ground(wanted: Sequence[str]) -> None:
    """What markets stand on: languages, countries, currencies, a payment method, a seller, a tax category."""
    places = dict.fromkeys(["DE", *(SMALL_WORLD[code][0] for code in wanted)])
    money = dict.fromkeys(SMALL_WORLD[code][1] for code in wanted)
    _languages()
    _put(TaxCategory, [TaxCategoryFactory.build()])
    _put(Country, [CountryFactory.build(code=place) for place in places])
    _put(Currency, [CurrencyFactory.build(code=code) for code in money])
    _put(PaymentMethod, [PaymentMethodFactory.build()])
    _put(LegalEntity, [LegalEntityFactory.build(country=None, country_id="DE")])


def _market(code: str, place: int, seller: LegalEntity) -> Market:
    _country, currency, language, display, _rate = SMALL_WORLD[code]
    return MarketFactory.build(
        code=code,
        position=place,
        seller=seller,
        currency=None,
        currency_id=currency,
        default_language=language,
        display=display,
        price_entry=display,
        tax_mode="gross_constant" if display == "gross" else "net_constant",
        price_increment="1" if currency == "JPY" else "0.01",
        duty_mode="ddp",
    )


def _sell_in(markets: Sequence[Market]) -> None:
    """Each market's country, words and payment method, as `MarketFactory.country` makes them."""
    countries = [MarketCountry(country_id=SMALL_WORLD[row.code][0], market=row) for row in markets]
    rules = [ConsumerRule(market=row, **CONSUMER_RULE) for row in markets]
    _put(MarketCountry, countries)
    _put(ConsumerRule, rules)
    _put(MarketPaymentMethod, [MarketPaymentMethod(market=row, method_id="card") for row in markets])


def _tax(codes: Sequence[str], seller: LegalEntity) -> None:
    homes = {SMALL_WORLD[code][0]: SMALL_WORLD[code][4] for code in codes}
    _put(Jurisdiction, [Jurisdiction(country_id=home, name=home) for home in homes])
    whole = Jurisdiction.objects.filter(country__in=homes, region="", postal_prefix="")
    rates = [TaxRate(jurisdiction=row, tax_category_id="standard", rate=homes[row.country_id]) for row in whole]
    homely = [Country(code=home) for home in homes]
    _put(TaxRate, rates)
    _put(TaxRegistration, [TaxRegistrationFactory.build(legal_entity=seller, country=home) for home in homely])


def _languages() -> None:
    _put(
        Language,
        [Language(code=code, native_name=name, position=at) for at, (code, name) in enumerate(LANGUAGES.items())],
    )


def _put(model: type[M], rows: Sequence[M]) -> None:
    """These rows in one statement, beside those that are there."""
    model._default_manager.bulk_create(rows, ignore_conflicts=True)
