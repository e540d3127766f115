"""Favourites of guests and members."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cart.models import CartLine
from members.favourites import MOST, drop_favourite, favourite_ids, keep_favourites
from members.models import Favourite
from tests.factories.cart import item_in, open_shop
from tests.factories.catalog import make_product
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
ROOT = "/de/en/favourites/"


@shared_world
def things():
    small_world()
    cup = make_product("cup", names={"en": "Cup"}, prices={"de": "10.00"})
    pot = make_product("pot", names={"en": "Pot"}, prices={"de": "20.00"})
    return cup, pot


@pytest.fixture
def member():
    return get_user_model().objects.create_user(email="reader@example.com", password="a long enough one")


def marked(client):
    return client.get(f"{ROOT}marks/").json()["ids"]


def mark(client, product, **fields):
    return client.post(f"{ROOT}mark/", {"product": product.pk, **fields})


def test_a_guests_hearts_stay_in_the_session_only(things, client):
    cup, pot = things
    mark(client, cup)
    answer = mark(client, pot, next="/de/en/p/pot/")
    assert answer["Location"] == "/de/en/p/pot/"
    assert marked(client) == [pot.pk, cup.pk]
    assert not Favourite.objects.exists()
    mark(client, pot)
    assert marked(client) == [cup.pk]
    mark(client, cup, keep="1")
    assert marked(client) == [cup.pk]
    assert marked(Client()) == []


def test_a_guests_hearts_come_along_at_signing_in(things, member, client):
    cup, pot = things
    keep_favourites(user_id=member.pk, product_ids=[cup.pk])
    mark(client, pot)
    mark(client, cup)
    client.force_login(member)
    assert set(marked(client)) == {cup.pk, pot.pk} == set(favourite_ids(member.pk))
    assert "favourites" not in client.session
    mark(client, cup, keep="0")
    assert favourite_ids(member.pk) == [pot.pk]


def test_keeping_twice_keeps_once_and_never_more_than_the_most(things, member):
    cup, pot = things
    assert keep_favourites(user_id=member.pk, product_ids=[cup.pk, cup.pk, pot.pk, 10**9]) == 2
    assert keep_favourites(user_id=member.pk, product_ids=[cup.pk]) == 0
    assert favourite_ids(member.pk) == [cup.pk, pot.pk]
    assert drop_favourite(user_id=member.pk, product_id=cup.pk)
    assert not drop_favourite(user_id=member.pk, product_id=cup.pk)
    assert MOST >= 2


@pytest.mark.parametrize("product", ["", "x", "-1", "999999999", "9" * 30])
def test_a_heart_for_what_the_market_does_not_show_is_not_found(things, client, product):
    assert client.post(f"{ROOT}mark/", {"product": product}).status_code == 404
    assert marked(client) == []


def test_a_heart_leads_to_no_other_site(things, client):
    for away in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        assert mark(client, things[0], next=away)["Location"] == ROOT


def test_the_list_can_be_shared_by_a_link_that_names_nobody(things, member, client):
    client.force_login(member)
    mark(client, things[0])
    page = client.get(ROOT)
    assert page["Cache-Control"].startswith("max-age=0")
    path = re.search(r'value="http://testserver(/[^"]+)"', page.content.decode()).group(1)
    stranger = Client()
    seen = stranger.get(path)
    assert seen.status_code == 200
    assert "Cup" in seen.content.decode()
    assert "reader@example.com" not in seen.content.decode()
    assert "noindex" in seen["X-Robots-Tag"]
    assert stranger.get(path[:-4] + "AAA/").status_code == 404


def test_moving_puts_one_into_the_cart_and_takes_the_heart_off(client):
    market = open_shop()
    cup, pot = item_in(market).product, item_in(market).product
    mark(client, cup)
    mark(client, pot)
    assert client.post(f"{ROOT}move/", {"product": cup.pk})["Location"] == ROOT
    assert marked(client) == [pot.pk]
    (line,) = CartLine.objects.all()
    assert (line.variant.product_id, line.quantity) == (cup.pk, 1)


def test_a_page_with_hearts_is_the_same_for_everybody(things, member, client):
    client.force_login(member)
    mark(client, things[0])
    hearts = re.findall(r'<button class="ib heart".*?>', client.get("/de/en/p/cup/").content.decode())
    assert hearts
    assert all('aria-pressed="false"' in heart for heart in hearts)
