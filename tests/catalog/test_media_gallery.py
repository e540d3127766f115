"""A product's gallery: arranged, cut and filled by operators, with nobody's order overwritten."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from catalog import actions
from catalog.actions.gallery import GalleryPlace, arrange_media, gallery_seen, show_on_variants
from catalog.drafts import GalleryPicture
from catalog.errors import ChangedMeanwhile, MediaProblem
from catalog.models import DirtyProduct, MediaAsset, PictureWish, Product, ProductMedia, VariantMedia
from catalog.queries.cards import cards_for
from core.models import AuditEntry
from markets.queries import market_by_code
from tests.admin.people import operator, text
from tests.factories.catalog import make_product, option, picture
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def cup(settings, tmp_path) -> Product:
    settings.MEDIA_ROOT = tmp_path
    small_world("de")
    option("colour", {"ink": None, "bone": None})
    product = make_product("cup", options={"colour": ("ink", "bone")})
    pictures = [GalleryPicture(asset_id=picture(code).pk) for code in ("one", "two", "three")]
    actions.set_gallery(product_id=product.pk, pictures=pictures)
    actions.drain_dirty()
    return product


@pytest.fixture
def browser() -> Client:
    return operator("catalog.view_product", "catalog.change_product", "catalog.add_mediaasset")


def order(product: Product) -> list[str]:
    return list(product.media.order_by("position").values_list("asset__code", flat=True))


def places(product: Product, **wanted: int) -> list[GalleryPlace]:
    rows = product.media.select_related("asset").order_by("position")
    return [
        GalleryPlace(
            pk=row.pk, role=row.role, position=wanted.get(row.asset.code, 9), is_removed=row.asset.code not in wanted
        )
        for row in rows
    ]


def test_the_first_picture_is_the_one_cards_show(cup: Product) -> None:
    wanted = places(cup, three=1, one=2, two=3)
    assert arrange_media(product_id=cup.pk, places=wanted, seen=gallery_seen(cup.pk))
    assert order(cup) == ["three", "one", "two"]
    assert DirtyProduct.objects.filter(product=cup).exists()
    assert AuditEntry.objects.filter(action="catalog.arrange_media").count() == 1
    (card,) = cards_for(market_by_code("de", language="de"), [cup.pk])
    assert card.picture.alt == "Picture three"
    assert not arrange_media(product_id=cup.pk, places=wanted, seen=gallery_seen(cup.pk))


def test_what_is_taken_away_is_not_fetched_again_and_nobody_is_overtaken(cup: Product) -> None:
    one = MediaAsset.objects.get(code="one")
    PictureWish.objects.create(product=cup, url="https://shop.example/a.jpg", language="en", asset=one, state="done")
    seen = gallery_seen(cup.pk)
    assert arrange_media(product_id=cup.pk, places=places(cup, two=1, three=1), seen=seen)
    assert order(cup) == ["two", "three"]
    assert not PictureWish.objects.exists()
    with pytest.raises(ChangedMeanwhile):
        arrange_media(product_id=cup.pk, places=places(cup, three=1, two=2), seen=seen)
    assert order(cup) == ["two", "three"]


def test_a_file_shows_exactly_the_variants_it_is_said_to(cup: Product) -> None:
    ink, bone = cup.variants.order_by("position")
    one, other = MediaAsset.objects.get(code="one"), make_product("bowl").variants.get()
    assert show_on_variants(product_id=cup.pk, asset_id=one.pk, variant_ids=[ink.pk])
    assert show_on_variants(product_id=cup.pk, asset_id=one.pk, variant_ids=[bone.pk])
    assert not show_on_variants(product_id=cup.pk, asset_id=one.pk, variant_ids=[bone.pk])
    assert list(VariantMedia.objects.values_list("variant_id", "asset_id")) == [(bone.pk, one.pk)]
    with pytest.raises(MediaProblem):
        show_on_variants(product_id=cup.pk, asset_id=one.pk, variant_ids=[other.pk])
    assert show_on_variants(product_id=cup.pk, asset_id=one.pk, variant_ids=[])
    assert not VariantMedia.objects.exists()


def test_the_screen_arranges_uploads_and_adds(cup: Product, browser: Client) -> None:
    address = reverse("admin:catalog_gallery", args=[cup.pk])
    page = browser.get(address).context["page"]
    one, two, three = page.tiles
    form = {"seen": page.seen, "place": [str(tile.pk) for tile in page.tiles]}
    form |= {
        f"position-{one.pk}": "3",
        f"position-{two.pk}": "2",
        f"position-{three.pk}": "1",
        f"role-{one.pk}": "life",
    }
    assert "Saved." in text(browser.post(address, form | {f"remove-{two.pk}": "1"}, follow=True))
    assert order(cup) == ["three", "one"]
    assert ProductMedia.objects.get(pk=one.pk).role == "life"
    assert "Somebody else changed this in the meantime." in text(browser.post(address, form, follow=True))
    out = BytesIO()
    Image.new("RGB", (500, 500), (1, 2, 3)).save(out, "PNG")
    files = [SimpleUploadedFile("new.png", out.getvalue()), SimpleUploadedFile("bad.png", b"no")]
    answer = browser.post(address, {"deed": "upload", "files": files}, follow=True)
    assert "1 file is in the library." in text(answer)
    assert "bad.png: " in text(answer)
    browser.post(address, {"deed": "add", "code": "two"})
    assert order(cup) == ["three", "one", "new", "two"]
    assert "no file with this code" in text(browser.post(address, {"deed": "add", "code": "zzz"}, follow=True))
    place = {"deed": "variants", "place": str(three.pk)}
    assert "Saved." in text(browser.post(address, place | {"skus": "CUP-INK, "}, follow=True))
    assert "has no variant NO-SUCH." in text(browser.post(address, place | {"skus": "CUP-INK,NO-SUCH"}, follow=True))
    assert list(VariantMedia.objects.values_list("variant__sku", "asset__code")) == [("CUP-INK", "three")]
    with CaptureQueriesContext(connection) as queries:
        browser.get(address)
    assert len(queries) <= 30


def test_only_who_may_change_products_arranges_them(cup: Product) -> None:
    address = reverse("admin:catalog_gallery", args=[cup.pk])
    looker = operator("catalog.view_product")
    assert "Save order and parts" not in text(looker.get(address))
    for deed in ("upload", "add", "variants", ""):
        assert looker.post(address, {"deed": deed, "code": "one"}).status_code == 403
    assert operator("catalog.view_category").get(address).status_code == 403
    changer = operator("catalog.view_product", "catalog.change_product")
    assert changer.post(address, {"deed": "upload"}).status_code == 403
    assert Client().get(address).status_code == 302
