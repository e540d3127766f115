"""Pictures lose what they brought along, and get copies that browsers choose from."""

import hashlib
import io
import zipfile
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from catalog.actions import add_media, set_gallery
from catalog.actions.renditions import ask_for_renditions, make_renditions
from catalog.drafts import GalleryPicture
from catalog.errors import MediaProblem
from catalog.models import MediaAsset
from catalog.pictures import FIELDS, picture_of
from catalog.renditions import widths_for
from catalog.safe_pictures import MOST_PIXELS
from tests.factories.catalog import make_product
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo(width: int = 1000, height: int = 500, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    mode = "RGBA" if form == "PNG" else "RGB"
    Image.new(mode, (width, height), (200, 90, 40)).save(out, form, **options)
    return out.getvalue()


def shown(asset: MediaAsset):
    return picture_of(MediaAsset.objects.values(*FIELDS).get(pk=asset.pk), "en")


def files_of(asset: MediaAsset) -> Iterator[tuple[str, Image.Image]]:
    for name in default_storage.listdir("catalog")[1]:
        if name.startswith(asset.code):
            yield name, Image.open(default_storage.open(f"catalog/{name}"))


def test_no_file_of_a_picture_keeps_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x010E] = "the place where it was taken"
    asset = add_media(code="beach", content=photo(exif=exif, comment=b"secret"))
    make_renditions(formats=["webp", "jpeg", "avif"])
    found = dict(files_of(asset))
    assert len(found) == 1 + 2 + 3 + 3  # JPEG serves as its own widest copy
    for name, picture in found.items():
        assert not picture.getexif(), name
        assert not {"icc_profile", "xmp", "comment", "exif"} & set(picture.info), name


def test_a_file_that_was_kept_with_its_notes_is_not_taken_for_the_clean_one():
    exif = Image.Exif()
    exif[0x010E] = "the place where it was taken"
    content = photo(exif=exif)
    name = f"catalog/beach-{hashlib.sha256(content).hexdigest()[:10]}.jpg"
    default_storage.save(name, ContentFile(content))
    assert not Image.open(add_media(code="beach", content=content).file).getexif()


def test_a_picture_taken_sideways_is_stored_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    asset = add_media(code="tower", content=photo(900, 300, exif=exif))
    assert (asset.width, asset.height) == (300, 900)


def test_a_picture_that_is_also_an_archive_is_refused():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("page.html", "<script>alert(1)</script>")
    with pytest.raises(MediaProblem):
        add_media(code="both", content=photo() + archive.getvalue())
    assert not MediaAsset.objects.exists()


def test_a_bomb_is_refused_before_its_pixels_are_read():
    side = int(MOST_PIXELS**0.5) + 1
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    with pytest.raises(MediaProblem):
        add_media(code="bomb", content=out.getvalue())


@pytest.mark.parametrize(
    ("own", "widths"),
    [(300, (300,)), (400, (400,)), (1000, (400, 800, 1000)), (1600, (400, 800, 1200, 1600)),
     (4000, (400, 800, 1200, 1600))],
)  # fmt: skip
def test_nothing_is_enlarged(own, widths):
    assert widths_for(own) == widths


def test_copies_are_as_wide_as_they_are_called():
    asset = add_media(code="wide", content=photo(1700, 850, "PNG"))
    assert make_renditions(formats=["webp", "jpeg"]) == 1
    asset.refresh_from_db()
    assert asset.renditions == {"webp": [400, 800, 1200, 1600], "jpeg": [400, 800, 1200, 1600]}
    for name, picture in files_of(asset):
        told = name.rpartition(".")[0].split("-")[-1]
        assert picture.size == ((int(told), int(told) // 2) if told.isdigit() and len(told) < 5 else (1700, 850)), name


def test_a_page_offers_what_exists_and_a_jpeg_for_everything_else():
    asset = add_media(code="kettle", content=photo(1000, 500, "WEBP"))
    before = shown(asset)
    assert before.sources == ()
    assert before.srcset.split(", ")[-1] == f"{before.url} 1000w"
    make_renditions(formats=["webp", "jpeg"])
    after = shown(asset)
    assert [source.type for source in after.sources] == ["image/webp"]
    assert after.sources[0].srcset.split(", ")[-1] == f"{before.url} 1000w"
    assert after.url == after.large_url == before.url.replace(".webp", "-1000.jpg")
    assert (after.width, after.height) == (1000, 500)
    for address in after.srcset.split(", "):
        assert default_storage.exists(address.split()[0].removeprefix(default_storage.base_url))


def test_a_product_page_offers_webp_and_shares_a_jpeg(client):
    small_world()
    cup = make_product("cup", names={"en": "Cup"}, prices={"de": "10.00"})
    asset = add_media(code="cup", content=photo(1700, 850, "PNG"))
    set_gallery(product_id=cup.pk, pictures=[GalleryPicture(asset_id=asset.pk)])
    make_renditions(formats=["webp", "jpeg"])
    html = client.get("/de/en/p/cup/").content.decode()
    stem = asset.file.url.removesuffix(".png")
    assert f'<meta property="og:image" content="http://testserver{stem}-1200.jpg">' in html
    assert f'<source type="image/webp" srcset="{stem}-400.webp 400w, {stem}-800.webp 800w' in html
    assert f'<img src="{stem}-1200.jpg" srcset="{stem}-400.jpg 400w' in html
    assert 'width="1200" height="600" fetchpriority="high"' in html
    assert f'href="{stem}-1600.jpg"' in html


def test_pictures_with_ready_made_copies_stay_as_they_are():
    content = photo(800, 400, "WEBP")
    asset = add_media(code="drawn", content=content, smaller={400: photo(400, 200, "WEBP"), 800: content})
    make_renditions(formats=["webp", "jpeg"])
    assert default_storage.open(asset.file.name).read() == content
    assert shown(asset).sources[0].srcset.endswith(f"{asset.file.url} 800w")


def test_a_new_file_asks_for_new_copies_and_so_does_a_new_format():
    asset = add_media(code="cup", content=photo(600, 300))
    make_renditions(formats=["webp", "jpeg"])
    assert make_renditions(formats=["webp", "jpeg"]) == 0
    assert ask_for_renditions(formats=["webp", "jpeg"]) == 0
    assert ask_for_renditions(formats=["webp", "jpeg", "avif"]) == 1
    assert make_renditions(formats=["webp", "jpeg", "avif"]) == 1
    assert [source.type for source in shown(asset).sources] == ["image/avif", "image/webp"]
    add_media(code="cup", content=photo(500, 250))
    assert make_renditions(formats=["webp", "jpeg"]) == 1


def test_a_picture_whose_file_is_gone_is_left_as_it_is():
    asset = add_media(code="lost", content=photo(600, 300))
    default_storage.delete(asset.file.name)
    assert make_renditions(formats=["webp", "jpeg"]) == 0
    assert shown(asset).sources == ()
    assert make_renditions(formats=["webp", "jpeg"]) == 0
