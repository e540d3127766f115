"""Opening a market in the admin: a copy, its steps, its bars, opening, closing, and who may."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Price, PriceList
from core.models import AuditEntry
from core.money import Money
from markets.actions import record_exchange_rate
from markets.cache import forget
from markets.models import ConsumerRule, Market
from markets.queries import find_market
from tests.admin.people import operator, owner, shopper, text
from tests.factories.cart import item_in, open_shop
from tests.factories.markets import CountryFactory, CurrencyFactory

pytestmark = pytest.mark.django_db
BASE = "/admin/market-opening/"
NEW = {"source": "de", "code": "ch", "name": "Switzerland", "countries": "CH, li"}


@pytest.fixture
def desk() -> Client:
    market = open_shop("de")
    item_in(market, price="20.00")
    item_in(market, price="47.31")
    CurrencyFactory(code="CHF")
    for code in ("CH", "LI"):
        CountryFactory(code=code)
    record_exchange_rate(base="EUR", quote="CHF", rate=Decimal("0.94"), on=timezone.now().date(), source="ecb")
    forget()
    return owner()


def start(desk: Client, **changes: str) -> object:
    return desk.post(f"{BASE}new/", {**NEW, **changes})


def test_a_market_is_made_step_by_step(desk: Client) -> None:
    made = start(desk)
    assert made["Location"] == f"{BASE}ch/languages/"
    market = Market.objects.get(code="ch")
    assert not market.active
    assert find_market("ch") is None
    assert [link.country_id for link in market.market_countries.order_by("position")] == ["CH", "LI"]
    assert (market.verification, ConsumerRule.objects.get(market=market).verification) == ("M", "M")

    step = desk.post(f"{BASE}ch/languages/", {"currency": "CHF", "default": "de", "languages": ["fr", "de", "en"]})
    assert step["Location"] == f"{BASE}ch/policies/"
    policies = {
        "seller": market.seller_id,
        "duty_mode": "ddp",
        "return_days": 30,
        "legal_pages": "terms\nprivacy\n\nimprint",
        "fx_markup_percent": "2",
        "fx_max_age_days": 5,
        "fx_dead_band_percent": "1",
        "fx_lock_minutes": 15,
    }
    assert desk.post(f"{BASE}ch/policies/", policies)["Location"] == f"{BASE}ch/prices/"
    market.refresh_from_db()
    assert (market.currency_id, market.languages, market.legal_pages, market.fx_lock_minutes) == (
        *("CHF", ["de", "fr", "en"], ["terms", "privacy", "imprint"], 15),
    )

    assert desk.post(f"{BASE}ch/prices/", {"source": "de", "factor": "1.1"})["Location"] == f"{BASE}ch/"
    draft = PriceList.objects.get(code="ch-proposed")
    assert draft.status == "draft"
    amounts = sorted(price.amount for price in Price.objects.filter(price_list=draft))
    # 20.00 x 0.94 x 1.02 x 1.1 = 21.09; 47.31 x ... = 49.90: endings .99, nearest
    assert amounts == [Money("20.99", "CHF"), Money("49.99", "CHF")]
    desk.post(f"{BASE}ch/prices/use/")
    draft.refresh_from_db()
    assert draft.status == "active"
    told = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"market.create", "market.change", "catalog.propose_market_prices", "catalog.use_proposed_prices"} <= told


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "de"}, "There is a market with this code already."),
        ({"code": "9"}, "begins with a letter"),
        ({"countries": "XX"}, "We do not know these countries"),
        ({"countries": "DE"}, "Another market delivers there: DE."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_a_copy_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    desk: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = start(desk, **changes)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "Switzerland" in text(answer) or not changes.get("name", "x")
    assert Market.objects.count() == 1


def test_without_a_young_rate_no_price_is_proposed(desk: Client) -> None:
    start(desk)
    Market.objects.filter(code="ch").update(currency_id="CHF", fx_source="bank")
    answer = desk.post(f"{BASE}ch/prices/", {"source": "de", "factor": "1"})
    assert answer.status_code == 422
    assert "The price in this currency is not known at the moment." in text(answer)
    assert not PriceList.objects.filter(code="ch-proposed").exists()


def test_the_page_names_what_is_missing_and_opening_is_refused(desk: Client) -> None:
    start(desk)
    page = text(desk.get(f"{BASE}ch/"))
    assert "The market cannot open." in page
    assert "The seller is not registered for tax in Switzerland." in page
    assert f"{BASE}ch/open/" not in page
    answer = desk.post(f"{BASE}ch/open/", {"reason": "Now."})
    assert answer.status_code == 422
    assert "This market cannot open yet. Missing:" in text(answer)
    assert not Market.objects.get(code="ch").active


def test_an_open_market_is_closed_with_a_reason_and_its_steps_are_shut(desk: Client) -> None:
    answer = desk.post(f"{BASE}de/languages/", {"currency": "CHF", "default": "de", "languages": ["de"]})
    assert "This market is open." in text(answer)
    desk.post(f"{BASE}de/close/", {"reason": "The lease ended."})
    assert not Market.objects.get(code="de").active
    assert AuditEntry.objects.filter(action="market.change", reason="The lease ended.").exists()


def test_only_the_right_people_get_in(desk: Client) -> None:
    look = operator("markets.view_market")
    assert look.get(BASE).status_code == 200
    assert look.get(f"{BASE}de/").status_code == 200
    for address in ("new/", "de/close/", "de/languages/", "de/prices/"):
        assert look.get(f"{BASE}{address}").status_code == 403
        assert look.post(f"{BASE}{address}", NEW).status_code == 403
    assert operator().get(BASE).status_code == 403
    assert shopper().get(BASE).status_code == 302
    assert Market.objects.get(code="de").active


def test_the_pages_stay_within_their_queries(desk: Client) -> None:
    desk.get(f"{BASE}de/")
    with CaptureQueriesContext(connection) as page:
        desk.get(f"{BASE}de/")
    assert len(page) <= 52
    with CaptureQueriesContext(connection) as every:
        desk.get(BASE)
    assert len(every) <= 20


def test_markets_are_called_as_the_reader_calls_them(desk: Client) -> None:
    start(desk)
    forget()
    for address in (BASE, f"{BASE}ch/", f"{BASE}ch/languages/", "/admin/catalogue/prices/rules/ch/"):
        assert "Schweiz" in text(desk.get(address, headers={"accept-language": "de"})), address
        assert "Switzerland" in text(desk.get(address, headers={"accept-language": "en"})), address
    assert ">Deutschland<" in text(desk.get("/admin/catalogue/prices/", headers={"accept-language": "de"}))
