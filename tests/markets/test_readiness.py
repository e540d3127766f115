"""Readiness: what is measured, what keeps a market closed, and what says so."""

import json
from collections.abc import Callable
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import PriceList, Product, Variant
from content.models import Page
from content.readiness import subjects
from inventory.models import DeliveryMethod
from markets.actions import close_market, open_market
from markets.cache import forget
from markets.errors import MarketNotReady
from markets.models import ConsumerRule, LegalEntity, Market, MarketPaymentMethod, TaxRate, TaxRegistration
from markets.queries import find_market
from markets.readiness import Readiness, readiness_of
from tests.factories.cart import item_in, open_shop
from tests.factories.catalog import many_products
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
BODY = {f"body_{code}": "Words" for code in ("de", "fr", "es", "pt_br", "ja", "zh_hans", "ar")}


def legal_page(code: str, **words: object) -> Page:
    return Page.objects.create(code=code, title=code, body="Words", revised="2026-01-01", i18n=words or BODY)


@shared_world
def market() -> Market:
    """A market with everything it needs, closed."""
    variant = item_in(open_shop("de"))
    variant.hs_code, variant.origin_country = "732393", "JP"
    variant.save()
    LegalEntity.objects.update(address={"city": "Leipzig"}, tax_number="DE000000000")
    legal_page("terms")
    legal_page("privacy")
    close_market(code="de", reason="test")
    found = Market.objects.get(code="de")
    found.readiness_bars = {"translations": 0, "mails": 0}
    found.save()
    forget()
    return found


def state(market: Market) -> Readiness:
    forget()
    return readiness_of(Market.objects.get(pk=market.pk))


def blocking(market: Market) -> list[str]:
    return [area.code for area in state(market).blocking]


def test_a_market_with_everything_may_open(market: Market) -> None:
    assert blocking(market) == []
    open_market(code="de")
    assert find_market("de") is not None


def no_seller_address(market: Market) -> None:
    LegalEntity.objects.update(address={})


def no_registration(market: Market) -> None:
    TaxRegistration.objects.all().delete()


def no_rate(market: Market) -> None:
    TaxRate.objects.all().delete()


def no_button(market: Market) -> None:
    ConsumerRule.objects.update(order_button_texts={"en": "Buy now"})


def no_rule(market: Market) -> None:
    ConsumerRule.objects.update(effective_to="2020-01-01")


def no_exchange(market: Market) -> None:
    LegalEntity.objects.update(reporting_currency="SEK")


def no_price(market: Market) -> None:
    PriceList.objects.update(status=PriceList.Status.DRAFT)


def no_method(market: Market) -> None:
    MarketPaymentMethod.objects.update(active=False)


def no_lane(market: Market) -> None:
    DeliveryMethod.objects.update(countries=["FR"])


def no_page(market: Market) -> None:
    Page.objects.filter(code="terms").delete()


def a_page_without_arabic(market: Market) -> None:
    Page.objects.filter(code="terms").update(i18n={key: text for key, text in BODY.items() if key != "body_ar"})


def no_goods_code(market: Market) -> None:
    Variant.objects.update(origin_country=None)


@pytest.mark.parametrize(
    ("spoil", "area"),
    [
        (no_seller_address, "basics"),
        (no_registration, "registrations"),
        (no_rate, "tax_rates"),
        (no_button, "consumer"),
        (no_rule, "consumer"),
        (no_exchange, "exchange"),
        (no_price, "prices"),
        (no_method, "payment"),
        (no_lane, "lanes"),
        (no_page, "legal"),
        (a_page_without_arabic, "legal"),
        (no_goods_code, "customs"),
    ],
)
def test_what_is_missing_keeps_the_market_closed_and_is_named(
    market: Market, spoil: Callable[[Market], None], area: str
) -> None:
    spoil(market)
    found = state(market)
    assert [one.code for one in found.blocking] == [area]
    assert found.blocking[0].measure.lacks[0].sentence.endswith(".")
    with pytest.raises(MarketNotReady, match="Missing: ") as refusal:
        open_market(code="de")
    assert found.blocking[0].title in str(refusal.value)
    assert not Market.objects.get(code="de").active


