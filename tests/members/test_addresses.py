"""A member's addresses: kept, changed, put first, removed; chosen and kept at the checkout. Nobody else's change."""

import html
import re

import pytest

from core.models import AuditEntry
from members.address_book import MOST, AddressGone, AddressWrong, BookFull, addresses_of, keep_address, remove_address
from members.models import Address
from orders.models import Order
from tests.checkout.cards_world import fill, shopping_member
from tests.checkout.test_credit_members import member
from tests.factories.cart import open_shop
from tests.factories.checkout import ADDRESSES
from tests.journeys.shopping import Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
HOME = {**ADDRESSES["DE"]}
OTHER = {**HOME, "street": "Am Kanal 3", "phone": ""}


@shared_world
def world() -> tuple[int, Shopper]:
    user, shopper = shopping_member()
    return user.pk, shopper


def own(user_id: int) -> list[tuple[str, bool]]:
    return [(row.fields["street"], row.is_default) for row in addresses_of(user_id)]


def test_the_first_address_comes_first_until_another_is_put_before_it(world) -> None:
    user_id, shopper = world
    shopper.post("account/addresses/new/", action="save", country="DE", **HOME)
    shopper.post("account/addresses/new/", action="save", country="DE", **OTHER)
    assert own(user_id) == [(HOME["street"], True), (OTHER["street"], False)]

    newest = Address.objects.latest("pk")
    assert shopper.post("account/addresses/", first=newest.pk).status == 303
    assert own(user_id) == [(OTHER["street"], True), (HOME["street"], False)]

    shopper.post("account/addresses/", remove=newest.pk)
    assert own(user_id) == [(HOME["street"], True)]
    assert "Am Kanal" not in shopper.get("account/addresses/").text
    assert AuditEntry.objects.filter(action__startswith="members.").count() >= 4


def test_a_wrong_address_is_shown_again_with_what_was_typed(world) -> None:
    user_id, shopper = world
    answer = shopper.post("account/addresses/new/", action="save", country="DE", **{**HOME, "postal_code": "12"})
    assert answer.status == 422
    assert HOME["street"] in html.unescape(answer.text)
    assert 'href="#postal-code"' in answer.text
    assert own(user_id) == []


def test_another_country_shows_its_fields_and_loses_nothing(world) -> None:
    _user_id, shopper = world
    open_shop("us")
    answer = shopper.post("account/addresses/new/", action="country", country="US", **HOME)
    assert answer.status == 200
    assert "ZIP code" in answer.text
    assert HOME["name"] in html.unescape(answer.text)


def test_the_very_same_address_is_not_kept_twice_and_a_full_book_says_so(world) -> None:
    user_id, shopper = world
    for _again in range(2):
        keep_address(user_id=user_id, country="DE", parts=HOME)
    assert len(own(user_id)) == 1
    for number in range(MOST - 1):
        keep_address(user_id=user_id, country="DE", parts={**HOME, "street": f"Weg {number}"})
    with pytest.raises(BookFull):
        keep_address(user_id=user_id, country="DE", parts=OTHER)
    answer = shopper.post("account/addresses/new/", action="save", country="DE", **OTHER)
    assert (answer.status, "Remove one first" in answer.text, OTHER["street"] in answer.text) == (409, True, True)
    with pytest.raises(AddressWrong):
        keep_address(user_id=user_id, country="DE", parts={})


def test_nobody_sees_changes_or_removes_anothers(world) -> None:
    user_id, shopper = world
    kept = keep_address(user_id=user_id, country="DE", parts=HOME)
    stranger, other = member("two@example.com")
    assert other.get(f"account/addresses/{kept.pk}/").status == 404
    assert other.post(f"account/addresses/{kept.pk}/", action="save", country="DE", **OTHER).status == 404
    assert other.post("account/addresses/", remove=kept.pk).status == 404
    with pytest.raises(AddressGone):
        remove_address(user_id=stranger.pk, address_id=kept.pk)
    assert Shopper().get("account/addresses/").status == 302
    typed = {**shopper.form(), "saved_address": kept.pk, "action": "use_address"}
    assert other.post("checkout/", **typed).status == 303  # an empty cart: nothing of the address is told
    assert own(user_id) == [(HOME["street"], True)]


def test_a_saved_address_fills_the_checkout_and_a_new_one_is_kept_with_a_tick(world) -> None:
    user_id, shopper = world
    assert 'name="saved_address"' not in shopper.get("checkout/").text
    assert shopper.order(keep_address="1").status == 303
    assert own(user_id) == [(HOME["street"], True)]
    assert Order.objects.get().addresses["ship"]["parts"]["street"] == HOME["street"]


def test_choosing_among_saved_addresses_keeps_what_was_typed_besides(world) -> None:
    user_id, shopper = world
    keep_address(user_id=user_id, country="DE", parts=HOME)
    other = keep_address(user_id=user_id, country="DE", parts=OTHER)
    first = shopper.get("checkout/").text
    assert f'value="{html.escape(HOME["street"])}"' in first  # the first choice stands in the form at once
    assert 'name="keep_address"' not in first

    typed = {**shopper.form(), "email": "else@example.com", "saved_address": other.pk, "action": "use_address"}
    answer = shopper.post("checkout/", **typed).text
    assert 'value="Am Kanal 3"' in answer
    assert 'value="else@example.com"' in answer
    assert re.search(rf'<option value="{other.pk}" selected>', answer)

    typed["saved_address"] = "999999"
    assert f'value="{html.escape(HOME["street"])}"' in shopper.post("checkout/", **typed).text


def test_what_is_not_delivered_to_is_not_offered(world) -> None:
    user_id, shopper = world
    keep_address(user_id=user_id, country="JP", parts=ADDRESSES["JP"])
    assert 'name="saved_address"' not in shopper.get("checkout/").text
    assert "Japan" in shopper.get("account/addresses/").text
    kept = Address.objects.get()
    page = shopper.get(f"account/addresses/{kept.pk}/").text
    assert re.search(r'<option value="JP" selected>', page)  # corrected without becoming another country's
    shopper.post(f"account/addresses/{kept.pk}/", action="save", country="JP", **ADDRESSES["JP"] | {"name": "Else"})
    assert [(one.country, one.fields["name"]) for one in Address.objects.all()] == [("JP", "Else")]


def test_a_guest_who_sends_the_tick_keeps_nothing(world) -> None:
    _user_id, _shopper = world
    guest = fill(Shopper())
    assert 'name="keep_address"' not in guest.get("checkout/").text
    assert guest.order(keep_address="1").status == 303
    assert not Address.objects.exists()
