"""Films in a gallery: in the markets they are meant for, with captions, and never where pictures are needed."""

import pytest
from django.test import Client

from catalog.actions import add_film, set_gallery
from catalog.drafts import GalleryPicture
from catalog.errors import MediaProblem
from catalog.models import MediaAsset
from catalog.queries import product_page
from catalog.queries.cards import cards_for
from markets.queries import market_by_code
from tests.factories.catalog import make_product, picture
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
MP4 = b"\0\0\0\x18ftypisom" + bytes(40)


@pytest.fixture
def cup(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    small_world()
    return make_product("cup", names={"en": "Cup", "de": "Tasse"}, prices={"de": "10.00", "us": "12.00"})


def test_a_film_is_shown_where_it_is_meant_for_with_captions(cup):
    poster = picture("poster")
    captions = {"de": b"WEBVTT\n\n00:00.000 --> 00:01.000\nGuten Tag\n"}
    film = add_film(code="pour", content=MP4, size=(1280, 720), alt={"en": "Pouring"}, poster=poster, captions=captions)
    photo = picture("front")
    set_gallery(
        product_id=cup.pk,
        pictures=[GalleryPicture(asset_id=film.pk, market_code="de"), GalleryPicture(asset_id=photo.pk)],
    )
    german = product_page(market_by_code("de", language="de"), "tasse", {})
    (shown,) = german.films
    assert (shown.type, shown.width, shown.label) == ("video/mp4", 1280, "Pouring")
    assert [(one.language, one.label, one.chosen) for one in shown.captions] == [("de", "Deutsch", True)]
    assert len(german.pictures) == 1
    assert product_page(market_by_code("us", language="en"), "cup", {}).films == ()
    (card,) = cards_for(market_by_code("de", language="de"), [cup.pk])
    assert "front" in card.picture.url
    html = Client().get("/de/de/p/tasse/").content.decode()
    assert '<video controls playsinline preload="none"' in html
    assert 'kind="captions"' in html
    assert shown.poster in html


@pytest.mark.parametrize("content", [b"", b"<html>", b"GIF89a" + bytes(30)])
def test_what_is_no_film_is_refused(cup, content):
    with pytest.raises(MediaProblem):
        add_film(code="film", content=content, size=(10, 10))
    assert not MediaAsset.objects.filter(code="film").exists()


@pytest.mark.parametrize("words", [b"<script>", "WEBVTT\n\nÄ".encode("latin-1")])
def test_captions_are_webvtt_or_refused(cup, words):
    with pytest.raises(MediaProblem):
        add_film(code="film", content=MP4, size=(10, 10), captions={"en": words})
