"""A product market by market: edited in one form, honoured everywhere shoppers look, opened and closed by the clock."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cart.actions import add_line, open_cart
from catalog import actions
from catalog.actions.offers import OfferWish, copy_offer, offers_seen, presentation_seen, set_offers, set_presentation
from catalog.drafts import GalleryPicture
from catalog.errors import ChangedMeanwhile, MediaNotForMarket, WindowEndsBeforeItBegins
from catalog.exporters.google.writing import write_google_feed
from catalog.models import DirtyProduct, MediaAsset, Product, ProductMarket, ProductMedia, SourceText, Variant
from catalog.publishing.lacks import lacks_of
from catalog.queries import cards_for, product_page, search_page
from catalog.selling import sellables
from catalog.tasks import refresh_by_clock
from core.models import AuditEntry
from markets.models import Market
from markets.queries import market_by_code
from markets.types import MarketContext
from tests.admin.people import operator, shopper, text
from tests.factories.catalog import make_product, option, picture
from tests.factories.inventory import a_warehouse, stocked
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
NAMES = {"en": "Cup", "de": "Becher", "ja": "カップ"}


def world() -> None:
    small_world("de", "jp")


@shared_world
def cup() -> Product:
    world()
    made = make_product("cup", names=NAMES, category="kitchen")
    actions.set_gallery(
        product_id=made.pk, pictures=[GalleryPicture(asset_id=picture(code).pk) for code in ("front", "side")]
    )
    stocked(made.variants.get(), 10, warehouse=a_warehouse("LEJ", market=Market.objects.get(code="de")))
    return made


@pytest.fixture
def browser() -> Client:
    return operator("catalog.view_product", "catalog.change_product")


def at(code: str, language: str = "") -> MarketContext:
    """A market in the language of its people."""
    return market_by_code(code, language=language or {"de": "de", "jp": "ja"}[code])


def url(product: Product, code: str = "") -> str:
    return reverse(
        "admin:catalog_market" if code else "admin:catalog_markets", args=[product.pk, *([code] if code else [])]
    )


def form_of(browser: Client, product: Product) -> dict[str, str]:
    """What a browser would send back unchanged."""
    context = browser.get(url(product)).context
    fields = {"seen": context["seen"], "deed": "save"}
    for form in context["rows"]:
        for field in form:
            value = field.value()
            if field.name == "visible":
                fields |= {field.html_name: "on"} if value else {}
            elif value is not None:
                fields[field.html_name] = field.field.widget.format_value(value)
    return fields


def seen_everywhere(product: Product, tmp_path: Path, market: str = "de") -> dict[str, bool]:
    """Whether shoppers of a market meet the product, by where they look."""
    here = at(market)
    browser = Client()
    page = browser.get(f"/{market}/{here.language}/p/{product.routes.get(language=here.language, current=True).slug}/")
    write_google_feed(tmp_path / "feed.xml", market_code=market, language=here.language)
    variant = Variant.objects.get(product=product)
    listing = browser.get(f"/{market}/{here.language}/c/kitchen/").content.decode()
    sitemap = browser.get(f"/{market}/{here.language}/sitemap-0.xml")
    slug = product.routes.get(language=here.language, current=True).slug
    return {
        "page": page.status_code == 200,
        "data": b'"@type": "Product"' in page.content or b'"Product"' in page.content,
        "listing": f"/p/{slug}/" in listing,
        "search": bool(search_page(here, {"q": ["Becher"]}).cards),
        "sitemap": sitemap.status_code == 200 and f"/p/{slug}/" in sitemap.content.decode(),
        "feed": "CUP" in (tmp_path / "feed.xml").read_text(),
        "cart": _fits_into_a_cart(variant, market),
    }


def _fits_into_a_cart(variant: Variant, market: str) -> bool:
    here = at(market)
    result = add_line(cart_id=open_cart(market=here, user_id=None).pk, market=here, variant_id=variant.pk, quantity=1)
    assert sellables([variant.pk], market, here.language)[variant.pk].is_sellable == (result.line_id is not None)
    return result.line_id is not None


def test_a_market_that_hides_a_product_hides_it_everywhere(cup: Product, browser: Client, tmp_path: Path) -> None:
    assert all(seen_everywhere(cup, tmp_path).values()), seen_everywhere(cup, tmp_path)
    form = form_of(browser, cup)
    form.pop("m-de-visible")
    assert browser.post(url(cup), form).status_code == 302
    actions.drain_dirty()
    assert not any(seen_everywhere(cup, tmp_path).values()), seen_everywhere(cup, tmp_path)
    assert product_page(at("jp"), "カップ", {}).name == "カップ"


def test_windows_open_and_close_by_the_clock_alone(cup: Product, tmp_path: Path) -> None:
    now = timezone.now()
    actions.offer_product(product_id=cup.pk, market_code="de", visible_from=now + timedelta(hours=1))
    actions.drain_dirty()
    assert not any(seen_everywhere(cup, tmp_path).values())
    # Time passes: nobody saves anything, the moments move into the past.
    ProductMarket.objects.update(visible_from=now - timedelta(seconds=1))
    assert not DirtyProduct.objects.exists()
    refresh_by_clock()
    assert all(seen_everywhere(cup, tmp_path).values())
    ProductMarket.objects.update(visible_until=now - timedelta(milliseconds=1))
    closed = seen_everywhere(cup, tmp_path)
    assert (closed["page"], closed["cart"]) == (False, False), "these do not wait for a worker"
    refresh_by_clock()
    assert not any(seen_everywhere(cup, tmp_path).values())


def test_the_form_sent_back_unchanged_writes_nothing(cup: Product, browser: Client) -> None:
    before = AuditEntry.objects.count()
    answer = browser.post(url(cup), form_of(browser, cup), follow=True)
    assert "Nothing was changed." in text(answer)
    assert (AuditEntry.objects.count(), ProductMarket.objects.count()) == (before, 0)


def test_an_end_before_the_beginning_is_refused_beside_its_field(cup: Product, browser: Client) -> None:
    form = form_of(browser, cup) | {"m-de-visible_from": "2027-03-02T09:00", "m-de-visible_until": "2027-03-01T09:00"}
    answer = browser.post(url(cup), form)
    assert answer.status_code == 422
    assert "The end must be later than the beginning." in text(answer)
    assert 'value="2027-03-02T09:00"' in text(answer)
    assert not ProductMarket.objects.exists()
    now, seen = timezone.now(), offers_seen(cup.pk)
    wish = OfferWish(market_code="de", visible_from=now, visible_until=now)
    with pytest.raises(WindowEndsBeforeItBegins):
        set_offers(product_id=cup.pk, wishes=[wish], seen=seen)


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(cup: Product, browser: Client) -> None:
    form = form_of(browser, cup)
    form.pop("m-jp-visible")
    actions.offer_product(product_id=cup.pk, market_code="de", visible=False)
    answer = browser.post(url(cup), form)
    assert answer.status_code == 422
    assert "Somebody else changed this" in text(answer)
    assert ProductMarket.objects.get().visible is False
    again = form | {"seen": answer.context["seen"]}
    assert browser.post(url(cup), again).status_code == 302
    assert list(ProductMarket.objects.order_by("market").values_list("visible", flat=True)) == [True, False]


def test_all_markets_are_hidden_and_shown_at_once_and_keep_their_dates(cup: Product, browser: Client) -> None:
    opens = timezone.now() - timedelta(days=1)
    actions.offer_product(product_id=cup.pk, market_code="de", visible_from=opens)
    for deed, visible in (("hide", False), ("show", True)):
        assert browser.post(url(cup), form_of(browser, cup) | {"deed": deed}).status_code == 302
        rows = {row.market.code: row for row in ProductMarket.objects.select_related("market")}
        assert [rows["de"].visible, rows["jp"].visible] == [visible, visible]
        assert rows["de"].visible_from == opens
    entry = AuditEntry.objects.filter(action="catalog.offer_product").latest("pk")
    assert set(entry.data["markets"]) == {"de", "jp"}
    assert entry.actor_label


def test_a_market_is_copied_to_others_part_by_part(cup: Product) -> None:
    film = picture("jp-only")
    japan = Market.objects.get(code="jp")
    set_presentation(
        product_id=cup.pk, market_code="jp", words={"ja": "<p>夏</p>"}, asset_ids=[film.pk], own_media_only=True,
        seen=presentation_seen(cup.pk, japan.pk),
    )  # fmt: skip
    copy_offer(product_id=cup.pk, source="jp", targets=["de"], parts=["words"], seen=offers_seen(cup.pk))
    german = ProductMarket.objects.get(market__code="de")
    assert (german.text("copy_override_html", "ja"), german.own_media_only) == ("<p>夏</p>", False)
    assert ProductMedia.objects.filter(market__isnull=False).count() == 1
    assert copy_offer(product_id=cup.pk, source="jp", targets=["de"], seen=offers_seen(cup.pk)) == 1
    assert ProductMedia.objects.filter(market__code="de", asset=film).exists()
    assert copy_offer(product_id=cup.pk, source="jp", targets=["de"], seen=offers_seen(cup.pk)) == 0


def test_own_words_are_shown_in_their_market_and_language_only_and_cleaned(cup: Product, browser: Client) -> None:
    context = browser.get(url(cup, "de")).context
    form = {
        "seen": context["seen"],
        "words-de": '<p onclick="x()">Nur hier</p><script>x()</script>',
        "words-en": "<p>Here</p>",
    }
    assert browser.post(url(cup, "de"), form).status_code == 302
    assert product_page(at("de", "de"), "becher", {}).market_copy_html == "<p>Nur hier</p>"
    assert product_page(at("de", "en"), "cup", {}).market_copy_html == "<p>Here</p>"
    assert product_page(at("jp"), "カップ", {}).market_copy_html == ""
    offer = ProductMarket.objects.get()
    assert SourceText.objects.filter(model="catalog.productmarket", object_id=offer.pk).exists(), "on the desk"


def test_a_market_shows_its_own_pictures_first_or_alone(cup: Product) -> None:
    own = picture("summer")
    front, side = MediaAsset.objects.get(code="front"), MediaAsset.objects.get(code="side")
    germany = Market.objects.get(code="de")

    def put(*, only: bool) -> None:
        set_presentation(
            product_id=cup.pk, market_code="de", words={}, asset_ids=[side.pk, own.pk], own_media_only=only,
            seen=presentation_seen(cup.pk, germany.pk),
        )  # fmt: skip

    def shown(market: str, slug: str) -> list[str]:
        return [one.alt for one in product_page(at(market), slug, {}).pictures]

    put(only=False)
    assert shown("de", "becher") == ["Picture side", "Picture summer", "Picture front"]
    put(only=True)
    assert shown("de", "becher") == ["Picture side", "Picture summer"]
    assert shown("jp", "カップ") == [f"Picture {one.code}" for one in (front, side)]
    card = cards_for(at("de"), [cup.pk])[0]
    assert [card.picture.alt, card.second_picture.alt] == ["Picture side", "Picture summer"]


def test_a_markets_own_film_plays_in_that_market_only(cup: Product, browser: Client) -> None:
    film = actions.add_film(code="intro-jp", content=b"\0\0\0\x18ftypmp42" + b"\0" * 64, size=(640, 360))
    answer = browser.get(f"{url(cup, 'jp')}?q=intro")
    assert "intro-jp" in text(answer)
    form = {"seen": answer.context["seen"], f"place-{film.pk}": "1"}
    assert browser.post(f"{url(cup, 'jp')}?q=intro", form).status_code == 302
    assert len(product_page(at("jp"), "カップ", {}).films) == 1
    assert product_page(at("de"), "becher", {}).films == ()


def test_pictures_kept_for_another_market_are_refused(cup: Product) -> None:
    japanese = picture("kept")
    MediaAsset.objects.filter(pk=japanese.pk).update(market=Market.objects.get(code="jp"))
    germany = Market.objects.get(code="de")
    with pytest.raises(MediaNotForMarket):
        set_presentation(
            product_id=cup.pk, market_code="de", words={}, asset_ids=[japanese.pk], own_media_only=False,
            seen=presentation_seen(cup.pk, germany.pk),
        )  # fmt: skip
    with pytest.raises(ChangedMeanwhile):
        set_presentation(
            product_id=cup.pk, market_code="de", words={}, asset_ids=[], own_media_only=False, seen="older"
        )
    assert not ProductMedia.objects.filter(market=germany).exists()


def test_what_is_missing_is_said_market_by_market(cup: Product) -> None:
    bare = make_product("bare", prices={"de": "9.00"}, variant={"hs_code": None}, active=False)
    Product.objects.filter(pk=bare.pk).update(name="")
    lacks_of([cup.pk], language="en")
    with CaptureQueriesContext(connection) as for_two:
        found = lacks_of([cup.pk, bare.pk], language="en")
    assert {lack.code for lack in found[cup.pk]} == {"no_translation"}
    assert "French" in found[cup.pk][0].sentence
    assert "German," not in found[cup.pk][0].sentence
    said = {(lack.code, lack.market) for lack in found[bare.pk]}
    assert {("no_name", ""), ("no_customs_facts", ""), ("no_picture", ""), ("no_price", "jp")} <= said
    assert ("no_translation", "de") in said
    assert [lack.code for lack in found[bare.pk] if lack.is_refusal] == ["no_name"]
    with CaptureQueriesContext(connection) as for_one:
        lacks_of([bare.pk], language="en")
    assert len(for_two) == len(for_one) <= 8


def test_the_screens_stay_within_thirty_queries_however_many_markets(cup: Product, browser: Client) -> None:
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")
    small_world("us", "ae")
    for address in (url(cup), url(cup, "de"), f"{url(cup, 'de')}?q=front"):
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        assert len(queries) <= 30, (address, len(queries))


@pytest.mark.parametrize("who", ["nobody", "shopper", "reader"])
def test_only_those_who_may_change_products_change_markets(cup: Product, who: str) -> None:
    browser = {"nobody": Client, "shopper": shopper, "reader": lambda: operator("catalog.view_product")}[who]()
    for code in ("", "de"):
        assert browser.get(url(cup, code)).status_code == (200 if who == "reader" else 302)
        assert browser.post(url(cup, code), {"deed": "hide"}).status_code == (403 if who == "reader" else 302)
    assert not ProductMarket.objects.exists()
