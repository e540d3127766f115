"""A copy of everything, and to be forgotten: orders stay for the law, without whoever placed them."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from psycopg2 import sql

from cart.models import Cart
from catalog.models import Review
from core.models import Message
from core.notifications.wishes import person_of
from core.outbox import drain
from inventory.actions import ask_when_back
from markets.types import MarketContext
from members.models import Address, User
from members.privacy_requests import ErasureWaits, copy_of, forget, subject_named, subject_of
from orders.actions import deliver_fulfillment, grant_access, ship_fulfillment
from orders.models import Order, OrderAccess
from tests.factories.cart import cart_with, item_in, open_shop
from tests.factories.catalog import approved_review
from tests.factories.checkout import EMAIL, place
from tests.factories.orders import parcel_of, pay
from tests.journeys.shopping import Shopper
from tests.shared_world import shared_world
from tests.soundness import broken

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"
STREET = "Kastanienallee 41"


@shared_world
def market() -> MarketContext:
    return open_shop()


def member(email: str = EMAIL, password: str | None = PASSWORD) -> User:
    user = User.objects.create_user(email, password, full_name="Known Person")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Address.objects.create(user=user, country="DE", fields={"street": STREET}, phone="+49301234567")
    return user


def done_order(market: MarketContext, *, user: User | None = None) -> Order:
    """An order that is paid, sent and delivered."""
    cart = cart_with(market, (item_in(market), 1), user_id=user.pk if user else None)
    order = _of(cart, market, user)
    pay(order)
    parcel = parcel_of(order)
    ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL", tracking_no=f"JJD{order.pk}")
    deliver_fulfillment(fulfillment_id=parcel.pk)
    drain(limit=100)
    order.refresh_from_db()
    return order


def _of(cart: Cart, market: MarketContext, user: User | None) -> Order:
    return Order.objects.get(number=place(cart, market, user_id=user.pk if user else None).number)


PAPERS = "orders_document"
"""What tax law wants kept whole, with name and address of the buyer."""


def everything_stored(*, but: str = "") -> str:
    """All rows of all tables as text; not those of the table `but`."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == but:
                continue
            whole = sql.SQL("SELECT string_agg(t::text, chr(10)) FROM {} t").format(sql.Identifier(table))
            cursor.execute(whole)
            found.append(f"{table}: {cursor.fetchone()[0] or ''}")
    return "\n".join(found)


def test_the_copy_holds_what_every_app_knows_and_no_secret(market: MarketContext) -> None:
    user = member()
    order = done_order(market, user=user)

    copy = copy_of(subject_of(user))

    with zipfile.ZipFile(io.BytesIO(copy.content)) as archive:
        found = json.loads(archive.read("data.json"))
        words = archive.read("data.html").decode()
    assert found["orders.Order"][0]["number"] == order.number
    assert found["members.Address"][0]["fields"] == {"street": STREET}
    assert {"members.User", "orders.OrderLine", "payments.Payment", "core.Message", "checkout.Checkout"} <= set(found)
    assert user.password not in json.dumps(found)
    assert order.number in words
    assert STREET in words


def test_the_copy_of_one_holds_nothing_of_another(market: MarketContext) -> None:
    user, other = member(), member("other@example.com")
    order = done_order(market, user=other)
    Order.objects.filter(pk=order.pk).update(email="other@example.com", email_hash="x")
    Message.objects.update(recipient="other@example.com", person=person_of("other@example.com"))

    copy = copy_of(subject_of(user))

    with zipfile.ZipFile(io.BytesIO(copy.content)) as archive:
        assert order.number not in archive.read("data.json").decode()


def test_after_an_erasure_nothing_stored_names_the_person_and_the_books_still_agree(market: MarketContext) -> None:
    user = member()
    order = done_order(market, user=user)
    item = item_in(market, stock=0)
    ask_when_back(variant_id=item.pk, market_id=market.id, language="en", email=EMAIL)
    approved_review(item.product, author_name="Known Person", order_ref=order.number)
    cart_with(market, (item_in(market), 1), user_id=user.pk)
    secret = grant_access(number=order.number)
    total = order.total
    assert EMAIL in everything_stored()

    forget(subject_of(user))

    left = everything_stored(but=PAPERS)
    for word in (EMAIL, STREET, "Known Person", "Test Person", "10435", "+49301234567"):
        assert word not in left, word
    papers = everything_stored()
    for word in (EMAIL, "Known Person", "+49301234567"):
        assert word not in papers, word
    order.refresh_from_db()
    user.refresh_from_db()
    assert (order.total, order.country, order.addresses["ship"]["country"]) == (total, "DE", "DE")
    assert re.fullmatch(r"erased\+\S+@invalid", order.email)
    assert re.fullmatch(r"erased\+\S+@invalid", user.email)
    assert not user.is_active
    assert not OrderAccess.objects.exists()
    assert Shopper().get(f"orders/{order.number}/{secret}/").status == 404
    assert Review.objects.get().body == "It works."
    assert broken() == []
    assert sum(forget(subject_of(user)).values()) >= 1  # twice is no trouble


