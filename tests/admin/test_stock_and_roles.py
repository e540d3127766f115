"""Stock operations, roles, and accounts."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from core.models import AuditEntry
from inventory.models import StockItem, StockMovement
from members.models import User
from members.roles import ROLES
from tests.admin.people import operator, signed_in, text
from tests.admin.worlds import KEY
from tests.factories.cart import item_in, open_shop
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def item() -> StockItem:
    item_in(open_shop("de"), stock=10)
    return StockItem.objects.get()


def test_the_page_of_a_stock_row_leads_to_what_one_may_do(item: StockItem) -> None:
    address = f"/admin/inventory/stockitem/{item.pk}/"

    page = text(operator("inventory.view_stockitem", "inventory.correct_stock").get(f"{address}change/"))

    assert f"{address}correct/" in page
    assert f"{address}receive/" not in page
    assert operator("inventory.correct_stock").get(f"{address}correct/").status_code == 200


def test_a_count_becomes_the_stock_and_keeps_its_reason(item: StockItem) -> None:
    browser = operator("inventory.correct_stock")

    for _ in range(2):
        response = browser.post(
            f"/admin/inventory/stockitem/{item.pk}/correct/", {"key": KEY, "counted": 7, "reason": "Three broke"}
        )
        assert response.status_code == 302

    item.refresh_from_db()
    assert item.on_hand == 7
    movement = StockMovement.objects.get(kind="adjust")
    assert (movement.quantity, movement.d_on_hand, movement.reason) == (3, -3, "Three broke")
    assert AuditEntry.objects.get(action="stock.correct").reason == "Three broke"


def test_a_count_below_what_is_promised_is_refused(item: StockItem) -> None:
    StockItem.objects.filter(pk=item.pk).update(allocated=6)

    response = operator("inventory.correct_stock").post(
        f"/admin/inventory/stockitem/{item.pk}/correct/", {"key": KEY, "counted": 5, "reason": "Counted"}
    )

    assert response.status_code == 422
    assert "6 pieces are promised already" in text(response)
    assert StockItem.objects.get().on_hand == 10


def test_arrived_stock_is_booked_once(item: StockItem) -> None:
    browser = operator("inventory.receive_stock")

    for _ in range(2):
        browser.post(f"/admin/inventory/stockitem/{item.pk}/receive/", {"key": KEY, "quantity": 5, "reason": "DN 12"})

    item.refresh_from_db()
    assert item.on_hand == 15
    assert AuditEntry.objects.filter(action="stock.receive").count() == 1


@pytest.mark.parametrize("deed", ["correct", "receive"])
def test_stock_is_changed_by_those_who_may(item: StockItem, deed: str) -> None:
    other = {"correct": "inventory.receive_stock", "receive": "inventory.correct_stock"}[deed]
    address = f"/admin/inventory/stockitem/{item.pk}/{deed}/"
    answers = {"key": KEY, "counted": 1, "quantity": 1, "reason": "x"}

    assert operator(other, "inventory.view_stockitem").post(address, answers).status_code == 403
    item.refresh_from_db()
    assert item.on_hand == 10


def test_roles_are_made_once_and_repaired() -> None:
    call_command("sync_roles")
    assert set(Group.objects.values_list("name", flat=True)) == {role.name for role in ROLES.values()}
    warehouse = Group.objects.get(name="Warehouse")
    before = set(warehouse.permissions.values_list("codename", flat=True))
    assert {"fulfill_order", "correct_stock"} <= before
    assert "refund_order" not in before
    assert AuditEntry.objects.filter(action="members.sync_roles").count() == 1

    warehouse.permissions.clear()
    call_command("sync_roles")
    call_command("sync_roles")

    assert set(warehouse.permissions.values_list("codename", flat=True)) == before
    assert AuditEntry.objects.filter(action="members.sync_roles").count() == 2


def test_every_role_can_open_the_home() -> None:
    call_command("sync_roles")
    for role in ROLES.values():
        user = User.objects.create_user(f"{role.name}@example.com".replace(" ", ""), "a-long-password", is_staff=True)
        user.groups.add(Group.objects.get(name=role.name))
        assert signed_in(user).get("/admin/").status_code == 200, role.name


def test_an_operator_cannot_make_themselves_a_superuser() -> None:
    user = User.objects.create_user("clerk@example.com", "a-long-password", is_staff=True)
    from django.contrib.auth.models import Permission

    user.user_permissions.set(Permission.objects.filter(content_type__app_label="members"))
    boss = User.objects.create_superuser("boss@example.com", "a-long-password")
    browser = signed_in(user)

    browser.post(
        f"/admin/members/user/{user.pk}/change/",
        {
            "email": user.email,
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "addresses-TOTAL_FORMS": 0,
            "addresses-INITIAL_FORMS": 0,
        },
    )
    user.refresh_from_db()

    assert not user.is_superuser
    assert browser.post(f"/admin/members/user/{boss.pk}/change/", {"email": "x@example.com"}).status_code == 403
