"""Feeds for Google: what an item says, what is left out, and who fetches and manages them."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from catalog import actions
from catalog.actions.feeds import change_feed_key, close_feed, open_feed
from catalog.drafts import GalleryPicture
from catalog.exporters.feeds import address_of_feed, write_feed
from catalog.exporters.google import rules
from catalog.exporters.google.items import Feed
from catalog.exporters.google.writing import FeedRefused, write_google_feed
from catalog.models import MediaAsset, Product, ProductFeed, Variant
from core.money import Money
from markets.cache import forget
from markets.models import Market
from markets.queries import market_by_code
from tests.admin.people import operator
from tests.factories.catalog import make_product, many_products, option, picture, price_list
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]
G = "{http://base.google.com/ns/1.0}"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = {**settings.STORAGES, "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "private"},
    }}  # fmt: skip


def items_of(path: Path) -> list[dict[str, list[str]]]:
    """Every item with its attributes, checked against what the specification demands of each."""
    found = []
    for node in ET.parse(path).getroot().iter("item"):  # noqa: S314 (our own file)
        item: dict[str, list[str]] = {}
        for child in node:
            assert child.tag.startswith(G)
            item.setdefault(child.tag.removeprefix(G), []).append(child.text or "")
        check_item(item)
        found.append(item)
    ids = [item["id"][0] for item in found]
    assert len(ids) == len(set(ids))
    return found


def check_item(item: dict[str, list[str]]) -> None:
    """The rules of the product data specification that a machine can check."""
    for name in ("id", "title", "description", "link", "image_link", "availability", "price", "condition"):
        assert item.get(name), name
    for name, values in item.items():
        assert all(value.strip() for value in values), name
        assert len(values) == 1 or name == "additional_image_link", name
        assert all(len(value) <= rules.LONGEST.get(name, 5000) for value in values), name
    assert len(item.get("additional_image_link", [])) <= 10
    check_offer(item)
    has_identifier = "gtin" in item or ("brand" in item and "mpn" in item)
    assert item.get("identifier_exists", ["yes"])[0] == ("yes" if has_identifier else "no")
    for name in ("link", "image_link", "additional_image_link"):
        assert all(re.match(r"https?://", value) and value.isascii() for value in item.get(name, []))
    for value in item.get("shipping_weight", []):
        assert re.fullmatch(r"\d+(\.\d+)? (kg|g|lb|oz)", value)
    for value in item.get("unit_pricing_measure", []):
        assert re.fullmatch(r"\d+(\.\d+)?(ml|l|g|kg|m)", value)
        assert item["unit_pricing_base_measure"][0] in {"1l", "1kg", "1m"}


def check_offer(item: dict[str, list[str]]) -> None:
    """Of these, the rules about price and availability."""
    assert item["availability"][0] in {"in_stock", "out_of_stock", "preorder", "backorder"}
    assert (item["availability"][0] in {"preorder", "backorder"}) == ("availability_date" in item)
    assert item["condition"][0] in {"new", "refurbished", "used"}
    amounts = {}
    for name in ("price", "sale_price"):
        if name in item:
            match = re.fullmatch(r"(\d+(?:\.\d+)?) ([A-Z]{3})", item[name][0])
            assert match, item[name]
            amounts[name] = (Decimal(match[1]), match[2])
    if "sale_price" in amounts:
        assert amounts["sale_price"][0] < amounts["price"][0]
        assert amounts["sale_price"][1] == amounts["price"][1]
    for value in item.get("sale_price_effective_date", []):
        begins, ends = (datetime.strptime(part, "%Y-%m-%dT%H:%M%z") for part in value.split("/"))
        assert begins < ends
        assert len(value) <= 51
        assert "sale_price" in item
    for value in item.get("gtin", []):
        assert re.fullmatch(r"\d{8}|\d{12,14}", value)


@dataclass(frozen=True)
class Shop:
    """A kettle in two colours on sale in three markets, one colour sold out."""

    kettle: Product
    oak: Variant
    ash: Variant


@shared_world
def shop() -> Shop:
    small_world("de", "us", "jp")
    actions.put_category(code="kitchen", texts={"name": {"en": "Kitchen", "de": "Küche"}})
    actions.put_category(code="pots", texts={"name": {"en": "Pots", "de": "Töpfe"}}, parent="kitchen")
    actions.put_brand(code="kesen", name="Kesen")
    option("farbe", {"oak": "#c8a27a", "ash": None}, input="swatch")
    actions.put_option_value(option_type="farbe", code="oak", names={"de": "Eiche"}, hex="#c8a27a")
    option("cups", {"4": None, "9": None})
    kettle = make_product(
        "kettle",
        names={"en": "Kettle", "de": "Kessel & Co <1>"},
        category="pots",
        options={"farbe": ["oak", "ash"], "cups": ["4", "9"]},
        combinations=[{"farbe": "oak", "cups": "4"}, {"farbe": "ash", "cups": "9"}],
        draft={"brand": "kesen", "texts": {"description": {"de": "<p>Aus&nbsp;Stahl.</p><p>Gut\x0b.</p>"}}},
        variant={
            "weight_g": 1200, "content_amount": Decimal("0.250"), "content_unit": "kg", "gtin": "4006381333931",
        },
        prices={"de": "49.90", "us": "45.00", "jp": "5000"},
        stock=[3, 0],
    )  # fmt: skip
    shots = [GalleryPicture(asset_id=picture(f"p{n}").pk) for n in range(14)]
    shots.insert(0, GalleryPicture(asset_id=picture("only-jp").pk, market_code="jp"))
    actions.set_gallery(product_id=kettle.pk, pictures=shots)
    own = picture("oak-picture")
    oak, ash = kettle.variants.order_by("position")
    actions.set_variant_pictures(variant_id=oak.pk, asset_ids=[own.pk])
    return Shop(kettle, oak, ash)


def written(tmp_path: Path, market: str = "de", language: str = "de") -> tuple[Feed, list[dict[str, list[str]]]]:
    path = tmp_path / "feed.xml"
    feed = write_google_feed(path, market_code=market, language=language)
    return feed, items_of(path)


def test_an_item_says_what_the_page_says(tmp_path: Path) -> None:
    _feed, (oak, ash) = written(tmp_path)
    assert oak["id"] == ["KETTLE-OAK-4"]
    assert oak["title"] == ["Kessel & Co <1> – Eiche, 4"]
    assert oak["description"] == ["Aus Stahl. Gut."]
    assert oak["price"] == ["49.90 EUR"]
    assert "sale_price" not in oak
    assert (oak["availability"], ash["availability"]) == (["in_stock"], ["out_of_stock"])
    assert oak["item_group_id"] == ash["item_group_id"] == ["kettle"]
    assert oak["color"] == ["Eiche"]
    assert "size" not in oak
    assert oak["product_type"] == ["Küche > Töpfe"]
    assert oak["shipping_weight"] == ["1.2 kg"]
    assert (oak["unit_pricing_measure"], oak["unit_pricing_base_measure"]) == (["0.25kg"], ["1kg"])
    assert oak["gtin"] == ["4006381333931"]
    assert "oak-picture" in oak["image_link"][0]
    assert len(oak["additional_image_link"]) == 10
    assert not any("only-jp" in url for url in [*oak["image_link"], *oak["additional_image_link"]])
    client = Client()
    page = client.get(oak["link"][0].removeprefix("http://localhost:8000"), follow=True)
    assert page.status_code == 200
    assert "49,90" in page.content.decode()


def test_a_picture_of_a_variant_stays_in_the_market_it_is_kept_for(tmp_path: Path) -> None:
    MediaAsset.objects.filter(code="oak-picture").update(market=Market.objects.get(code="us"))
    for market, language, is_there in (("de", "de", False), ("us", "en", True)):
        _feed, (oak, _ash) = written(tmp_path, market, language)
        links = [*oak["image_link"], *oak["additional_image_link"]]
        assert any("oak-picture" in link for link in links) is is_there, market


def test_a_reduction_is_told_with_its_time_where_the_page_announces_it(shop: Shop, tmp_path: Path) -> None:
    now = timezone.now()
    begins, ends = now - timedelta(hours=1), now + timedelta(days=3)
    sale = price_list("de", code="de-sale", kind="sale", begins=begins, ends=ends)
    price = actions.NewPrice(variant_id=shop.oak.pk, amount=Money("39.90", "EUR"))
    actions.set_prices(price_list_id=sale.pk, prices=[price])
    actions.refresh_derived(product_ids=[shop.kettle.pk])
    _feed, (oak, ash) = written(tmp_path)
    assert (oak["price"], oak["sale_price"]) == (["49.90 EUR"], ["39.90 EUR"])
    told = oak["sale_price_effective_date"][0].split("/")
    assert told == [rules.moment(begins), rules.moment(ends)]
    assert "sale_price" not in ash


def test_prices_are_net_in_the_united_states_only(tmp_path: Path) -> None:
    _feed, items = written(tmp_path, "us", "en")
    assert items[0]["price"] == ["45.00 USD"]
    _feed, items = written(tmp_path, "jp", "en")
    assert items[0]["price"] == ["5000 JPY"]
    Market.objects.filter(code="de").update(price_entry="net")
    forget()
    with pytest.raises(FeedRefused, match="keine Steuer"):
        written(tmp_path)


def test_what_cannot_be_sold_or_shown_is_not_in_it(shop: Shop, tmp_path: Path) -> None:
    make_product("draft", names={"de": "Entwurf"}, active=False)
    actions.offer_product(product_id=make_product("hidden").pk, market_code="de", visible=False)
    make_product("elsewhere", prices={"us": "10.00"})
    make_product("bare", names={"en": "Bare", "de": "Nackt"})
    make_product("english", names={"en": "English"})
    actions.archive_variant(variant_id=shop.ash.pk)
    actions.refresh_derived(product_ids=Product.objects.values_list("pk", flat=True))
    feed, items = written(tmp_path)
    assert [item["id"] for item in items] == [["KETTLE-OAK-4"]]
    assert "item_group_id" not in items[0]
    assert feed.left_out == {"no_picture": 1, "no_translation": 1}


def test_a_preorder_says_when_it_comes(shop: Shop, tmp_path: Path) -> None:
    soon = timezone.now() + timedelta(days=20)
    Product.objects.filter(pk=shop.kettle.pk).update(released_at=soon, preorder_until=soon)
    actions.refresh_derived(product_ids=[shop.kettle.pk])
    _feed, items = written(tmp_path)
    assert items[0]["availability"] == ["preorder"]
    assert items[0]["availability_date"] == [rules.moment(soon)]


def test_without_identifiers_it_says_so(shop: Shop, tmp_path: Path) -> None:
    Variant.objects.filter(pk=shop.oak.pk).update(gtin="")
    _feed, (oak, _ash) = written(tmp_path)
    assert oak["identifier_exists"] == ["no"]
    Product.objects.filter(pk=shop.kettle.pk).update(model_code="KT-1")
    _feed, (oak, _ash) = written(tmp_path)
    assert "identifier_exists" not in oak
    assert oak["mpn"] == ["KT-1"]


def test_ten_products_cost_as_many_queries_as_one(
    shop: Shop, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    feed = Feed(market_by_code("de", language="de"))
    with django_assert_num_queries(8):
        list(feed.items([shop.kettle.pk]))
    ids = [row.pk for row in many_products(9, names={"de": "Ding"})]
    with django_assert_num_queries(8):
        list(feed.items([shop.kettle.pk, *ids]))


def test_a_feed_is_fetched_at_its_signed_address_until_the_key_changes() -> None:
    feed = open_feed(market_code="de", language="de")
    path = address_of_feed(feed).removeprefix("http://localhost:8000")
    assert path == address_of_feed(feed).removeprefix("http://localhost:8000")
    assert Client().get(path).status_code == 404
    assert write_feed(feed.pk)
    answer = Client().get(path)
    assert answer.status_code == 200
    assert b"<g:id>KETTLE-OAK-4</g:id>" in b"".join(answer.streaming_content)
    assert answer["X-Robots-Tag"] == "noindex"
    assert Client().get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert Client().get(path.replace(".xml", "x.xml")).status_code == 404
    changed = change_feed_key(feed_id=feed.pk)
    assert Client().get(path).status_code == 404
    path = address_of_feed(changed).removeprefix("http://localhost:8000")
    assert Client().get(path).status_code == 200
    close_feed(feed_id=feed.pk)
    assert Client().get(path).status_code == 404


def test_a_feed_is_replaced_whole_and_the_old_file_goes(shop: Shop) -> None:
    feed = open_feed(market_code="de", language="de")
    write_feed(feed.pk)
    first = ProductFeed.objects.get(pk=feed.pk).file_name
    write_feed(feed.pk)
    assert ProductFeed.objects.get(pk=feed.pk).file_name == first
    Product.objects.filter(pk=shop.kettle.pk).update(model_code="KT-2")
    write_feed(feed.pk)
    second = ProductFeed.objects.get(pk=feed.pk)
    assert second.file_name != first
    assert second.items == 2
    assert not storages["private"].exists(first)


def test_feeds_are_managed_by_who_may() -> None:
    assert operator("catalog.export_products").get("/admin/export/feeds/").status_code == 403
    browser = operator("catalog.manage_feeds")
    feed = open_feed(market_code="de", language="de")
    write_feed(feed.pk)
    page = browser.get("/admin/export/feeds/")
    assert address_of_feed(feed) in page.content.decode()
    browser.post(f"/admin/export/feeds/{feed.pk}/key/")
    assert ProductFeed.objects.get(pk=feed.pk).key_number == 2
    browser.post(f"/admin/export/feeds/{feed.pk}/close/")
    assert not ProductFeed.objects.get(pk=feed.pk).active
    assert browser.post(f"/admin/export/feeds/{feed.pk}/burn/").status_code == 404
    assert Permission.objects.filter(codename="manage_feeds").exists()