def test_a_guest_is_erased_by_address_with_the_command(market: MarketContext) -> None:
    order = done_order(market)
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command_answering("no")
    call_command("privacy_erase", EMAIL.upper(), "--yes", verbosity=0)

    assert EMAIL not in everything_stored()
    order.refresh_from_db()
    assert order.email.startswith("erased+")


def call_command_answering(word: str) -> None:
    import builtins
    from unittest.mock import patch

    with patch.object(builtins, "input", lambda _question: word):
        call_command("privacy_erase", EMAIL, verbosity=0)


def test_the_export_command_writes_a_file(market: MarketContext, tmp_path: Path) -> None:
    order = done_order(market)
    file = tmp_path / "copy.zip"

    call_command("privacy_export", EMAIL, "--output", str(file), verbosity=0)

    with zipfile.ZipFile(file) as archive:
        assert order.number in archive.read("data.json").decode()


def test_while_an_order_is_open_nothing_is_erased(market: MarketContext) -> None:
    user = member()
    cart = cart_with(market, (item_in(market), 1), user_id=user.pk)
    order = _of(cart, market, user)

    with pytest.raises(ErasureWaits) as refusal:
        forget(subject_of(user))

    assert order.number in refusal.value.reasons[0]
    user.refresh_from_db()
    assert user.email == EMAIL
    with pytest.raises(CommandError, match=order.number):
        call_command("privacy_erase", EMAIL, "--yes", verbosity=0)


def test_an_operators_account_is_not_erased_by_itself(market: MarketContext) -> None:
    user = member()
    User.objects.update(is_staff=True)
    with pytest.raises(ErasureWaits):
        forget(subject_of(user))


def test_an_address_that_is_not_proven_is_not_taken_along(market: MarketContext) -> None:
    user = member("mine@example.com")
    EmailAddress.objects.create(user=user, email=EMAIL, verified=False)
    order = done_order(market)

    forget(subject_of(user))

    order.refresh_from_db()
    assert order.email == EMAIL
    assert subject_named(EMAIL).user_id is None


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_gives_the_copy_and_deletes_with_the_password(market: MarketContext) -> None:
    user = member()
    client = browser(user)
    assert "Download my data" in client.get("/de/en/account/data/").content.decode()
    file = client.post("/de/en/account/data/copy/")
    assert file["Content-Type"] == "application/zip"
    assert zipfile.is_zipfile(io.BytesIO(file.content))

    answer = client.post("/de/en/account/data/delete/", {"password": PASSWORD, "sure": "1"})

    assert (answer.status_code, answer["Location"]) == (303, "/de/en/account/data/deleted/")
    user.refresh_from_db()
    assert user.email.startswith("erased+")
    assert client.get("/de/en/account/data/").status_code == 302
    assert "Your account is deleted" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(("password", "sure"), [("wrong", "1"), (PASSWORD, ""), ("", "1")])
def test_without_the_password_or_the_tick_nothing_is_deleted(market: MarketContext, password: str, sure: str) -> None:
    user = member()

    answer = browser(user).post("/de/en/account/data/delete/", {"password": password, "sure": sure})

    assert answer.status_code == 422
    user.refresh_from_db()
    assert (user.email, user.is_active) == (EMAIL, True)


def test_an_account_without_a_password_deletes_with_a_mailed_code_that_opens_once(market: MarketContext) -> None:
    user = member(password=None)
    client = browser(user)
    client.post("/de/en/account/data/code/")
    found = re.search(r"^([A-Z0-9]{8})$", Message.objects.get(kind="erasure_code").text, re.MULTILINE)
    assert found

    wrong = client.post("/de/en/account/data/delete/", {"code": "AAAAAAAA", "sure": "1"})
    right = client.post("/de/en/account/data/delete/", {"code": found[1].lower(), "sure": "1"})

    assert (wrong.status_code, right.status_code) == (422, 303)
    user.refresh_from_db()
    assert not user.is_active


def test_tries_are_counted(market: MarketContext) -> None:
    user = member()
    client = browser(user)
    for _ in range(5):
        client.post("/de/en/account/data/delete/", {"password": "wrong", "sure": "1"})

    answer = client.post("/de/en/account/data/delete/", {"password": PASSWORD, "sure": "1"})

    assert answer.status_code == 422
    user.refresh_from_db()
    assert user.is_active


def test_strangers_are_sent_to_sign_in(market: MarketContext) -> None:
    for path in ("", "copy/", "delete/"):
        answer = Client().post(f"/de/en/account/data/{path}") if path else Client().get("/de/en/account/data/")
        assert answer.status_code == 302
        assert "/account/login/" in answer["Location"]
