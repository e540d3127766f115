"""The media library: files come in checked, are described, replaced and shown, and only unused ones go."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from catalog import actions
from catalog.actions.library import (
    alts_of,
    assign_media,
    delete_media,
    describe_media,
    media_stamp,
    remove_captions,
    replace_file,
    set_captions,
    set_poster,
    unassign_media,
    upload_media,
)
from catalog.drafts import GalleryPicture
from catalog.errors import ChangedMeanwhile, MediaInUse, MediaNotForMarket, MediaProblem
from catalog.models import Category, DirtyProduct, MediaAsset, PictureWish, ProductMedia
from catalog.queries import product_page
from catalog.queries.cards import cards_for
from core.models import AuditEntry
from markets.models import Market
from markets.queries import market_by_code
from tests.admin.people import operator, shopper, text
from tests.factories.catalog import make_product, picture
from tests.factories.films import CAPTIONS, mp4, webm
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
RIGHTS = (
    "view_mediaasset",
    "add_mediaasset",
    "change_mediaasset",
    "delete_mediaasset",
    "change_product",
    "change_category",
)


@pytest.fixture(autouse=True)
def world(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    small_world("de", "us")


@pytest.fixture
def browser() -> Client:
    return operator(*(f"catalog.{name}" for name in RIGHTS))


def jpeg(colour: tuple[int, int, int] = (10, 120, 90), size: tuple[int, int] = (900, 600)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def upload(name: str, content: bytes) -> MediaAsset:
    return upload_media(name=name, content=content).asset


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def of(asset: MediaAsset) -> str:
    return reverse("admin:catalog_medium", args=[asset.pk])


def test_pictures_and_films_are_stored_under_their_names_and_only_once() -> None:
    photo, film = upload("Kessel vorn.JPG", jpeg()), upload("C:\\films\\Pouring.webm", webm())
    assert (photo.code, photo.kind, photo.width, photo.widths) == ("kessel-vorn", "image", 900, [400, 800])
    assert (film.code, film.kind, film.width, film.height) == ("pouring", "video", 160, 96)
    assert default_storage.open(film.file.name).read() == webm()
    again = upload_media(name="other.jpg", content=jpeg())
    assert (again.asset.pk, again.is_new) == (photo.pk, False)
    assert upload("Kessel vorn.jpg", jpeg((0, 0, 0))).code.startswith("kessel-vorn-")
    assert AuditEntry.objects.filter(action="catalog.upload_media").count() == 3


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload=alert(1)>", b"%PDF-1.4", jpeg() + b"PK\x03\x04zip", mp4() + b"<script>"]
)
def test_what_is_no_sound_file_leaves_nothing_behind(content: bytes) -> None:
    with pytest.raises(MediaProblem):
        upload_media(name="thing.jpg", content=content)
    assert not MediaAsset.objects.exists()
    assert not AuditEntry.objects.filter(action="catalog.upload_media").exists()


def test_a_replaced_file_is_shown_wherever_the_old_one_was() -> None:
    cup = make_product("cup")
    photo = upload("front.jpg", jpeg())
    assign_media(asset_id=photo.pk, product_ids=[cup.pk])
    actions.drain_dirty()
    old = photo.file.name
    assert not replace_file(asset_id=photo.pk, content=jpeg(), seen=media_stamp(photo))
    assert replace_file(asset_id=photo.pk, content=jpeg((200, 0, 0), (500, 500)), seen=media_stamp(photo))
    after = MediaAsset.objects.get(pk=photo.pk)
    assert (after.code, after.width, after.widths, after.renditions) == ("front", 500, [400], None)
    assert after.file.name != old
    assert default_storage.exists(old)
    assert DirtyProduct.objects.filter(product=cup).exists()
    (card,) = cards_for(market_by_code("de", language="de"), [cup.pk])
    assert after.file.name.rpartition("/")[2].partition(".")[0] in card.picture.url
    with pytest.raises(ChangedMeanwhile):
        replace_file(asset_id=photo.pk, content=jpeg((1, 1, 1)), seen=media_stamp(photo))
    with pytest.raises(MediaProblem, match="by a picture"):
        replace_file(asset_id=photo.pk, content=webm(), seen=media_stamp(after))


def test_descriptions_and_market_are_saved_together_and_nobody_is_overwritten() -> None:
    photo = upload("front.jpg", jpeg())
    seen = media_stamp(photo)
    alts = alts_of(photo) | {"en": "A  kettle", "de": "Ein Kessel"}
    assert describe_media(asset_id=photo.pk, alts=alts, market_code="de", seen=seen)
    after = MediaAsset.objects.get()
    assert (after.alt, after.text("alt", "de"), after.text("alt", "fr")) == ("A kettle", "Ein Kessel", "A kettle")
    assert after.market.code == "de"
    with pytest.raises(ChangedMeanwhile):
        describe_media(asset_id=photo.pk, alts={"en": "x"}, market_code="", seen=seen)
    with pytest.raises(MediaProblem, match="200"):
        describe_media(asset_id=photo.pk, alts={"en": "x" * 201}, market_code="", seen=media_stamp(after))
    assert not describe_media(asset_id=photo.pk, alts=alts, market_code="de", seen=media_stamp(after))


def test_a_file_kept_for_one_market_is_not_shown_in_others() -> None:
    cup = make_product("cup", names={"en": "Cup", "de": "Tasse"}, prices={"de": "10.00", "us": "12.00"})
    everywhere, german = picture("front"), picture("label")
    actions.set_variant_pictures(variant_id=cup.variants.get().pk, asset_ids=[german.pk])
    for asset in (german, everywhere):
        assign_media(asset_id=asset.pk, product_ids=[cup.pk])
    MediaAsset.objects.filter(pk=german.pk).update(market=Market.objects.get(code="de"))

    def shown(market: str, language: str, slug: str) -> list[str]:
        return [one.alt for one in product_page(market_by_code(market, language=language), slug, {}).pictures]

    assert shown("de", "de", "tasse") == ["Picture label", "Picture front"]
    assert shown("us", "en", "cup") == ["Picture front"]
    (card,) = cards_for(market_by_code("us", language="en"), [cup.pk])
    assert card.picture.alt == "Picture front"
    with pytest.raises(MediaNotForMarket):
        assign_media(asset_id=german.pk, product_ids=[cup.pk], market_code="us")


def test_a_film_with_captions_and_a_poster_plays_on_the_product_page() -> None:
    cup = make_product("cup", names={"en": "Cup", "de": "Tasse"}, prices={"de": "10.00"})
    film, still = upload("pour.webm", webm()), upload("still.jpg", jpeg())
    set_captions(asset_id=film.pk, language="de", content=CAPTIONS)
    set_captions(asset_id=film.pk, language="fr", content=CAPTIONS)
    assert remove_captions(asset_id=film.pk, language="fr")
    assert not remove_captions(asset_id=film.pk, language="fr")
    assert set_poster(asset_id=film.pk, code="still")
    assign_media(asset_id=film.pk, product_ids=[cup.pk], market_code="de")
    page = Client().get("/de/de/p/tasse/").content.decode()
    for part in ('<video controls playsinline preload="none"', 'type="video/webm"', 'srclang="de"', "still-"):
        assert part in page
    for asset, language, content in ((still, "de", CAPTIONS), (film, "xx", CAPTIONS), (film, "de", b"nothing")):
        with pytest.raises(MediaProblem):
            set_captions(asset_id=asset.pk, language=language, content=content)
    with pytest.raises(MediaProblem):
        set_poster(asset_id=film.pk, code="nothing")


def test_files_are_shown_behind_what_is_there_and_taken_away_again() -> None:
    cup, bowl = make_product("cup"), make_product("bowl")
    first, second = picture("first"), picture("second")
    actions.set_gallery(product_id=cup.pk, pictures=[GalleryPicture(asset_id=first.pk)])
    assert assign_media(asset_id=second.pk, product_ids=[cup.pk, bowl.pk]) == 2
    assert assign_media(asset_id=second.pk, product_ids=[cup.pk, bowl.pk]) == 0
    assert list(ProductMedia.objects.filter(product=cup).values_list("asset_id", "position")) == [
        (first.pk, 0),
        (second.pk, 1),
    ]
    PictureWish.objects.create(product=cup, url="https://shop.example/a.jpg", language="en", asset=second, state="done")
    assert unassign_media(asset_id=second.pk, product_id=cup.pk)
    assert not unassign_media(asset_id=second.pk, product_id=cup.pk)
    assert not PictureWish.objects.exists()
    assert AuditEntry.objects.filter(action="catalog.unassign_media").count() == 1


def test_only_a_file_that_nothing_shows_is_deleted() -> None:
    cup, photo, still = make_product("cup"), picture("front"), picture("still")
    film = upload("pour.webm", webm())
    set_poster(asset_id=film.pk, code="still")
    actions.put_category(code="cups", texts={"name": {"en": "Cups"}}, picture_id=photo.pk)
    actions.set_variant_pictures(variant_id=cup.variants.get().pk, asset_ids=[photo.pk])
    for asset in (photo, still):
        with pytest.raises(MediaInUse) as refused:
            delete_media(asset_id=asset.pk)
        assert refused.value.uses
    PictureWish.objects.create(product=cup, url="https://shop.example/a.jpg", language="en", asset=film, state="done")
    assert delete_media(asset_id=film.pk) == "pour"
    assert default_storage.exists(film.file.name)
    assert delete_media(asset_id=still.pk) == "still"
    assert list(MediaAsset.objects.values_list("code", flat=True)) == ["front"]


# The screens


def test_several_files_are_taken_at_once_and_the_bad_ones_say_why(browser: Client) -> None:
    files = [file("a.jpg", jpeg()), file("b.webm", webm()), file("c.jpg", b"no picture"), file("d.jpg", jpeg())]
    answer = browser.post(reverse("admin:catalog_media"), {"files": files}, follow=True)
    page = text(answer)
    assert "2 files are in the library." in page
    assert "c.jpg: This file is not a picture that can be shown." in page
    assert "The same file is there already, as “a”." in page
    assert [tile.code for tile in answer.context["page"].tiles] == ["b", "a"]
    one = browser.post(reverse("admin:catalog_media"), {"files": [file("e.png", jpeg((9, 9, 9)))]})
    assert one.headers["Location"] == of(MediaAsset.objects.get(code="e"))
    assert "Choose one or more files first." in text(browser.post(reverse("admin:catalog_media"), follow=True))


def test_a_file_too_large_is_refused_before_it_is_read(browser: Client, monkeypatch) -> None:
    monkeypatch.setattr("catalog.workspace.library.views.MOST_BYTES", 100)
    answer = browser.post(reverse("admin:catalog_media"), {"files": [file("a.jpg", jpeg())]}, follow=True)
    assert "a.jpg: The file is too large" in text(answer)
    assert not MediaAsset.objects.exists()


def test_files_are_found_by_name_words_and_product_and_by_what_is_missing(browser: Client) -> None:
    cup = make_product("cup", names={"en": "Morning cup"})
    front = picture("front", alt={"en": "White cup", "de": "Weiße Tasse"})
    label, film = picture("label-de", alt={"en": ""}), upload("pour.webm", webm())
    MediaAsset.objects.filter(pk=label.pk).update(market=Market.objects.get(code="de"), alt="")
    assign_media(asset_id=film.pk, product_ids=[cup.pk])

    def found(query: str) -> set[str]:
        return {tile.code for tile in browser.get(f"{reverse('admin:catalog_media')}?{query}").context["page"].tiles}

    assert found("q=RONT") == {"front"}
    assert found("q=white") == {"front"}
    assert found("q=morning") == found("q=CUP") - {"front"} == {"pour"}
    assert found("kind=video") == {"pour"}
    assert found("unused=1") == {"front", "label-de"}
    assert found("missing=en") == {"label-de", "pour"}
    assert found("missing=de") == {"label-de", "pour"}
    assert found("market=de") == {"label-de"}
    assert found("market=all") == {"front", "pour"}
    assert found("kind=nonsense&page=99") == {front.code, "label-de", "pour"}
    assert "No file fits." in text(browser.get(f"{reverse('admin:catalog_media')}?q=nothing"))


def test_refused_descriptions_stay_in_the_form(browser: Client) -> None:
    photo = picture("front")
    page = browser.get(of(photo)).context["page"]
    form = {f"alt-{row.language}": row.words for row in page.alts} | {
        "deed": "describe",
        "seen": page.stamp,
        "market": "de",
    }
    answer = browser.post(of(photo), form | {"alt-de": "Lang" * 60, "alt-fr": "Devant"})
    assert answer.status_code == 422
    assert 'value="Devant"' in text(answer)
    assert "A description has at most 200 characters." in text(answer)
    MediaAsset.objects.filter(pk=photo.pk).update(alt="A colleague was here")
    answer = browser.post(of(photo), form | {"alt-en": "Mine"})
    assert answer.status_code == 422
    assert "Stored now: A colleague was here" in text(answer)
    again = form | {"alt-en": "Mine", "seen": answer.context["page"].stamp}
    assert "Saved." in text(browser.post(of(photo), again, follow=True))
    assert MediaAsset.objects.values_list("alt", "market__code").get() == ("Mine", "de")


def test_the_deeds_of_one_file(browser: Client) -> None:
    cup, photo, film = make_product("cup"), picture("front"), upload("pour.webm", webm())
    actions.put_category(code="cups", texts={"name": {"en": "Cups"}})

    def send(asset: MediaAsset, **fields) -> str:
        return text(browser.post(of(asset), fields, follow=True))

    assert "The captions are saved." in send(film, deed="captions", language="de", captions=file("a.vtt", CAPTIONS))
    assert "first line says WEBVTT" in send(film, deed="captions", language="fr", captions=file("a.vtt", b"nothing"))
    assert "Choose a file first." in send(film, deed="captions", language="fr")
    assert "The captions are taken away." in send(film, deed="remove_captions", language="de")
    assert "Saved." in send(film, deed="poster", file=file("still.jpg", jpeg()))
    assert MediaAsset.objects.get(pk=film.pk).poster.code == "still"
    assert "There is no picture with this code." in send(film, deed="poster", poster="pour")
    found = browser.get(f"{of(photo)}?find=cup")
    assert [row.code for row in found.context["page"].found] == ["cup"]
    assert "1 product shows it from now on." in send(photo, deed="assign", product=[str(cup.pk)], in_market="")
    assert browser.get(f"{of(photo)}?find=cup").context["page"].found == []
    assert "It is the picture of “Cups” from now on." in send(photo, deed="category", category="cups")
    assert Category.objects.get().picture_id == photo.pk
    assert "Only a file that nothing shows can be deleted." in send(photo, deed="delete")
    assert "does not show it any more" in send(photo, deed="unassign", product=str(cup.pk))
    seen = browser.get(of(photo)).context["page"].stamp
    assert "replaced wherever it is shown" in send(photo, deed="replace", seen=seen, file=file("n.jpg", jpeg()))
    assert "“pour” is deleted." in send(film, deed="delete")
    assert browser.get(of(film)).status_code == 404


def test_only_operators_with_the_right_look_upload_change_and_delete() -> None:
    photo, grid = picture("front"), reverse("admin:catalog_media")
    for stranger in (Client(), shopper()):
        assert stranger.get(grid).status_code == 302
        assert stranger.post(of(photo), {"deed": "delete"}).status_code == 302
    assert operator("catalog.view_product").get(grid).status_code == 403
    looker = operator("catalog.view_mediaasset")
    assert "Add files" not in text(looker.get(grid))
    assert "Replace the file" not in text(looker.get(of(photo)))
    assert looker.post(grid, {"files": [file("a.jpg", jpeg())]}).status_code == 403
    for deed in (
        "describe",
        "captions",
        "remove_captions",
        "poster",
        "replace",
        "assign",
        "unassign",
        "category",
        "delete",
    ):
        assert looker.post(of(photo), {"deed": deed}).status_code == 403
    changer = operator("catalog.view_mediaasset", "catalog.change_mediaasset")
    for deed in ("assign", "unassign", "category", "delete"):
        assert changer.post(of(photo), {"deed": deed}).status_code == 403
    assert MediaAsset.objects.count() == 1


def test_many_files_cost_no_more_queries(browser: Client) -> None:
    cup = make_product("cup")
    rows = MediaAsset.objects.bulk_create(
        MediaAsset(code=f"file-{n}", file=f"catalog/file-{n}.jpg", width=10, height=10) for n in range(300)
    )
    ProductMedia.objects.bulk_create(ProductMedia(product=cup, asset=row, position=row.pk) for row in rows[:200])
    addresses = ["", "?q=cup", "?unused=1", "?missing=ja&kind=image&market=all", "?page=4"]
    for address in [*(f"{reverse('admin:catalog_media')}{query}" for query in addresses), f"{of(rows[0])}?find=cup"]:
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        assert len(queries) <= 30, address
    assert len(browser.get(reverse("admin:catalog_media")).context["page"].tiles) == 48
