"""Who bought it and has it may write a review, once, through the order's link."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from catalog.models import Review
from markets.queries import market_by_code
from orders.actions import grant_access
from orders.models import Fulfillment
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, parcel_of
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
OPINION = {"rating": "4", "title": "Holds tea", "body": "And warmth.", "name": "T. K."}


@shared_world
def order():
    market = open_shop("de")
    return paid_order(market, (item_in(market), 1))


def address_of(order):
    token = grant_access(number=order.number, purpose="mail")
    return f"/de/en/orders/{order.number}/{token}/review/{order.lines.get().pk}/"


def deliver(order, **facts):
    parcel = parcel_of(order)
    Fulfillment.objects.filter(pk=parcel.pk).update(**(facts or {"delivered_at": timezone.now()}))


def photo(colour=0):
    out = BytesIO()
    Image.new("RGB", (600, 400), (colour, 0, 0)).save(out, "JPEG")
    return SimpleUploadedFile(f"{colour}.jpg", out.getvalue(), "image/jpeg")


def test_the_order_offers_a_review_once_the_parcel_is_there(client, order):
    address = address_of(order)
    page = address.partition("review/")[0]
    parcel_of(order)
    assert "Write a review" not in client.get(page).content.decode()
    deliver(order)
    assert address in client.get(page).content.decode()
    assert client.get(address).status_code == 200


def test_a_review_from_an_order_is_verified_and_waits(client, order):
    deliver(order)
    answer = client.post(address_of(order), {**OPINION, "pictures": [photo(1), photo(2)]})
    assert answer.status_code == 302
    review = Review.objects.get()
    assert (review.verified, review.state, review.rating, review.language) == (True, "pending", 4, "en")
    assert review.order_ref == order.number
    assert review.assets.count() == 2


def test_a_parcel_that_was_sent_long_ago_counts_as_there_and_a_fresh_one_does_not(client, order):
    deliver(order, shipped_at=timezone.now() - timedelta(days=1))
    assert client.get(address_of(order)).status_code == 302
    deliver(order, shipped_at=timezone.now() - timedelta(days=15))
    assert client.get(address_of(order)).status_code == 200


def test_a_second_review_says_so_and_keeps_what_was_typed(client, order):
    deliver(order)
    client.post(address_of(order), OPINION)
    answer = client.post(address_of(order), {**OPINION, "body": "A second thought."})
    assert answer.status_code == 422
    assert "A second thought." in answer.content.decode()
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"rating": ""},
        {"rating": "6"},
        {"name": ""},
        {"pictures": [SimpleUploadedFile("a.svg", b"<svg onload='alert(1)'/>", "image/png")]},
        {"pictures": [SimpleUploadedFile("a.jpg", b"\xff\xd8\xff no picture", "image/jpeg")]},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(client, order, wrong):
    deliver(order)
    answer = client.post(address_of(order), {**OPINION, **wrong})
    assert answer.status_code == 422
    assert "Error:" in answer.content.decode()
    assert not Review.objects.exists()


def test_too_many_photos_are_refused(client, order):
    deliver(order)
    answer = client.post(address_of(order), {**OPINION, "pictures": [photo(n) for n in range(5)]})
    assert answer.status_code == 422
    assert not Review.objects.exists()


def test_nobody_writes_through_another_link_or_about_another_order(client, order):
    deliver(order)
    market = market_by_code("de")
    other = paid_order(market, (item_in(market), 1))
    address = address_of(order)
    assert client.post(address.replace(order.number, other.number), OPINION).status_code == 404
    wrong_line = address.replace(f"review/{order.lines.get().pk}/", f"review/{other.lines.get().pk}/")
    assert client.post(wrong_line, OPINION).status_code == 302
    assert not Review.objects.exists()
