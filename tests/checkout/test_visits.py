"""By which way a visit came: kept where it may be, frozen with the order, and forgotten with its buyer."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from checkout.visits import KEPT, KEY
from core.privacy import Subject, erase_person, export_person
from markets.cache import forget
from markets.models import ConsumerRule
from members.models import User
from orders.actions.changing_split import SplitAsked, split_off
from orders.exporting.jobs import export_at_once
from orders.models import Order, OrderOrigin
from orders.types import ShipItem
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import EMAIL
from tests.factories.orders import pay
from tests.journeys.shopping import Shopper

pytestmark = pytest.mark.django_db
LINK = "?utm_source=newsletter&utm_medium=email&utm_campaign=autumn&gclid=click-1"


@pytest.fixture(autouse=True)
def _shop_that_notes(settings: Any) -> None:
    settings.OPTIONAL_COOKIES = ("visit_source",)


def visitor(consent: str, *, said: str = "") -> Shopper:
    """Somebody in a market whose law says this about cookies, who has made this choice."""
    market = open_shop()
    ConsumerRule.objects.update(cookie_consent=consent)
    forget()
    shopper = Shopper()
    shopper.add(item_in(market), 2)
    if said:
        shopper.client.cookies["consent"] = said
    return shopper


def buy(shopper: Shopper) -> Order:
    assert shopper.order().status == 303
    return Order.objects.get()


def test_the_first_and_the_last_way_in_are_frozen_with_the_order() -> None:
    shopper = visitor("information")
    shopper.client.get("/de/en/", headers={"Referer": "https://journal.example/teapots"})
    shopper.client.get(f"/de/en/{LINK}")
    shopper.client.get("/de/en/cart/", headers={"Referer": "http://testserver/de/en/"})

    order = buy(shopper)

    assert order.source == "autumn"
    assert order.origin.first["referrer"] == "journal.example"
    assert {name: order.origin.last[name] for name in ("source", "medium", "campaign", "landing")} == {
        "source": "newsletter",
        "medium": "email",
        "campaign": "autumn",
        "landing": "/de/en/",
    }


@pytest.mark.parametrize(
    ("consent", "said", "headers", "is_noted", "has_click"),
    [
        ("opt_in", "", {}, False, False),
        ("opt_in", "accept", {}, True, True),
        ("opt_in", "reject", {}, False, False),
        ("", "", {}, False, False),
        ("lgpd", "", {}, False, False),
        ("information", "", {}, True, False),
        ("information", "reject", {}, False, False),
        ("opt_out + GPC", "", {}, True, False),
        ("opt_out + GPC", "", {"Sec-GPC": "1"}, False, False),
        ("opt_out + GPC", "accept", {"Sec-GPC": "1"}, True, True),
    ],
)
def test_what_is_kept_hangs_on_the_law_and_on_the_visitors_word(
    consent: str, said: str, headers: dict[str, str], is_noted: bool, has_click: bool
) -> None:
    shopper = visitor(consent, said=said)

    shopper.client.get(f"/de/en/{LINK}", headers=headers)

    kept = shopper.client.session.get(KEY, {}).get("last", {})
    assert bool(kept) == is_noted
    assert ("clicks" in kept) == has_click


def test_nothing_is_kept_or_asked_while_the_shop_does_not_want_it(settings: Any) -> None:
    settings.OPTIONAL_COOKIES = ()
    shopper = visitor("information")

    page = shopper.client.get(f"/de/en/{LINK}")

    assert "cookie-title" not in page.content.decode()
    assert not Session.objects.exists()


def test_a_visit_without_a_sign_opens_no_session() -> None:
    shopper = visitor("information")

    shopper.client.get("/de/en/")
    shopper.client.get("/de/en/no-such-page/" + LINK)

    assert not Session.objects.exists()


def test_the_question_leads_back_to_the_page_with_its_whole_address() -> None:
    shopper = visitor("opt_in")

    page = shopper.client.get(f"/de/en/{LINK}").content.decode()

    assert "cookie-title" in page
    assert LINK.replace("&", "&amp;") in page


def test_whoever_rejects_later_is_forgotten_at_once() -> None:
    shopper = visitor("information")
    shopper.client.get(f"/de/en/{LINK}")
    assert KEY in shopper.client.session

    shopper.post("cookies/", choice="reject", next="/de/en/")

    assert KEY not in shopper.client.session
    assert buy(shopper).source == ""
    assert not OrderOrigin.objects.exists()


def test_an_old_way_in_says_nothing_about_a_purchase() -> None:
    shopper = visitor("information")
    shopper.client.get(f"/de/en/{LINK}")
    session = shopper.client.session
    old = (timezone.now() - KEPT - timedelta(minutes=1)).isoformat()
    session[KEY] = {name: {**touch, "at": old} for name, touch in session[KEY].items()}
    session.save()

    assert buy(shopper).source == ""


def test_operators_see_filter_and_export_it_and_a_part_that_is_split_off_keeps_it() -> None:
    shopper = visitor("information")
    shopper.client.get(f"/de/en/{LINK}")
    order = buy(shopper)
    pay(order)
    line = order.lines.get()
    items = (ShipItem(line_id=line.pk, quantity=1),)
    child = split_off(
        number=order.number, asked=SplitAsked(items=items, version=order.version, reason="Two homes", key="split")
    )
    owner = User.objects.create_superuser("owner@example.com", "a-long-password")
    shopper.client.force_login(owner)

    page = shopper.client.get(f"/admin/orders/{child.number}/").content.decode()
    found = shopper.client.get("/admin/orders/?view=all&source=autumn").content.decode()
    other = shopper.client.get("/admin/orders/?view=all&source=spring").content.decode()
    columns = ["number", "source", "first_source", "medium", "landing"]
    table = export_at_once(order_ids=[order.pk], columns=columns, format_code="csv").decode("utf-8-sig")

    assert 'id="origin"' in page
    assert "source=autumn" in page
    assert (order.number in found, child.number in found, order.number in other) == (True, True, False)
    assert table.splitlines()[1] == f"{order.number},autumn,autumn,email,/de/en/"


def test_it_is_told_to_its_buyer_and_goes_with_them() -> None:
    shopper = visitor("information", said="accept")
    shopper.client.get(f"/de/en/{LINK}")
    order = buy(shopper)
    buyer = Subject(emails=frozenset({EMAIL}))

    told = export_person(buyer)["orders.OrderOrigin"]
    erase_person(buyer)

    assert told[0]["last"]["clicks"] == {"gclid": "click-1"}
    order.refresh_from_db()
    assert order.source == ""
    assert not OrderOrigin.objects.exists()
