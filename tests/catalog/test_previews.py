"""Previews: the page as it will be, for whoever has the link, and nothing of it stays."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.signing import dumps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog import actions
from catalog.actions.offers import presentation_seen, set_presentation
from catalog.actions.planning import Plan, plan_change
from catalog.models import Category, EffectivePrice, FacetRow, PlannedChange, Product, PublishedPrice
from catalog.previews import preview_path
from catalog.publishing.preview import CATEGORY, PRODUCT, Sight, preview_token
from catalog.queries import product_page
from core.models import AuditEntry
from core.money import Money
from markets.models import Market
from markets.queries import market_by_code
from tests.admin.people import operator, text
from tests.factories.catalog import make_product, option, price_list
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
LATER = timedelta(days=10)


def world() -> None:
    small_world("de", "jp")


@shared_world
def cup() -> Product:
    world()
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")
    names = {"en": "Cup", "de": "Becher", "ja": "カップ"}
    return make_product("cup", names=names, category="kitchen", options={"colour": ("ink", "bone")}, active=False)


def link(
    target: Product | Category, slug: str, *, market: str = "de", language: str = "de", hours: int = 1, **more: Any
) -> str:
    kind = PRODUCT if isinstance(target, Product) else CATEGORY
    sight = Sight(kind=kind, id=target.pk, market=market, **more)
    token = preview_token(sight=sight, hours=hours)
    return preview_path(market_by_code(market, language=language), kind, slug, token)


def seen(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def facts() -> tuple[Any, ...]:
    """What the derived rows and the records say: a preview leaves all of it alone."""
    derived = (FacetRow, EffectivePrice, PublishedPrice)
    waiting = PlannedChange.objects.filter(state="waiting").count()
    return (
        *(sorted(model.objects.values_list("pk", flat=True)) for model in derived),
        AuditEntry.objects.count(),
        waiting,
        Product.objects.get(code="cup").status,
    )


def test_a_draft_is_shown_to_whoever_has_the_link_and_stays_a_draft(cup: Product) -> None:
    address, before = link(cup, "becher"), facts()
    page = seen(address)
    assert "Becher" in page
    assert "This is a preview for Germany" not in page, "the banner speaks the page's language"
    assert Client().get("/de/de/p/becher/").status_code == 404
    assert facts() == before
    assert Client().get(address.replace("/de/de/", "/jp/ja/")).status_code == 404, "made for one market"


def test_it_cannot_be_kept_found_or_bought_from(cup: Product) -> None:
    answer = Client().get(link(cup, "becher"))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    page = text(answer)
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert "cart-form" not in page
    assert "buy-bar" not in page
    assert "application/ld+json" not in page


def test_the_banner_says_what_it_is(cup: Product) -> None:
    page = seen(link(cup, "cup", language="en"))
    assert "This is a preview for Germany. It is not part of the shop and nothing can be bought here." in page
    assert "It is a draft: shoppers do not see it." in page
    assert "The link works until" in page


def test_choices_stay_inside_the_preview(cup: Product) -> None:
    address = link(cup, "becher")
    links = re.findall(r'action="([^"]+)" data-options', seen(address))
    assert links
    assert links[0].split("?")[0] == address
    assert seen(f"{address}?colour=bone")


@pytest.mark.parametrize("how", ["over", "forged", "another purpose", "altered"])
def test_other_links_lead_nowhere(cup: Product, how: str) -> None:
    address = link(cup, "becher", hours=0 if how == "over" else 1)
    token = address.split("/preview/")[1].split("/")[0]
    other = make_product("other", active=False)
    wrong = {
        "over": token,
        "forged": f"{token[:-2]}xx",
        "another purpose": dumps({"kind": "product", "id": cup.pk, "market": "de"}, salt="portolan.something"),
        "altered": f"x{token}",
    }[how]
    assert Client().get(address.replace(token, wrong)).status_code == 404
    assert other.status == "draft"


def test_a_link_shows_its_own_product_only(cup: Product) -> None:
    make_product("other", names={"en": "Other", "de": "Anderer"}, active=False)
    address = link(cup, "becher")
    assert Client().get(address.replace("becher", "anderer")).status_code == 404


def test_planned_texts_prices_and_windows_are_there_at_their_date_only(cup: Product) -> None:
    actions.activate_product(product_id=cup.pk)
    base = price_list("de")
    due = timezone.now() + LATER
    price = [
        {"list": base.pk, "variant": variant.pk, "quantity": 1, "amount": "7.77"} for variant in cup.variants.all()
    ]
    plan_change(plan=Plan(product_ids=[cup.pk], due_at=due, texts={"name": {"de": "Winterbecher"}}, prices=price))
    actions.offer_product(product_id=cup.pk, market_code="de", visible_until=due + LATER)
    now = seen(link(cup, "becher"))
    then = seen(link(cup, "becher", at=(due + timedelta(minutes=1)).isoformat()))
    assert ("Winterbecher" in now, "Winterbecher" in then) == (False, True)
    assert ("7,77" in now, "7,77" in then) == (False, True)
    late = seen(link(cup, "cup", language="en", at=(due + LATER * 2).isoformat()))
    assert "It is hidden in this market at this moment." in late
    assert "It contains 1 planned change." in late
    assert Product.objects.get(pk=cup.pk).text("name", "de") == "Becher"


def test_prices_of_a_list_that_begins_later_and_of_a_customer_group(cup: Product) -> None:
    begins = timezone.now() + LATER
    for code, facts_of, amount in (
        ("sale", {"kind": "sale", "begins": begins}, "5.55"),
        ("vip", {"kind": "member", "audience_key": "vip"}, "4.44"),
    ):
        row = price_list("de", code=code, **facts_of)
        prices = [actions.NewPrice(variant_id=v.pk, amount=Money(amount, "EUR")) for v in cup.variants.all()]
        actions.set_prices(price_list_id=row.pk, prices=prices)
    actions.drain_dirty()
    before = facts()
    assert "5,55" not in seen(link(cup, "becher"))
    assert "5,55" in seen(link(cup, "becher", at=(begins + timedelta(hours=1)).isoformat()))
    shelf = Category.objects.get(code="kitchen")
    then = (begins + timedelta(hours=1)).isoformat()
    assert "5.55" in seen(link(shelf, "kitchen", language="en", at=then, drafts=True))
    assert "4,44" in seen(link(cup, "becher", audience="vip"))
    assert facts() == before


def test_a_markets_own_words_are_in_its_preview(cup: Product) -> None:
    germany = Market.objects.get(code="de")
    set_presentation(
        product_id=cup.pk, market_code="de", words={"de": "<p>Nur hier</p>"}, asset_ids=[], own_media_only=False,
        seen=presentation_seen(cup.pk, germany.pk),
    )  # fmt: skip
    assert "Nur hier" in seen(link(cup, "becher"))
    assert "Nur hier" not in seen(link(cup, "カップ", market="jp", language="ja"))


def test_without_a_price_in_the_market_the_preview_says_so(cup: Product) -> None:
    bare = make_product("bare", names={"en": "Bare"}, prices={"jp": "100"}, active=False)
    answer = Client().get(link(bare, "bare", language="en"))
    assert answer.status_code == 404
    assert "no variant with a price in this market" in text(answer)
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_category_is_shown_as_it_will_be(cup: Product) -> None:
    shelf = Category.objects.get(code="kitchen")
    live = make_product("live", names={"en": "Live"}, category="kitchen")
    actions.drain_dirty()
    before = facts()
    assert (">Cup<" in (page := seen(link(shelf, "kitchen", language="en"))), ">Live<" in page) == (False, True)
    drafts = seen(link(shelf, "kitchen", language="en", drafts=True))
    assert "Drafts are shown as if they were on sale." in drafts
    inner = re.search(r'href="([^"]+/preview/[^"]+/p/cup/)"', drafts)
    assert inner
    assert "Cup" in seen(inner[1])
    due = timezone.now() + LATER
    plan_change(plan=Plan(product_ids=[cup.pk], due_at=due, status="active"))
    plan_change(plan=Plan(product_ids=[live.pk], due_at=due, status="draft"))
    then = seen(link(shelf, "kitchen", language="en", at=(due + timedelta(hours=1)).isoformat()))
    assert (">Cup<" in then, ">Live<" in then) == (True, False)
    assert facts()[:3] == before[:3]
    assert product_page(market_by_code("de", language="en"), "live", {}).name == "Live"


def test_a_preview_leaves_nothing_in_memory(cup: Product) -> None:
    shelf = Category.objects.get(code="kitchen")
    seen(link(shelf, "kitchen", language="en", drafts=True))
    actions.activate_product(product_id=cup.pk)
    actions.drain_dirty()
    Product.objects.filter(pk=cup.pk).update(name="Renamed")
    assert product_page(market_by_code("de", language="en"), "cup", {}).name == "Renamed"


def test_operators_make_links_and_the_record_says_so(cup: Product) -> None:
    browser = operator("catalog.change_product")
    address = reverse("admin:catalog_preview", args=[cup.pk])
    answer = browser.post(address, {"place": "de/de", "audience": "public", "hours": "24"})
    made = re.search(r'id="f-link" value="http://testserver([^"]+)"', text(answer))
    assert made
    assert "Becher" in seen(made[1])
    assert AuditEntry.objects.get(action="catalog.make_preview").data["hours"] == 24
    wrong = browser.post(address, {"place": "xx/de", "audience": "public", "hours": "24"})
    assert wrong.status_code == 422
    shelf = Category.objects.get(code="kitchen")
    answer = browser.post(
        reverse("admin:catalog_category_preview", args=[shelf.pk]),
        {"place": "de/en", "audience": "public", "hours": "1", "drafts": "on"},
    )
    made = re.search(r'id="f-link" value="http://testserver([^"]+)"', text(answer))
    assert made
    assert ">Cup<" in seen(made[1])
    for other in (Client(), operator("catalog.view_product")):
        assert other.get(address).status_code in {302, 403}


def test_previews_and_their_screen_stay_within_their_queries(cup: Product) -> None:
    shelf = Category.objects.get(code="kitchen")
    browser = operator("catalog.change_product")
    for address, most in (
        (reverse("admin:catalog_preview", args=[cup.pk]), 30),
        (link(cup, "becher"), 60),
        (link(shelf, "kitchen", language="en", drafts=True), 60),
    ):
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        assert len(queries) <= most, (address, len(queries))
