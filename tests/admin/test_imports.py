"""Imports by operators: tried out, watched, read, applied."""

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from catalog.models import Product
from config.console.imports import inert
from core.jobs import run_job
from core.models import AuditEntry, Job
from tests.admin.people import operator, text
from tests.admin.worlds import KEY
from tests.factories.cart import open_shop

pytestmark = pytest.mark.django_db

HEADER = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,"
    "Variant SKU,Variant Grams,Variant Price,Status"
)
GOOD = "mug,Mug,<p>Nice</p>,Kesen,Mugs,,TRUE,Title,Default Title,M-1,300,12.50,active"
BROKEN = "pot,Pot,,Kesen,Pots,,TRUE,Title,Default Title,P-1,300,=1+1,active"


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    open_shop("de")


def _upload(browser: Client, *rows: str, key: str = KEY, **answers: str):
    table = SimpleUploadedFile("products.csv", "\n".join([HEADER, *rows]).encode(), content_type="text/csv")
    asked = {"file": table, "format": "shopify", "market": "de", "language": "en", "key": key, **answers}
    return browser.post("/admin/import/", asked)


def test_an_import_is_tried_out_then_applied() -> None:
    browser = operator("catalog.import_products")
    started = _upload(browser, GOOD, BROKEN, dry_run="on")
    tried = Job.objects.get()
    waiting = browser.get(started["Location"])
    assert waiting["Refresh"] == "2"

    run_job(tried.pk)
    page = browser.get(started["Location"])
    assert not page.has_header("Refresh")
    assert page.context["counts"] == [("created", 1), ("changed", 0), ("unchanged", 0), ("refused", 1)]
    assert page.context["refused"] == 1
    assert not Product.objects.filter(name="Mug").exists()

    for _ in range(2):
        applied = browser.post(f"/admin/import/{tried.pk}/apply/")
    run_job(Job.objects.latest("pk").pk)
    assert Job.objects.count() == 2
    assert applied["Location"] == f"/admin/import/{Job.objects.latest('pk').pk}/"
    assert Product.objects.filter(name="Mug").exists()
    assert AuditEntry.objects.filter(action="job.start", actor__isnull=False).count() == 2


def test_sending_the_form_twice_starts_one_import() -> None:
    browser = operator("catalog.import_products")

    first, second = (_upload(browser, GOOD, dry_run="on") for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Job.objects.count() == 1


def test_refused_rows_are_downloaded_without_formulas() -> None:
    browser = operator("catalog.import_products")
    _upload(browser, BROKEN)
    job = run_job(Job.objects.get().pk)

    response = browser.get(f"/admin/import/{job.pk}/rows.csv")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))

    assert rows[0] == ["Line", "Column", "Value", "What", "Reason"]
    assert any(row[0] == "2" and row[2] == "'=1+1" for row in rows[1:])


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert inert(text) == f"'{text}"
    assert inert(f"a{text}") == f"a{text}"


@pytest.mark.parametrize("answers", [{"market": "xx"}, {"format": "excel"}, {"language": "tlh"}])
def test_choices_that_do_not_exist_start_nothing(answers: dict[str, str]) -> None:
    response = _upload(operator("catalog.import_products"), GOOD, **answers)

    assert response.status_code == 422
    assert not Job.objects.exists()


def test_an_empty_file_starts_nothing() -> None:
    browser = operator("catalog.import_products")
    empty = SimpleUploadedFile("products.csv", b"", content_type="text/csv")

    response = browser.post(
        "/admin/import/", {"file": empty, "format": "shopify", "market": "de", "language": "en", "key": KEY}
    )

    assert response.status_code == 422
    assert "This file is empty." in text(response)
    assert not Job.objects.exists()


def test_a_waiting_import_can_be_stopped() -> None:
    browser = operator("catalog.import_products")
    _upload(browser, GOOD)
    job = Job.objects.get()

    browser.post(f"/admin/import/{job.pk}/stop/")

    job.refresh_from_db()
    assert job.state == Job.State.CANCELED


def test_only_importers_import() -> None:
    browser = operator("catalog.view_product", "core.view_job")
    job = Job.objects.create(kind="import.catalogue", title="Import")

    assert _upload(browser, GOOD).status_code == 403
    assert browser.get(f"/admin/import/{job.pk}/").status_code == 403
    assert browser.post(f"/admin/import/{job.pk}/apply/").status_code == 403
    assert browser.get(f"/admin/import/{job.pk}/rows.csv").status_code == 403
    assert Job.objects.count() == 1


def test_jobs_of_other_kinds_are_not_shown_here() -> None:
    job = Job.objects.create(kind="export.orders", title="Export")

    assert operator("catalog.import_products").get(f"/admin/import/{job.pk}/").status_code == 404
