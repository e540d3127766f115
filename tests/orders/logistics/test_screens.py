"""Screens of parcels in trouble and of labels: who may see and do what, and what is done."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from inventory.actions.accounts import set_secrets
from inventory.errors import CarrierUnreachable
from inventory.models import CarrierAccount, LabelRecord, LabelState, UnknownCode, Warehouse
from members.models import User
from orders.actions.parcel_exceptions import open_exception
from orders.actions.parcel_labels import Box, buy_parcel_label
from orders.logistics.desk_page import trouble_page
from orders.models import ExceptionKind, Order, Package, ParcelException, ParcelProof, ParcelState
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, parcel_of
from tests.inventory.carriers.worlds import an_account
from tests.orders.logistics import worlds
from tests.orders.logistics.worlds import tell
from tests.shared_world import kept

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)


def operator(*permissions: str, is_staff: bool = True) -> Client:
    person = User.objects.create_user(f"p{User.objects.count()}@example.com", "a-long-password", is_staff=is_staff)
    for name in permissions:
        app, _dot, codename = name.partition(".")
        person.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@kept
def shipped() -> tuple[Order, Package]:
    """As every test here finds it."""
    return worlds.shipped()


def trouble() -> ParcelException:
    _order, package = shipped()
    tell(package, "picked_up", "customs_action_required", since=BEGAN)
    return ParcelException.objects.get()


@pytest.mark.parametrize("permissions", [(), ("orders.view_order",)])
def test_nobody_without_the_permission_sees_parcels_in_trouble(permissions: tuple[str, ...]) -> None:
    row = trouble()
    client = operator(*permissions)
    assert client.get(reverse("admin:workspace_parcels")).status_code == 403
    assert client.get(reverse("admin:workspace_parcel", args=[row.pk])).status_code == 403


def test_whoever_may_look_only_changes_nothing() -> None:
    row = trouble()
    client = operator("orders.view_parcelexception")
    page = client.get(reverse("admin:workspace_parcels") + "?view=waiting")
    assert row.order.number in page.content.decode()
    answer = client.post(reverse("admin:workspace_parcel_resolve", args=[row.pk]), {"key": "k", "resolution": "Done"})
    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.is_open


def test_it_is_taken_planned_documented_and_resolved() -> None:
    row = trouble()
    client = operator("orders.view_parcelexception", "orders.handle_parcelexception")
    here = [row.pk]
    client.post(reverse("admin:workspace_parcel_plan", args=here), {"key": "1", "mine": "1", "due_on": "2026-12-01"})
    row.refresh_from_db()
    assert row.owner is not None
    pdf = io.BytesIO(b"%PDF-1.4 invoice")
    pdf.name = "invoice.pdf"
    client.post(reverse("admin:workspace_parcel_files", args=here), {"key": "2", "files": pdf})
    proof = ParcelProof.objects.get()
    got = client.get(reverse("admin:workspace_parcel_proof", args=[row.pk, proof.pk]))
    assert got.status_code == 200
    client.post(reverse("admin:workspace_parcel_claim", args=here), {"key": "3", "state": "filed", "reference": "C1"})
    refused = client.post(reverse("admin:workspace_parcel_resolve", args=here), {"key": "4", "resolution": ""})
    assert refused.status_code == 422
    client.post(reverse("admin:workspace_parcel_resolve", args=here), {"key": "4", "resolution": "Paper sent"})
    row.refresh_from_db()
    assert (row.is_open, row.resolution, row.claim) == (False, "Paper sent", "filed")
    assert client.get(reverse("admin:workspace_parcel", args=here)).status_code == 200


def test_every_next_step_of_every_trouble_leads_somewhere(admin_client: Client) -> None:
    """To a page that opens, and to the place on it that it names."""
    _order, package = shipped()
    steps: set[str] = set()
    for kind in ExceptionKind.values:
        row = open_exception(fulfillment_id=package.fulfillment_id, kind=kind, said="")
        assert row is not None
        found = trouble_page(row).steps
        assert found
        here = reverse("admin:workspace_parcel", args=[row.pk])
        steps |= {step.url if not step.url.startswith("#") else here + step.url for step in found}
    opened = {address: admin_client.get(address) for address in {step.partition("#")[0] for step in steps}}
    assert {answer.status_code for answer in opened.values()} == {200}
    for step in steps:
        address, _sign, place = step.partition("#")
        assert not place or f'id="{place}"' in opened[address].content.decode(), step


def test_a_label_is_bought_printed_and_sent_from_the_screen(settings, tmp_path) -> None:
    settings.SANDBOX_CARRIER = True
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    parcel = parcel_of(order)
    address = {"name": "Shop", "street": "Street 1", "postal_code": "04109", "city": "Leipzig"}
    Warehouse.objects.filter(code=parcel.warehouse_code).update(address=address)
    an_account("sandbox")
    client = operator("orders.fulfill_order", "orders.view_order", "inventory.use_carrieraccount")
    where = [order.number, parcel.pk]
    assert operator("orders.fulfill_order").get(reverse("admin:workspace_label", args=where)).status_code == 403
    page = client.get(reverse("admin:workspace_label", args=where) + "?weight_g=900").content.decode()
    assert "Standard" in page
    form = {
        "key": "k1", "account": "sandbox", "service": "standard", "weight_g": "900", "length_mm": "0",
        "width_mm": "0", "height_mm": "0",
    }  # fmt: skip
    for _ in range(2):
        client.post(reverse("admin:workspace_label_buy", args=where), form)
    label = LabelRecord.objects.get()
    assert label.state == LabelState.BOUGHT
    printed = client.get(reverse("admin:workspace_label_file", args=[label.pk]))
    assert printed.content.startswith(b"%PDF")
    together = client.post(reverse("admin:workspace_labels"), {"label": [label.pk], "print": "pdf"})
    assert together["Content-Type"] == "application/pdf"
    client.post(reverse("admin:workspace_label_send", args=where), {"key": "k2"})
    parcel.refresh_from_db()
    assert (parcel.state, parcel.packages.get().tracking_no) == (ParcelState.HANDED_OVER, label.tracking_no)


def test_a_label_whose_carrier_was_silent_is_asked_for_again_from_the_screen(settings, tmp_path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    order = paid_order(market := open_shop(), (item_in(market), 1))
    parcel = parcel_of(order)
    address = {"name": "Shop", "street": "Street 1", "postal_code": "04109", "city": "Leipzig"}
    Warehouse.objects.filter(code=parcel.warehouse_code).update(address=address)
    an_account("sandbox")
    with pytest.raises(CarrierUnreachable):
        buy_parcel_label(
            fulfillment_id=parcel.pk, account="sandbox", service="standard", box=Box(weight_g=900), key="k"
        )
    client = operator("orders.fulfill_order", "inventory.use_carrieraccount")
    where = [order.number, parcel.pk]
    here = reverse("admin:workspace_label", args=where)
    assert here in client.get(reverse("admin:workspace_labels")).content.decode()
    silent = client.post(reverse("admin:workspace_label_again", args=where), {"key": "1"})
    assert silent.status_code == 422
    settings.SANDBOX_CARRIER = True
    page = client.post(reverse("admin:workspace_label_again", args=where), {"key": "2"}, follow=True).content.decode()
    label = LabelRecord.objects.get()
    assert (label.state, label.op_key, label.weight_g) == (LabelState.BOUGHT, "k", 900)
    assert label.tracking_no in page


def test_secrets_are_written_and_never_read_back(admin_client: Client) -> None:
    account = an_account("17track", secrets={"key": "old-key"})
    set_secrets(account_id=account.pk, secrets={"webhook": "new-hook"})
    held = CarrierAccount.objects.get()
    assert json.loads(held.secrets) == {"key": "old-key", "webhook": "new-hook"}
    for name in ("change", None):
        address = "admin:inventory_carrieraccount_change" if name else "admin:inventory_carrier_secrets"
        page = admin_client.get(reverse(address, args=[account.pk])).content.decode()
        assert "old-key" not in page
        assert "new-hook" not in page


def test_a_sheet_is_brought_in_from_the_account(admin_client: Client) -> None:
    account = an_account("tables")
    sheet = io.BytesIO(b"service_code,rate,currency,country_codes,max_weight\nS,4.19,EUR,DE,2\n")
    sheet.name = "s.csv"
    address = reverse("admin:inventory_carrier_sheet", args=[account.pk])
    answer = admin_client.post(address, {"file": sheet, "valid_from": "2026-11-01"})
    assert answer.status_code == 302
    assert account.sheets.get().row_count == 1


def test_a_code_is_explained_in_one_form(admin_client: Client) -> None:
    row = UnknownCode.objects.create(provider="gls", level="code", carrier_code="QZ1", sample="?")
    address = reverse("admin:inventory_unknowncode_change", args=[row.pk])
    assert admin_client.get(address)["Location"].endswith("/teach/")
    admin_client.post(reverse("admin:inventory_unknowncode_teach", args=[row.pk]), {"canonical": "in_transit"})
    row.refresh_from_db()
    assert row.settled_at is not None