def test_a_bar_of_the_operator_counts_and_nonsense_does_not(market: Market) -> None:
    no_page(market)
    Market.objects.update(readiness_bars={"legal": 50, "translations": 0, "mails": 0, "prices": "many"})
    assert blocking(market) == []
    Market.objects.update(readiness_bars={"legal": 51, "translations": 0, "mails": 0})
    assert blocking(market) == ["legal"]


def test_translations_are_measured_over_the_languages_of_the_market(market: Market) -> None:
    call_command("sync_translations", verbosity=0)
    found = {area.code: area for area in state(market).areas}["translations"]
    assert found.measure.total > 0
    assert found.percent < 95
    assert any("Deutsch" in lack.sentence or "German" in lack.sentence for lack in found.measure.lacks)


def test_rows_from_memory_are_told_and_do_not_keep_it_closed(market: Market) -> None:
    ConsumerRule.objects.update(verification="M")
    found = {area.code: area for area in state(market).areas}["proofs"]
    assert found.is_ready
    assert not found.is_complete
    assert found.measure.lacks[0].sentence == "Consumer rules: 1 row is not confirmed."


def test_more_products_cost_no_more_queries(market: Market) -> None:
    with time_machine.travel(timezone.now(), tick=False):  # sums of sales are kept for the minute
        readiness_of(market)
        with CaptureQueriesContext(connection) as few:
            readiness_of(market)
        many_products(5)
        with CaptureQueriesContext(connection) as many:
            readiness_of(market)
    assert len(many) == len(few) <= 32


def test_the_command_tells_as_text_and_as_json(market: Market) -> None:
    out = StringIO()
    call_command("check_market_ready", "DE", stdout=out)
    assert "de is ready." in out.getvalue()
    no_page(market)
    out = StringIO()
    with pytest.raises(CommandError, match="de is not ready: legal") as refusal:
        call_command("check_market_ready", "de", "--json", stdout=out)
    assert refusal.value.returncode == 1
    told = json.loads(out.getvalue())
    assert told["ready"] is False
    legal = next(area for area in told["areas"] if area["code"] == "legal")
    assert (legal["percent"], legal["bar"], legal["ready"]) == (50, 100, False)
    with pytest.raises(CommandError, match="no market"):
        call_command("check_market_ready", "atlantis")


def test_a_mail_without_words_in_a_language_is_named(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ("order_confirmed", "Your order %(number)s", "") in subjects()
    known = (("order_confirmed", "Your order %(number)s", ""), ("spring_sale", "Nobody has translated this", ""))
    monkeypatch.setattr("content.readiness.subjects", lambda: known)
    Market.objects.update(languages=["en", "de"])
    found = {area.code: area for area in state(market).areas}["mails"]
    assert (found.measure.done, found.measure.total) == (3, 4)
    assert found.measure.lacks[0].sentence == "The message spring sale has no words in German."
    assert found.measure.lacks[0].url == "/admin/messages/?kind=spring_sale&language=de"


def test_every_mail_of_the_shop_has_its_words_also_where_the_subject_counts(market: Market) -> None:
    assert "stock_alerts" in [kind for kind, _one, many in subjects() if many]
    Market.objects.update(languages=["en", "de", "ja", "ar"])
    mails = {area.code: area for area in state(market).areas}["mails"].measure
    assert (mails.done, mails.lacks) == (mails.total, ())


def test_customs_ask_for_nothing_that_is_not_sent_and_for_the_components_of_a_set(market: Market) -> None:
    def asked() -> int:
        return {area.code: area for area in state(market).areas}["customs"].measure.total

    before = asked()
    assert before > 0
    product = Variant.objects.select_related("product__product_type").earliest("pk").product
    Product.objects.filter(pk=product.pk).update(kind=Product.Kind.BUNDLE)
    assert asked() == before - product.variants.count()
    type(product.product_type).objects.update(requires_shipping=False)
    assert asked() == 0
