"""Editing tables in the admin: audited with old and new value, seen at once, nothing deleted."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from core.models import AuditEntry
from markets.models import Market, TaxRate
from markets.queries import market_by_code
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
TABLES = (
    *("market", "country", "language", "currency", "exchangerate", "legalentity", "taxregistration", "taxcategory"),
    *("jurisdiction", "taxrate", "territoryexception", "lowvaluerule", "paymentmethod", "consumerrule", "addressrule"),
    *("invoicerequirement", "compliancerule", "trackingstatusmap", "sizetable", "referenceload"),
)


@pytest.fixture
def operator(client: Client) -> Client:
    small_world()
    user = get_user_model().objects.create_superuser(email="operator@meridian.example", password="a-long-pass-phrase")
    client.force_login(user)
    return client


@pytest.mark.parametrize("table", TABLES)
def test_every_table_can_be_looked_at(operator: Client, table: str) -> None:
    assert operator.get(f"/admin/markets/{table}/").status_code == 200


def test_a_changed_rate_is_audited_with_old_and_new_value(operator: Client) -> None:
    rate = TaxRate.objects.get(jurisdiction__country_id="DE")
    path = f"/admin/markets/taxrate/{rate.pk}/change/"
    form = operator.get(path).context["adminform"].form
    fields = {name: form.initial.get(name) or "" for name in form.fields}
    fields |= {"rate": "0.16000", "sources": "[]", "initial-sources": "[]"}
    assert operator.post(path, fields).status_code == 302
    entry = AuditEntry.objects.get(action="taxrate.change")
    assert (entry.data["old"], entry.data["new"]) == ({"rate": "0.19000"}, {"rate": "0.16000"})
    assert entry.actor_label == "operator@meridian.example"


def test_a_row_that_overlaps_another_is_refused_with_a_sentence(operator: Client) -> None:
    rate = TaxRate.objects.get(jurisdiction__country_id="DE")
    found = operator.post(
        "/admin/markets/taxrate/add/",
        {
            "jurisdiction": rate.jurisdiction_id,
            "tax_category": "standard",
            "kind": "vat",
            "rate_class": "standard",
            "rate": "0.20",
            "rate_of": "net",
            "verification": "D",
            "sources": "[]",
        },
    )
    assert found.status_code == 200
    assert "Another row with the same key already holds in this period." in found.content.decode()
    assert TaxRate.objects.filter(jurisdiction=rate.jurisdiction).count() == 1


def test_nothing_can_be_deleted(operator: Client) -> None:
    market = Market.objects.get(code="de")
    assert operator.post(f"/admin/markets/market/{market.pk}/delete/", {"post": "yes"}).status_code == 403
    assert market_by_code("de").code == "de"
