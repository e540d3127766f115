"""The withdrawal function: two steps, no sign-in, a receipt with date and time, work for an operator."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from config.console.work import work_queue
from core.models import Message
from core.outbox import drain
from markets.models import ConsumerRule
from markets.queries import market_by_code
from members.models import User
from orders.actions import Declared, declare_withdrawal, deliver_fulfillment, grant_access, ship_fulfillment
from orders.models import Fulfillment, Order, OrderHold, ReturnRequest, WithdrawalStatement
from orders.withdrawing import last_day_after, period_of
from tests.admin.people import operator, owner, text
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import EMAIL
from tests.factories.orders import paid_order, parcel_of
from tests.journeys.shopping import Answer, Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
KEY = re.compile(r'name="key" value="([^"]+)"')


@shared_world
def order() -> Order:
    market = open_shop()
    items = [(item_in(market, names={"en": name}), 2) for name in ("Kesen kettle", "Tea cup")]
    return paid_order(market, *items)


def link_to(order: Order) -> str:
    return f"orders/{order.number}/{grant_access(number=order.number)}/withdraw/"


def delivered(order: Order, *, days_ago: int) -> None:
    parcel = parcel_of(order)
    ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL", tracking_no="JJD1")
    deliver_fulfillment(fulfillment_id=parcel.pk)
    Fulfillment.objects.update(delivered_at=timezone.now() - timedelta(days=days_ago))


def declare(shopper: Shopper, link: str, **typed: object) -> Answer:
    """Open the form, then press its button; what the form knew is sent back."""
    page = shopper.get(link).text
    known = {"key": KEY.findall(page)[0]} | dict(re.findall(r'name="(name|email)" type="\w+" value="([^"]+)"', page))
    return shopper.post(link, **{**known, "line": re.findall(r'name="line" value="(\d+)"', page), **typed})


@pytest.mark.parametrize(
    ("arrived", "country", "last"),
    [
        (date(2026, 12, 11), "DE", date(2026, 12, 28)),  # the 25th, a Friday and a holiday; then the weekend
        (date(2026, 11, 2), "DE", date(2026, 11, 16)),
        (date(2026, 11, 7), "DE", date(2026, 11, 23)),  # a Saturday
        (date(2026, 12, 18), "DE", date(2027, 1, 4)),  # New Year's Day
        (date(2027, 3, 12), "DE", date(2027, 3, 30)),  # Good Friday, the weekend, Easter Monday
        (date(2026, 6, 30), "FR", date(2026, 7, 15)),  # a holiday in France only
        (date(2026, 6, 30), "DE", date(2026, 7, 14)),
        (date(2027, 4, 17), "GB", date(2027, 5, 4)),  # a Saturday, then a bank holiday on the Monday
        (date(2026, 11, 3), "ZZ", date(2026, 11, 17)),  # a country nobody knows has its weekends
    ],
)
def test_a_last_day_that_is_no_working_day_moves_to_the_next(arrived: date, country: str, last: date) -> None:
    assert last_day_after(arrived, 14, country) == last


def test_the_period_runs_from_the_last_parcel_in_the_time_of_the_market() -> None:
    late_evening = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)  # the 2nd in Berlin
    berlin = partial(period_of, days=14, timezone="Europe/Berlin", country="DE")
    period = berlin(arrivals=[late_evening - timedelta(days=9), late_evening])
    assert period.last_day == date(2026, 11, 16)
    assert period.timing(datetime(2026, 11, 16, 22, 59, tzinfo=UTC), "Europe/Berlin") == "in_time"
    assert period.timing(datetime(2026, 11, 16, 23, 1, tzinfo=UTC), "Europe/Berlin") == "late"
    assert berlin(arrivals=[late_evening, None]).last_day is None


def test_the_function_is_reached_from_foot_policy_and_order_without_signing_in(order: Order) -> None:
    shopper = Shopper()
    assert "Withdraw from contract here" in shopper.get("cart/").text
    page = shopper.get(f"orders/{order.number}/{grant_access(number=order.number)}/").text
    assert page.count("Withdraw from contract here") == 2  # on the order and in the foot
    assert "Confirm withdrawal" in shopper.get("withdraw/").text


def test_a_market_without_the_right_has_no_function(order: Order) -> None:
    ConsumerRule.objects.update(withdrawal_days=0)
    from markets.cache import forget

    forget()
    assert "Withdraw from contract here" not in Shopper().get("cart/").text
    assert Shopper().get("withdraw/").status == 404


def test_the_orders_link_fills_the_form_and_the_receipt_is_mailed_with_date_and_time(order: Order) -> None:
    delivered(order, days_ago=3)
    shopper, link = Shopper(), link_to(order)
    page = shopper.get(link).text
    assert "You can withdraw until" in page
    assert f'value="{EMAIL}"' in page
    assert "2 × Kesen kettle" in page

    answer = declare(shopper, link)
    receipt = shopper.follow(answer.location)
    drain(limit=100)

    statement = WithdrawalStatement.objects.get()
    assert (statement.order, statement.timeliness, statement.email) == (order, "in_time", EMAIL)
    message = Message.objects.get(kind="withdrawal_received")
    assert message.recipient == EMAIL
    moment = re.search(r"Received: (.+ \(UTC\))", message.text)
    assert moment, message.text
    for words in (receipt.text, message.text, message.html):
        assert statement.number in words
        assert "2 × Kesen kettle" in words
        assert "came in time" in words
        assert moment[1].split(",")[0] in words


def test_it_opens_a_return_and_is_written_into_the_history_and_the_work_queue(order: Order) -> None:
    delivered(order, days_ago=3)
    declare(Shopper(), link_to(order))

    order.refresh_from_db()
    request = ReturnRequest.objects.get()
    assert (request.reason, request.state, order.aftersales_state) == ("withdrawal", "requested", "open")
    assert [(line.order_line.name, line.quantity) for line in request.lines.order_by("pk")] == [
        ("Kesen kettle", 2),
        ("Tea cup", 2),
    ]
    assert order.events.filter(kind="withdrawal.received", visibility="customer").count() == 1
    assert not OrderHold.objects.exists()
    assert {row.key: row.count for row in work_queue(User(is_superuser=True, is_active=True))}["withdrawals"] == 1


def test_what_has_not_left_yet_is_stopped(order: Order) -> None:
    declare(Shopper(), link_to(order))

    hold = OrderHold.objects.get(order=order)
    assert "Do not send" in hold.reason
    assert WithdrawalStatement.objects.get().last_day is None


def test_pressed_twice_it_is_one_statement_one_return_and_one_mail(order: Order) -> None:
    shopper, link = Shopper(), link_to(order)
    page = shopper.get(link).text
    typed = {
        "key": KEY.findall(page)[0],
        "name": "A",
        "email": EMAIL,
        "line": re.findall(r'name="line" value="(\d+)"', page),
    }

    first, second = shopper.post(link, **typed), shopper.post(link, **typed)
    third = shopper.get(link)
    drain(limit=100)

    assert first.status == second.status == third.status == 303
    assert WithdrawalStatement.objects.count() == ReturnRequest.objects.count() == 1
    assert Message.objects.filter(kind="withdrawal_received").count() == 1


def test_part_of_an_order_and_later_the_rest(order: Order) -> None:
    shopper, link = Shopper(), link_to(order)
    first, second = order.lines.order_by("position")

    declare(shopper, link, line=[first.pk])
    assert "Kesen kettle" not in shopper.get(link).text.split("<form class")[1]
    declare(shopper, link, line=[first.pk, second.pk])

    returns = [[line.order_line_id for line in one.lines.all()] for one in ReturnRequest.objects.order_by("pk")]
    assert returns == [[first.pk], [second.pk]]


def test_after_the_period_it_is_said_and_kept_but_opens_no_return(order: Order) -> None:
    delivered(order, days_ago=30)
    shopper, link = Shopper(), link_to(order)
    assert "ended on" in shopper.get(link).text

    receipt = shopper.follow(declare(shopper, link).location)

    assert "We look at your statement and answer you." in receipt.text
    assert WithdrawalStatement.objects.get().timeliness == "late"
    assert not ReturnRequest.objects.exists()


@pytest.mark.parametrize("email", [EMAIL, "stranger@example.com"])
def test_a_statement_by_number_and_email_is_never_refused(order: Order, email: str) -> None:
    shopper = Shopper()

    answer = declare(shopper, "withdraw/", name="A. Sample", order=order.number.lower(), email=email)
    receipt = shopper.follow(answer.location)
    drain(limit=100)

    statement = WithdrawalStatement.objects.get()
    assert answer.status == 303
    assert statement.order == (order if email == EMAIL else None)
    assert ReturnRequest.objects.count() == (1 if email == EMAIL else 0)
    assert Message.objects.get(kind="withdrawal_received").recipient == email
    assert ("Kesen kettle" in receipt.text) is (email == EMAIL)


def test_mistakes_are_named_at_their_fields_and_nothing_is_kept(order: Order) -> None:
    answer = Shopper().post("withdraw/", name="", order="", email="nobody")

    assert answer.status == 422
    assert "<title>Error:" in answer.text
    for field in ("name", "order", "email"):
        assert f'href="#withdraw-{field}"' in answer.text
    nothing = Shopper().post(link_to(order), name="A", email=EMAIL)
    assert "Choose what you withdraw from." in nothing.text
    assert not WithdrawalStatement.objects.exists()


def test_other_peoples_links_and_receipts_open_nothing(order: Order) -> None:
    declare(Shopper(), link_to(order))
    assert Shopper().get(f"orders/{order.number}/{'x' * 32}/withdraw/").status == 404
    number = WithdrawalStatement.objects.get().number
    assert Shopper().get(f"withdraw/{number}/").status == 404


def test_a_statement_cannot_be_unmade_or_moved_in_time(order: Order) -> None:
    declare(Shopper(), link_to(order))
    statement = WithdrawalStatement.objects.get()
    with pytest.raises(InternalError), transaction.atomic():
        statement.delete()
    with pytest.raises(InternalError), transaction.atomic():
        WithdrawalStatement.objects.update(received_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        WithdrawalStatement.objects.update(handled_at=statement.received_at - timedelta(days=1))


def test_an_operator_with_the_permission_takes_it_out_of_the_queue(order: Order) -> None:
    declare(Shopper(), link_to(order))
    row = WithdrawalStatement.objects.get()
    list_url = "/admin/orders/withdrawalstatement/"
    press = {"action": "handle", "_selected_action": [row.pk]}

    assert row.number in text(operator("orders.view_withdrawalstatement").get(list_url))
    operator("orders.view_withdrawalstatement").post(list_url, press)
    assert WithdrawalStatement.objects.filter(handled_at__isnull=True).count() == 1
    owner().post(list_url, press)

    row.refresh_from_db()
    assert row.handled_at is not None
    assert row.handled_by.startswith("owner-")
    assert "withdrawals" not in {one.key for one in work_queue(User(is_superuser=True, is_active=True))}


def test_an_unknown_order_with_the_same_key_is_one_statement() -> None:
    market = market_by_code("de")
    declared = Declared(key="k" * 20, name="A", named_order="X", email=EMAIL)
    first = declare_withdrawal(declared=declared, market=market, number=None)
    assert declare_withdrawal(declared=declared, market=market, number=None) == first
