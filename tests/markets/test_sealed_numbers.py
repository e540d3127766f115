"""Identity numbers of people: kept once, unreadable where they lie, and shown only to somebody who says why."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from checkout.entry import Entry, entry_from
from checkout.models import Checkout
from checkout.privacy import export
from core.integrity import registered, run
from core.models import AuditEntry
from core.privacy import Subject
from core.sealing import fingerprint
from markets.models import BuyerTaxId
from markets.tax_ids import note_tax_id
from markets.tax_ids.kinds import IDENTITIES
from tests.admin.test_customs_tables import operator, text
from tests.factories.cart import cart_with, item_in, open_shop

pytestmark = pytest.mark.django_db
CPF = "39053344705"
TYPED = "390.533.447-05"


def noted(reference: str = "N-1") -> BuyerTaxId:
    return note_tax_id(kind=IDENTITIES["BR", "cpf"], typed=TYPED, reference=reference)


def unsealed() -> int:
    return sum(one.count for one in run(registered()) if one.check.code == "M05")


def test_the_same_number_is_kept_once_per_order_also_after_a_new_key(settings: Any) -> None:
    settings.SEALING_KEYS = ["old-key"]
    first = noted()
    settings.SEALING_KEYS = ["new-key", "old-key"]

    assert noted() == first
    assert noted("N-2") != first
    assert BuyerTaxId.objects.count() == 2


def test_numbers_that_were_stored_readably_are_sealed_by_the_migration_and_opened_by_its_way_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE markets_buyertaxid DROP CONSTRAINT markets_buyer_tax_id_has_number")
    row = noted()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE markets_buyertaxid SET number = %s, number_print = ''", [CPF])
    assert unsealed() == 1
    moved = import_module("markets.migrations.0008_sealed_numbers")

    moved.seal_numbers(apps, None)

    row.refresh_from_db()
    assert (row.number, row.number_print, unsealed()) == (CPF, fingerprint(CPF), 0)
    moved.open_numbers(apps, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM markets_buyertaxid")
        assert cursor.fetchone() == (CPF,)


def test_a_person_is_masked_everywhere_and_shown_once_to_somebody_who_says_why() -> None:
    row = noted()
    clerk = operator("markets.view_buyertaxid", "markets.reveal_buyertaxid")
    page, address = (reverse(f"admin:markets_buyertaxid_{name}", args=[row.pk]) for name in ("change", "reveal"))

    assert CPF not in text(clerk.get(page))
    assert address in text(clerk.get(page))
    assert clerk.post(address, {"reason": ""}).status_code == 422
    assert not AuditEntry.objects.filter(action="buyer_tax_id.reveal").exists()
    answer = clerk.post(address, {"reason": "Customs asked for it"})
    assert CPF in text(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    entry = AuditEntry.objects.get(action="buyer_tax_id.reveal")
    assert entry.reason == "Customs asked for it"
    assert CPF not in str(entry.data)


def test_who_may_look_at_the_list_may_not_reveal() -> None:
    row = noted()
    clerk = operator("markets.view_buyertaxid")
    address = reverse("admin:markets_buyertaxid_reveal", args=[row.pk])

    assert address not in text(clerk.get(reverse("admin:markets_buyertaxid_change", args=[row.pk])))
    assert clerk.get(address).status_code == 403
    assert clerk.post(address, {"reason": "curious"}).status_code == 403
    assert not AuditEntry.objects.filter(action="buyer_tax_id.reveal").exists()


def test_a_business_number_is_public_and_stands_on_its_page() -> None:
    row = BuyerTaxId.objects.create(reference="N-1", country="GB", kind="vat", number="GB980780684")
    clerk = operator("markets.view_buyertaxid", "markets.reveal_buyertaxid", "markets.check_buyertaxid")

    page = text(clerk.get(reverse("admin:markets_buyertaxid_change", args=[row.pk])))

    assert "GB980780684" in page
    assert reverse("admin:markets_buyertaxid_reveal", args=[row.pk]) not in page


@pytest.mark.parametrize(("term", "found"), [(TYPED, 1), (CPF, 1), ("N-1", 1), ("39053344", 0), ("4705", 0)])
def test_a_number_is_found_whole_and_never_by_a_part(term: str, found: int) -> None:
    noted()
    clerk = operator("markets.view_buyertaxid")

    page = clerk.get(reverse("admin:markets_buyertaxid_changelist"), {"q": term})

    assert len(page.context["cl"].result_list) == found


def test_an_open_checkout_keeps_numbers_sealed_and_its_person_reads_them() -> None:
    market = open_shop()
    kept = Entry(email="a@example.com", country="DE", answers={"id_cpf": TYPED}, tax_number="DE136695976")
    cart = cart_with(market, (item_in(market), 1))
    Checkout.objects.create(cart=cart, market="de", language="de", email=kept.email, addresses=kept.as_json())
    with connection.cursor() as cursor:
        cursor.execute("SELECT addresses::text FROM checkout_checkout")
        stored = cursor.fetchone()[0]

    assert TYPED not in stored
    assert "DE136695976" not in stored
    row = Checkout.objects.get()
    again = entry_from(row.addresses, email=row.email, delivery="", payment="", market=market)
    assert (dict(again.answers), again.tax_number) == ({"id_cpf": TYPED}, "DE136695976")
    (told,) = export(Subject(emails=frozenset({"a@example.com"})))["checkout.Checkout"]
    assert told["addresses"]["answers"] == {"id_cpf": TYPED}


def test_checkouts_that_were_kept_readably_are_sealed_by_the_migration() -> None:
    market = open_shop()
    cart = cart_with(market, (item_in(market), 1))
    plain = {"answers": {"id_cpf": TYPED}, "tax_number": "", "country": "DE"}
    row = Checkout.objects.create(cart=cart, market="de", language="de", addresses=plain)
    moved = import_module("checkout.migrations.0004_sealed_answers")

    moved.seal_answers(apps, None)
    moved.seal_answers(apps, None)

    row.refresh_from_db()
    assert row.addresses["answers"]["id_cpf"].startswith("s1:")
    moved.open_answers(apps, None)
    row.refresh_from_db()
    assert row.addresses == plain


def test_a_lost_key_costs_a_shopper_the_field_and_not_the_page(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.SEALING_KEYS = ["lost"]
    kept = Entry(country="DE", answers={"id_cpf": TYPED}, tax_number="DE136695976").as_json()
    settings.SEALING_KEYS = ["new"]

    again = entry_from(kept, email="", delivery="", payment="", market=open_shop())

    assert (dict(again.answers), again.tax_number) == ({"id_cpf": ""}, "")
    assert "stays shut" in caplog.text
    assert TYPED not in caplog.text


def test_a_number_whose_key_was_lost_costs_its_cell_and_not_the_page(settings: Any) -> None:
    settings.SEALING_KEYS = ["lost-key"]
    row = noted()
    settings.SEALING_KEYS = ["new-key"]
    readable = noted("N-2")
    browser = operator("markets.view_buyertaxid", "markets.reveal_buyertaxid")
    shown = text(browser.get(reverse("admin:markets_buyertaxid_changelist")))
    assert "cannot be read" in shown
    assert readable.masked in shown
    assert "cannot be read" in text(browser.get(reverse("admin:markets_buyertaxid_change", args=[row.pk])))
    asked = browser.post(reverse("admin:markets_buyertaxid_reveal", args=[row.pk]), {"reason": "Customs ask"})
    assert asked.status_code == 422
    assert "SEALING_KEYS" in text(asked)
    assert not AuditEntry.objects.filter(action="buyer_tax_id.reveal").exists()
