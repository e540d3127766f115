"""Imports by operators: looked at, tried out, watched, read, applied."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from catalog.models import ColumnMapping, PictureWish, Product
from core.jobs import run_job
from core.models import AuditEntry, Job
from tests.admin.people import operator, text
from tests.admin.worlds import KEY
from tests.factories.cart import open_shop
from tests.factories.catalog import make_product

pytestmark = pytest.mark.django_db

HEADER = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,"
    "Variant SKU,Variant Grams,Variant Price,Status"
)
GOOD = "mug,Mug,<p>Nice</p>,Kesen,Mugs,,TRUE,Title,Default Title,M-1,300,12.50,active"
BROKEN = "pot,Pot,,Kesen,Pots,,TRUE,Title,Default Title,P-1,300,=1+1,active"
ABOUT = {"market": "de", "language": "en", "encoding": "", "sheet": ""}


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    open_shop("de")


def upload(
    browser: Client, *rows: str, key: str = KEY, content: bytes = b"", name: str = "products.csv", **answers: str
) -> HttpResponse:
    body = content or "\n".join([HEADER, *rows]).encode()
    asked = {"file": SimpleUploadedFile(name, body), "format": "", "market": "de", "language": "en", "key": key}
    answer: HttpResponse = browser.post("/admin/import/", asked | answers)  # type: ignore[assignment]  # the client's own kind
    return answer


def decide(browser: Client, job: Job, do: str, **answers: str) -> HttpResponse:
    """Press a button of the page that asks how to read the file, with everything it shows as it stands."""
    page = browser.get(f"/admin/import/{job.pk}/")
    form = page.context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    answer: HttpResponse = browser.post(f"/admin/import/{job.pk}/decide/", shown | {"do": do} | answers)  # type: ignore[assignment]  # the client's own kind
    return answer


def tried(browser: Client, *rows: str) -> Job:
    upload(browser, *rows)
    decide(browser, Job.objects.latest("pk"), "try")
    return run_job(Job.objects.latest("pk").pk)


def test_an_import_is_looked_at_then_tried_out_then_applied() -> None:
    browser = operator("catalog.import_products")
    stored = upload(browser, GOOD, BROKEN)
    job = Job.objects.get()
    assert (job.state, job.params["format"]) == ("prepared", "shopify")
    assert "Variant Price" in text(browser.get(stored["Location"]))

    decided = decide(browser, job, "try")
    waiting = browser.get(decided["Location"])
    assert waiting["Refresh"] == "2"

    run_job(job.pk)
    page = browser.get(decided["Location"])
    assert not page.has_header("Refresh")
    assert page.context["counts"] == [("created", 1), ("changed", 0), ("unchanged", 0), ("refused", 1)]
    assert "“=1+1” is not a price" in text(page)
    assert not Product.objects.filter(name="Mug").exists()

    for _ in range(2):
        applied = browser.post(f"/admin/import/{job.pk}/apply/")
    run_job(Job.objects.latest("pk").pk)
    assert Job.objects.count() == 2
    assert applied["Location"] == f"/admin/import/{Job.objects.latest('pk').pk}/"
    assert Product.objects.filter(name="Mug").exists()
    assert AuditEntry.objects.filter(action="job.start", actor__isnull=False).count() == 2


def test_a_trial_shows_what_would_change_field_by_field() -> None:
    browser = operator("catalog.import_products")
    upload(browser, GOOD)
    decide(browser, Job.objects.get(), "import")
    run_job(Job.objects.get().pk)

    other = GOOD.replace("12.50", "13.00").replace("Mug,<p>", "Great mug,<p>")
    upload(browser, other, key=KEY[:-1] + "9")
    job = Job.objects.latest("pk")
    decide(browser, job, "try")
    run_job(job.pk)

    item = job.items.get()
    assert item.outcome == "changed"
    changes = {field: (old, new) for _where, field, old, new in item.changes}
    assert changes["name"] == ("Mug", "Great mug")
    page = text(browser.get(f"/admin/import/{job.pk}/?show=changed"))
    assert "Great mug" in page
    listed = browser.get(f"/admin/import/{job.pk}/differences.csv").getvalue().decode("utf-8-sig")
    assert "Great mug" in listed
    assert Product.objects.get().name == "Mug"


def test_sending_the_form_twice_stores_one_import() -> None:
    browser = operator("catalog.import_products")

    first, second = (upload(browser, GOOD) for _ in range(2))
    for _ in range(2):
        decide(browser, Job.objects.get(), "import") if Job.objects.get().state == "prepared" else None

    assert first["Location"] == second["Location"]
    assert Job.objects.count() == 1


def test_refused_rows_come_back_with_the_reason_and_without_formulas() -> None:
    browser = operator("catalog.import_products")
    job = tried(browser, GOOD, BROKEN)

    response = browser.get(f"/admin/import/{job.pk}/refused/")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))

    assert rows[0] == [*HEADER.split(","), "Why refused"]
    assert len(rows) == 2
    assert rows[1][:2] == ["pot", "Pot"]
    assert rows[1][11] == "'=1+1"
    assert rows[1][-1] == "Variant Price: “=1+1” is not a price. Write it like 19.99."


def test_refused_rows_that_were_put_right_are_imported() -> None:
    browser = operator("catalog.import_products")
    job = tried(browser, BROKEN.replace("Pot,,Kesen", "=Pot,,Kesen"))
    content = browser.get(f"/admin/import/{job.pk}/refused/").getvalue()

    upload(browser, content=content.replace(b"'=1+1", b"5.00"), key=KEY[:-1] + "9")
    decide(browser, Job.objects.latest("pk"), "import")
    done = run_job(Job.objects.latest("pk").pk)

    assert done.result == {"counts": {"created": 1}, "unknown_columns": []}
    assert Product.objects.get().name == "=Pot"


def test_refused_rows_of_a_workbook_come_back_as_a_workbook() -> None:
    book = openpyxl.Workbook()
    for row in (HEADER.split(","), BROKEN.replace("=1+1", "free").split(",")):
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    browser = operator("catalog.import_products")
    upload(browser, content=made.getvalue(), name="products.xlsx")
    decide(browser, Job.objects.get(), "try")
    job = run_job(Job.objects.get().pk)

    response = browser.get(f"/admin/import/{job.pk}/refused/")
    found = list(openpyxl.load_workbook(io.BytesIO(response.getvalue())).active.iter_rows(values_only=True))

    assert "refused.xlsx" in response["Content-Disposition"]
    assert found[0][-1] == "Why refused"
    assert found[1][0] == "pot"
    assert "“free” is not a price" in found[1][-1]


def test_remarks_are_downloaded_without_formulas() -> None:
    browser = operator("catalog.import_products")
    job = tried(browser, BROKEN)

    response = browser.get(f"/admin/import/{job.pk}/rows.csv")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))

    assert rows[0] == ["Line", "Column", "Value", "What", "Reason"]
    assert any(row[0] == "2" and row[2] == "'=1+1" for row in rows[1:])


def test_columns_are_given_a_meaning_which_is_remembered() -> None:
    browser = operator("catalog.import_products")
    table = b"Artikel;Bezeichnung;Preis;Notiz\nkrug;Krug;9,90;x\n"
    upload(browser, content=table)
    job = Job.objects.get()
    assert "No format recognises this file" in text(browser.get(f"/admin/import/{job.pk}/"))

    decide(browser, job, "look", format="shopify")
    said = {"format": "shopify", "column-0": "handle", "column-1": "title", "column-2": "price", "column-3": ""}
    page = decide(browser, job, "import", **said, remember_as="Lieferant")
    assert page.status_code == 302
    done = run_job(job.pk)
    assert done.result["counts"] == {"created": 1}, list(done.errors.values_list("message"))
    mapping = ColumnMapping.objects.get()
    assert (mapping.name, mapping.format) == ("Lieferant", "shopify")
    assert mapping.columns == {"Artikel": "handle", "Bezeichnung": "title", "Preis": "price", "Notiz": ""}

    upload(browser, content=table.replace(b"Krug", b"Kanne"), key=KEY[:-1] + "9")
    second = Job.objects.latest("pk")
    assert second.params["format"] == "shopify"
    assert "remembered for “Lieferant”" in text(browser.get(f"/admin/import/{second.pk}/"))
    decide(browser, second, "import")
    assert run_job(second.pk).result["counts"] == {"changed": 1}
    assert Product.objects.get().name == "Kanne"

    browser.post(f"/admin/import/columns/{mapping.pk}/forget/")
    assert not ColumnMapping.objects.exists()


def test_two_columns_cannot_mean_the_same_field() -> None:
    browser = operator("catalog.import_products")
    upload(browser, GOOD)

    page = decide(browser, Job.objects.get(), "try", **{"column-3": "price"})

    assert page.status_code == 422
    assert "“Vendor” was chosen for this field already." in text(page)
    assert Job.objects.get().state == "prepared"


def test_a_column_every_product_needs_has_to_be_chosen() -> None:
    browser = operator("catalog.import_products")
    upload(browser, GOOD)

    page = decide(browser, Job.objects.get(), "try", **{"column-0": ""})

    assert page.status_code == 422
    assert "Say which column is “Handle”." in text(page)


def test_the_encoding_can_be_chosen_after_a_look() -> None:
    browser = operator("catalog.import_products")
    upload(browser, content=f"{HEADER}\n{GOOD.replace('Mug,<p>', 'Grüße,<p>')}".encode("cp1252"))
    job = Job.objects.get()
    assert "Grüße" in text(browser.get(f"/admin/import/{job.pk}/"))

    wrong = decide(browser, job, "look", encoding="utf-8-sig")
    assert wrong.status_code == 422
    assert "another encoding" in text(wrong)

    decide(browser, job, "import", encoding="cp1252")
    assert run_job(job.pk).state == "done"
    assert Product.objects.get().name == "Grüße"


@pytest.mark.parametrize(
    "answers", [{"market": "xx"}, {"format": "excel"}, {"language": "tlh"}, {"encoding": "ebcdic"}]
)
def test_choices_that_do_not_exist_store_nothing(answers: dict[str, str]) -> None:
    response = upload(operator("catalog.import_products"), GOOD, **answers)

    assert response.status_code == 422
    assert not Job.objects.exists()


@pytest.mark.parametrize(("content", "sentence"), [(b"", "This file is empty."), (b"%PDF-1.7", "not a text file")])
def test_a_file_nobody_can_read_stores_nothing(content: bytes, sentence: str) -> None:
    browser = operator("catalog.import_products")
    file = SimpleUploadedFile("products.csv", content)

    response = browser.post("/admin/import/", ABOUT | {"file": file, "format": "shopify", "key": KEY})

    assert response.status_code == 422
    assert sentence in text(response)
    assert not Job.objects.exists()


def test_an_import_can_be_stopped_and_resumed_or_thrown_away() -> None:
    browser = operator("catalog.import_products")
    upload(browser, GOOD)
    job = Job.objects.get()
    decide(browser, job, "import")

    browser.post(f"/admin/import/{job.pk}/stop/")
    job.refresh_from_db()
    assert job.state == Job.State.CANCELED
    browser.post(f"/admin/import/{job.pk}/resume/")
    assert run_job(job.pk).state == Job.State.DONE

    upload(browser, GOOD, key=KEY[:-1] + "9")
    other = Job.objects.latest("pk")
    browser.post(f"/admin/import/{other.pk}/stop/")
    other.refresh_from_db()
    assert other.state == Job.State.CANCELED


def test_only_importers_import() -> None:
    browser = operator("catalog.view_product", "core.view_job")
    job = Job.objects.create(kind="import.catalogue", title="Import", params={"format": "shopify"}, state="prepared")
    mapping = ColumnMapping.objects.create(name="x", format="shopify", fingerprint="x")

    assert upload(browser, GOOD).status_code == 403
    for address in ("", "rows.csv", "differences.csv", "refused/"):
        assert browser.get(f"/admin/import/{job.pk}/{address}").status_code == 403
    for verb in ("decide", "apply", "stop", "resume"):
        assert browser.post(f"/admin/import/{job.pk}/{verb}/").status_code == 403
    assert browser.post(f"/admin/import/columns/{mapping.pk}/forget/").status_code == 403
    job.refresh_from_db()
    assert (Job.objects.count(), job.state, ColumnMapping.objects.count()) == (1, "prepared", 1)


def test_jobs_of_other_kinds_are_not_shown_here() -> None:
    job = Job.objects.create(kind="export.orders", title="Export")

    assert operator("catalog.import_products").get(f"/admin/import/{job.pk}/").status_code == 404


def test_a_long_result_is_paged_with_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    browser = operator("catalog.import_products")
    rows = [f"mug-{n},Mug {n},,,,,TRUE,,,M-{n},1,{'free' if n % 2 else '1.00'},active" for n in range(130)]
    job = tried(browser, *rows)

    with django_assert_max_num_queries(30):
        page = browser.get(f"/admin/import/{job.pk}/?show=refused&page=2")

    assert page.context["rows"].paginator.count == 65
    assert len(page.context["rows"]) == 15


def test_pictures_that_were_given_up_are_listed_with_the_reason_and_tried_again() -> None:
    browser = operator("catalog.import_products", "catalog.view_picturewish")
    wish = PictureWish.objects.create(
        product=make_product(),
        url="https://pictures.example/a.jpg",
        language="en",
        state="failed",
        last_error="status 404",
    )

    assert "1 picture could not be fetched." in text(browser.get("/admin/import/"))
    listed = browser.get("/admin/catalog/picturewish/?state__exact=failed")
    assert "status 404" in text(listed)
    browser.post("/admin/catalog/picturewish/", {"action": "retry", "_selected_action": [wish.pk]})

    wish.refresh_from_db()
    assert wish.state == "waiting"
