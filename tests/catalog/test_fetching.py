"""Pictures named by address: fetched by workers, checked, tried again, given up, never in the way of rows."""

import io
import socket
from datetime import timedelta

import pytest
import requests
import responses
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from catalog.actions.fetching import fetch_due_pictures, retry_pictures
from catalog.models import MediaAsset, PictureWish, ProductMedia
from core.jobs import run_job, start_job
from tests.factories.catalog import make_product
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
PUBLIC = "93.184.216.34"


@pytest.fixture(autouse=True)
def world(settings: Settings, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name leads to a public address, but for one that leads home."""
    settings.MEDIA_ROOT = str(tmp_path)
    small_world("de")

    def resolve(host: str, port: int, *_more: object, **_named: object) -> list[tuple]:
        address = "10.0.0.7" if host.startswith("inside") else PUBLIC
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def wish(url: str = "https://pictures.example/mug.jpg", **facts: object) -> PictureWish:
    return PictureWish.objects.create(product=make_product(), url=url, alt="A mug", language="en", **facts)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", comment=b"private")
    return out.getvalue()


@responses.activate
def test_a_picture_comes_in_written_anew_and_hangs_in_the_gallery() -> None:
    waiting = wish()
    responses.get(waiting.url, body=jpeg(), content_type="text/html")
    assert fetch_due_pictures() == 1
    waiting.refresh_from_db()
    assert waiting.state == "done"
    shown = ProductMedia.objects.get(product=waiting.product)
    assert (shown.asset.width, shown.asset.alt) == (64, "A mug")
    with shown.asset.file.open("rb") as kept:
        assert b"private" not in kept.read()


@responses.activate
@pytest.mark.parametrize(
    "body", [b"<html></html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", jpeg() + b"<script>alert(1)</script>"]
)
def test_what_is_no_picture_is_given_up_whatever_it_calls_itself(body: bytes) -> None:
    waiting = wish()
    responses.get(waiting.url, body=body, content_type="image/jpeg")
    assert fetch_due_pictures() == 0
    waiting.refresh_from_db()
    assert waiting.state == "failed"
    assert waiting.last_error
    assert not MediaAsset.objects.exists()


@responses.activate
def test_a_redirect_is_followed_but_never_inside() -> None:
    good, bad = wish(), wish("https://pictures.example/other.jpg")
    responses.get(good.url, status=302, headers={"Location": "https://cdn.example/mug.jpg"})
    responses.get("https://cdn.example/mug.jpg", body=jpeg())
    responses.get(bad.url, status=302, headers={"Location": "http://inside.example/latest/meta-data"})
    assert fetch_due_pictures() == 1
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == ("done", "failed")
    assert "private network" in bad.last_error
    assert not any("inside" in str(call.request.url) for call in responses.calls)


@responses.activate
def test_trouble_is_tried_again_later_and_given_up_in_the_end() -> None:
    waiting = wish()
    responses.get(waiting.url, status=503)
    waits = []
    for _attempt in range(6):
        assert fetch_due_pictures() == 0
        waiting.refresh_from_db()
        waits.append(round((waiting.next_attempt_at - timezone.now()).total_seconds() / 60))
        PictureWish.objects.update(next_attempt_at=timezone.now())
    assert waits == [1, 10, 60, 360, 1440, 0]
    assert (waiting.state, waiting.attempts) == ("failed", 6)
    assert waiting.last_error == "The address answers with status 503."

    responses.replace(responses.GET, waiting.url, body=jpeg())
    assert fetch_due_pictures() == 0
    assert retry_pictures(wish_ids=[waiting.pk]) == 1
    assert fetch_due_pictures() == 1


@responses.activate
def test_a_host_that_does_not_answer_is_asked_once_and_holds_up_nobody_else() -> None:
    dead = [wish(f"https://dead.example/{n}.jpg") for n in range(3)]
    alive = wish("https://alive.example/mug.jpg")
    for each in dead:
        responses.get(each.url, body=requests.ConnectTimeout())
    responses.get(alive.url, body=jpeg())
    assert fetch_due_pictures() == 1
    assert sum("dead" in str(call.request.url) for call in responses.calls) == 1
    assert sorted(PictureWish.objects.filter(url__contains="dead").values_list("attempts", flat=True)) == [0, 0, 1]


@responses.activate
def test_an_address_that_is_known_is_not_asked_again() -> None:
    first = wish()
    responses.get(first.url, body=jpeg())
    fetch_due_pictures()
    wish(first.url)
    assert fetch_due_pictures() == 1
    assert len(responses.calls) == 1
    assert MediaAsset.objects.count() == 1


def test_what_one_worker_has_taken_no_other_takes() -> None:
    waiting = wish()
    PictureWish.objects.filter(pk=waiting.pk).update(next_attempt_at=timezone.now() + timedelta(minutes=15))
    assert fetch_due_pictures() == 0
    waiting.refresh_from_db()
    assert waiting.attempts == 0


def test_rows_come_in_without_waiting_for_pictures() -> None:
    """No address is asked while rows come in: the test would fail on the network."""
    table = "Handle,Title,Variant SKU,Variant Price,Image Src\nmug,Mug,M-1,9.90,https://pictures.example/mug.jpg\n"
    params = {"format": "shopify", "market": "de", "language": "en"}
    job = start_job(kind="import.catalogue", title="t", params=params, file=ContentFile(table.encode(), name="p.csv"))
    assert run_job(job.pk).result["counts"] == {"created": 1}
    assert PictureWish.objects.get().state == "waiting"
