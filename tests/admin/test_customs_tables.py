"""Customs and tax tables in the admin: tried out first, applied once, by who may; exported as they are imported."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.jobs import run_job
from core.models import Job
from markets.models import BuyerTaxId, DutyRule, PostalTaxRate, TaxExemption
from markets.tax_ids.exemptions import approve_exemption, exemption_for
from members.models import User
from tests.admin.people import hidden, operator, shopper, text
from tests.factories.markets import CountryFactory

pytestmark = pytest.mark.django_db
LOOK = ("markets.view_dutyrule",)
MAY = (*LOOK, "markets.change_dutyrule")
FILE = b"destination,hs_prefix,kind,rate_percent\nGB,610910,mfn,12\nGB,6109x,mfn,12\n"


def send(browser: Client, content: bytes = FILE, table: str = "duties"):
    address = reverse("admin:console_customs")
    form = hidden(browser.get(address)) | {
        "table": table, "as_of": "2026-11-22", "file": SimpleUploadedFile("duties.csv", content),
    }  # fmt: skip
    return browser.post(address, form)


def test_a_file_is_tried_out_shown_and_then_applied_once() -> None:
    browser = operator(*MAY)
    answer = send(browser)
    assert answer.status_code == 302
    trial = Job.objects.get()
    run_job(trial.pk)
    assert not DutyRule.objects.exists()
    page = text(browser.get(answer["Location"]))
    assert "Nothing was changed." in page
    assert "A goods code has 2 to 10 digits." in page
    differences = text(browser.get(f"{answer['Location']}?show=differences"))
    assert "rate_percent=12.0000" in differences
    apply = reverse("admin:console_customs_apply", args=[trial.pk])
    first, second = browser.post(apply), browser.post(apply)
    assert first["Location"] == second["Location"]
    real = Job.objects.exclude(pk=trial.pk).get()
    run_job(real.pk)
    real.refresh_from_db()
    assert (real.result["created"], real.result["refused"]) == (1, 1)
    assert DutyRule.objects.get().rate_percent == Decimal(12)


def test_a_file_that_is_no_table_fails_in_a_sentence() -> None:
    browser = operator(*MAY)
    answer = send(browser, b"a,b\n1,2\n")
    run_job(Job.objects.get().pk)
    assert "The first line must name the columns." in text(browser.get(answer["Location"]))


def test_an_export_can_be_imported_again_and_changes_nothing() -> None:
    browser = operator(*MAY)
    run_job(Job.objects.get(pk=_applied(browser)).pk)
    told = b"".join(browser.get(reverse("admin:console_customs_export", args=["duties"])).streaming_content)
    assert told.splitlines()[0].startswith(b"destination,hs_prefix,origin")
    send(browser, told)
    again = Job.objects.filter(is_dry_run=True).order_by("-pk")[0]
    run_job(again.pk)
    again.refresh_from_db()
    assert (again.result["unchanged"], again.result["created"], again.result["refused"]) == (1, 0, 0)


def _applied(browser: Client) -> int:
    send(browser)
    trial = Job.objects.latest("pk")
    run_job(trial.pk)
    browser.post(reverse("admin:console_customs_apply", args=[trial.pk]))
    return Job.objects.latest("pk").pk


def test_who_may_look_cannot_import_and_others_see_nothing() -> None:
    browser = operator(*MAY)
    send(browser)
    trial = Job.objects.get()
    looking = operator(*LOOK)
    address = reverse("admin:console_customs")
    assert looking.get(address).status_code == 200
    assert looking.post(address, {}).status_code == 403
    assert looking.post(reverse("admin:console_customs_apply", args=[trial.pk])).status_code == 403
    stranger = operator("orders.view_order")
    assert stranger.get(address).status_code == 403
    assert stranger.get(reverse("admin:console_customs_job", args=[trial.pk])).status_code == 403
    assert stranger.get(reverse("admin:console_customs_export", args=["duties"])).status_code == 403
    assert shopper().get(address).status_code in (302, 403)
    assert send(operator(*MAY), table="postal_rates").status_code == 422


def test_rows_from_memory_that_nobody_reviewed_are_marked() -> None:
    DutyRule.objects.create(destination="GB", hs_prefix="61", rate_percent=12, verification="M")
    DutyRule.objects.create(destination="GB", hs_prefix="62", rate_percent=12, verification="S")
    browser = operator(*LOOK)
    address = reverse("admin:markets_dutyrule_changelist")
    assert text(browser.get(address)).count("⚠") == 1
    assert len(browser.get(f"{address}?review=due").context["cl"].result_list) == 1


def test_a_postal_rate_is_exported_with_its_parts() -> None:
    CountryFactory.create(code="US")
    PostalTaxRate.objects.create(
        country_id="US", region="CA", postal_code="90003", rate="0.0975", state_rate="0.06", county_rate="0.0025",
        special_rate="0.035",
    )  # fmt: skip
    browser = operator("markets.view_postaltaxrate")
    told = b"".join(browser.get(reverse("admin:console_customs_export", args=["postal_rates"])).streaming_content)
    assert b"US,CA,90003,,9.75,6,0.25,0,3.5" in told


def test_tax_numbers_are_masked_in_lists() -> None:
    BuyerTaxId.objects.create(reference="N-1", country="BR", kind="cpf", number="39053344705")
    page = text(operator("markets.view_buyertaxid").get(reverse("admin:markets_buyertaxid_changelist")))
    assert "705" in page
    assert "39053344705" not in page


def test_an_operator_with_a_proof_confirms_a_number_and_others_cannot() -> None:
    row = BuyerTaxId.objects.create(reference="N-1", country="GB", kind="vat", number="GB980780684")
    address = reverse("admin:markets_buyertaxid_confirm", args=[row.pk])
    answers = {"verdict": "valid", "proof": "HMRC-77", "reason": "asked by hand"}
    assert operator("markets.view_buyertaxid").post(address, answers).status_code == 403
    row.refresh_from_db()
    assert row.status == "unchecked"
    clerk = operator("markets.view_buyertaxid", "markets.check_buyertaxid")
    page = text(clerk.get(reverse("admin:markets_buyertaxid_change", args=[row.pk])))
    assert address in page
    assert clerk.post(address, answers).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.consultation_ref, row.checked_by) == ("valid", "HMRC-77", "operator")
    assert clerk.post(reverse("admin:markets_buyertaxid_ask", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.status == "unavailable"


def test_an_exemption_counts_from_its_approval_by_who_may() -> None:
    buyer = User.objects.create_user("museum@example.com", "a-long-password")
    row = TaxExemption.objects.create(user=buyer, country="US", region="NY", document="exemptions/paper.pdf")
    day = date(2026, 11, 22)
    assert exemption_for(user_id=buyer.pk, country="US", region="NY", on=day) == ""
    address = reverse("admin:markets_taxexemption_changelist")
    chosen = {"action": "approve", "_selected_action": [row.pk]}
    operator("markets.view_taxexemption", "markets.change_taxexemption").post(address, chosen)
    row.refresh_from_db()
    assert row.approved_at is None
    operator("markets.view_taxexemption", "markets.change_taxexemption", "markets.approve_taxexemption").post(
        address, chosen
    )
    row.refresh_from_db()
    assert row.approved_by is not None
    assert exemption_for(user_id=buyer.pk, country="US", region="NY", on=day) == f"exemption:{row.pk}"
    assert exemption_for(user_id=buyer.pk, country="US", region="CA", on=day) == ""
    assert approve_exemption(exemption_id=row.pk) is False
