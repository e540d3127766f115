"""Changing orders in the admin: who may, what is shown first, and what an old page does."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkout.models import Checkout
from core.money import to_minor
from members.models import User
from orders.actions import grant_access, ship_fulfillment
from orders.models import ChangeState, Order, OrderChange
from payments.actions import refresh_payment
from payments.models import Payment
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, parcel_of, placed_order
from tests.factories.payments import choose_at_sandbox

pytestmark = pytest.mark.django_db
SCREENS = {
    "order_change": "edit_order",
    "order_cancel_part": "cancel_order",
    "order_split": "split_order",
    "order_merge": "split_order",
    "order_place": "split_order",
    "order_again": "reship_order",
}


def url(name: str, order: Order) -> str:
    return reverse(f"admin:{name}", args=[order.number])


def fields(html: str) -> dict[str, str]:
    """What a browser would send of the form on the page: inputs, ticked boxes, chosen options."""
    main = html[: html.index("</main>")]  # the forms of the frame, such as that of single keys, come after it
    form = (
        main[main.rindex('<form class="a-stack"') :]
        if '<form class="a-stack"' in main
        else main[main.rindex("<form") :]
    )
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        unticked = 'type="checkbox"' in tag and "checked" not in tag
        if name and not unticked and 'type="radio"' not in tag:
            found[name[1]] = value[1] if value else "on" if 'type="checkbox"' in tag else ""
    for name, options in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def operator(client: Client, *names: str) -> Client:
    """Somebody of the team with these permissions only."""
    user = User.objects.create_user(email="op@example.com", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_order", *names]))
    client.force_login(user)
    return client


def send(client: Client, page: str, order: Order, **changes: object) -> tuple[int, str]:
    """Fill the form in as the page shows it, with these changes."""
    shown = client.get(url(page, order)).content.decode()
    answer = client.post(url(page, order), {**fields(shown), "reason": "Asked for", **changes})
    return answer.status_code, answer.content.decode()


def confirm(client: Client, page: str, order: Order, preview: str, **more: str) -> int:
    return client.post(url(page, order), {**fields(preview), "step": "confirm", **more}).status_code


@pytest.mark.parametrize(("name", "permission"), SCREENS.items())
def test_only_people_with_the_permission_come_in(name: str, permission: str, client: Client) -> None:
    order = ready()

    assert client.get(url(name, order)).status_code == 302
    others = {"edit_order", "cancel_order", "split_order", "reship_order"} - {permission}
    operator(client, *others)
    assert client.get(url(name, order)).status_code == 403
    assert client.post(url(name, order), {"step": "confirm"}).status_code == 403
    User.objects.get(email="op@example.com").user_permissions.add(Permission.objects.get(codename=permission))
    assert client.get(url(name, order)).status_code == 200


def ready(quantity: int = 3) -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market, price="20.00", stock=10), quantity))


def test_a_change_is_shown_line_by_line_and_then_made(admin_client: Client) -> None:
    order = ready()
    line = order.lines.get()

    status, preview = send(admin_client, "order_change", order, **{f"line_{line.pk}": "1"}, step="preview")

    assert status == 200
    assert OrderChange.objects.count() == 0
    assert "-40" in preview or "−40" in preview or "40.00" in preview
    assert confirm(admin_client, "order_change", order, preview) == 302
    assert OrderChange.objects.get().state == ChangeState.CONFIRMED
    assert order.lines.get().quantity == 1
    assert url("order_change", order) in admin_client.get(url("workspace_order", order)).content.decode()


def test_somebody_who_was_slower_is_told_who_did_what(admin_client: Client) -> None:
    order = ready()
    line = order.lines.get()
    _status, preview = send(admin_client, "order_change", order, **{f"line_{line.pk}": "1"}, step="preview")
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")

    answer = admin_client.post(url("order_change", order), {**fields(preview), "step": "confirm"})

    assert answer.status_code in (409, 422)
    assert order.lines.get().quantity == 3


def test_an_old_page_is_answered_with_what_happened_since(admin_client: Client) -> None:
    market = open_shop()
    cup, pot = item_in(market, price="20.00", stock=10), item_in(market, price="5.00", stock=10)
    order = paid_order(market, (cup, 2), (pot, 2))
    cups, pots = order.lines.get(variant=cup), order.lines.get(variant=pot)
    _status, first = send(admin_client, "order_change", order, **{f"line_{cups.pk}": "1"}, step="preview")
    _status, second = send(admin_client, "order_change", order, **{f"line_{pots.pk}": "1"}, step="preview")
    assert confirm(admin_client, "order_change", order, first) == 302

    answer = admin_client.post(url("order_change", order), {**fields(second), "step": "confirm"})

    assert answer.status_code == 409
    assert "Order changed" in answer.content.decode()
    assert order.lines.get(variant=pot).quantity == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sku_1": "nothing-like-it"}, "No product has this SKU."),
        ({}, "Nothing would change."),
        ({"ship_postal_code": "1"}, ""),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_typed_is_lost(
    changes: Mapping[str, str], said: str, admin_client: Client
) -> None:
    order = ready()

    status, page = send(admin_client, "order_change", order, **changes, step="preview")

    assert status == 422
    assert said in page
    assert "Asked for" in page


def test_a_product_is_added_by_its_sku(admin_client: Client) -> None:
    market = open_shop()
    cup, pot = item_in(market, price="20.00"), item_in(market, price="7.50")
    order = placed_order(market, (cup, 1))

    _status, preview = send(admin_client, "order_change", order, sku_1=pot.sku, count_1="2", step="preview")

    assert confirm(admin_client, "order_change", order, preview) == 302
    assert order.lines.get(variant=pot).quantity == 2


def test_the_customer_pays_the_difference_by_the_link_of_the_mail(admin_client: Client, client: Client) -> None:
    order = ready(2)
    line = order.lines.get()
    _status, preview = send(admin_client, "order_change", order, **{f"line_{line.pk}": "3"}, step="preview")
    assert confirm(admin_client, "order_change", order, preview) == 302
    change = OrderChange.objects.get()
    token = grant_access(number=order.number)
    page = f"/de/de/checkout/difference/{order.number}/{token}/"

    shown = client.get(page)
    gone = client.post(page, {"payment": "card", "form_key": fields(shown.content.decode()).get("form_key", "try-2")})
    payment = Payment.objects.latest("pk")
    choose_at_sandbox(payment, "succeed")
    back = client.get(f"/de/de/checkout/difference/{change.ref}/")

    assert (shown.status_code, gone.status_code, back.status_code) == (200, 303, 303)
    assert payment.amount == change.delta_total
    refresh_payment(payment_ref=payment.ref)
    change.refresh_from_db()
    assert (change.state, order.lines.get().quantity) == (ChangeState.CONFIRMED, 3)
    assert client.get(page).status_code == 303
    assert client.get(f"/de/de/checkout/difference/{order.number}/wrong/").status_code == 303


def test_the_address_a_provider_was_given_opens_nothing_days_later(admin_client: Client, client: Client) -> None:
    order = ready(2)
    line = order.lines.get()
    _status, preview = send(admin_client, "order_change", order, **{f"line_{line.pk}": "3"}, step="preview")
    confirm(admin_client, "order_change", order, preview)
    addresses = (
        f"/de/de/checkout/difference/{OrderChange.objects.get().ref}/",
        f"/de/de/checkout/return/{order.group.checkout}/",
    )
    lately = [client.get(address).headers["Location"] for address in addresses]
    for model in (Payment, OrderChange):
        model.objects.update(created=timezone.now() - timedelta(days=3))
    Checkout.objects.update(placed_at=timezone.now() - timedelta(days=3))

    assert [order.number in where for where in lately] == [True, True]
    assert {client.get(address).headers["Location"] for address in addresses} == {"/de/de/orders/find/"}


def test_a_waiting_change_is_given_up_with_a_button(admin_client: Client) -> None:
    order = ready(2)
    line = order.lines.get()
    _status, preview = send(admin_client, "order_change", order, **{f"line_{line.pk}": "3"}, step="preview")
    confirm(admin_client, "order_change", order, preview)
    page = admin_client.get(url("order_change", order)).content.decode()

    admin_client.post(url("order_change_withdraw", order), fields(page))

    assert OrderChange.objects.get().state == ChangeState.DECLINED


def test_units_are_canceled_split_and_sent_again_after_a_preview(admin_client: Client) -> None:
    order = ready(4)
    line = order.lines.get()
    name = f"line_{line.pk}"

    _status, preview = send(admin_client, "order_split", order, **{name: "1"}, step="preview")
    assert Order.objects.count() == 1
    assert confirm(admin_client, "order_split", order, preview) == 302
    assert Order.objects.count() == 2
    _status, preview = send(admin_client, "order_cancel_part", order, **{name: "1"}, step="preview")
    assert confirm(admin_client, "order_cancel_part", order, preview) == 302
    line.refresh_from_db()
    assert (line.quantity, line.qty_canceled) == (3, 1)
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")
    _status, preview = send(admin_client, "order_again", order, **{name: "1"}, step="preview")
    assert confirm(admin_client, "order_again", order, preview) == 302
    assert to_minor(Order.objects.latest("pk").total) == 0


def test_another_order_of_the_customer_comes_in(admin_client: Client) -> None:
    market = open_shop()
    item = item_in(market, stock=10)
    one, other, sent = placed_order(market, (item, 1)), placed_order(market, (item, 2)), paid_order(market, (item, 1))

    page = admin_client.get(url("order_merge", one)).content.decode()
    status, preview = send(admin_client, "order_merge", one, other=other.number, step="preview")

    assert "One of them is paid" in page
    assert status == 200
    assert confirm(admin_client, "order_merge", one, preview) == 302
    assert one.lines.count() == 2
    assert sent.lines.count() == 1


def test_the_form_and_the_preview_cost_the_same_for_many_lines(
    admin_client: Client, django_assert_max_num_queries: object
) -> None:
    market = open_shop()
    order = placed_order(market, *[(item_in(market, stock=10), 2) for _ in range(6)])

    with django_assert_max_num_queries(60):  # type: ignore[operator]  # the fixture is a context manager
        admin_client.get(url("order_change", order))
