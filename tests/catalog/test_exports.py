"""Exports: the command, the job behind the admin's button, and what may not be fetched."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from catalog import actions
from catalog.drafts import Detail
from catalog.exporters.jobs import drop_old_exports
from catalog.exporters.portolan.layout import layout_of
from catalog.exporters.portolan.rows import rows_of
from catalog.exporters.selection import Scope, Selection
from catalog.models import AttributeDef, Product
from core.jobs import run_job
from core.models import Job
from core.spreadsheets import guarded, plain
from tests.admin.people import operator
from tests.factories.catalog import make_product, many_products
from tests.factories.markets import small_world

KEY = "5f0d7f0e-95ad-4a3c-8f0f-0f3a2f6a1b11"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = {**settings.STORAGES, "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "private"},
    }}  # fmt: skip
    settings.MEDIA_ROOT = str(tmp_path / "media")


@given(st.one_of(st.text(), st.text(alphabet="'=+-@\t\r\n #N/A!?[empty]x")))
@example("=1+1")
@example("''")
@example("[empty]")
def test_a_cell_starts_no_formula_and_reads_back_as_it_was(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert plain(cell) == text
    assert plain(text) == text or guarded(text) != text


@pytest.mark.django_db
def test_the_command_writes_what_the_filters_leave(tmp_path: Path) -> None:
    small_world("de", "jp")
    actions.put_category(code="pots", texts={"name": {"en": "Pots"}})
    make_product("kettle", category="pots")
    make_product("cup")
    make_product("draft", active=False)
    out = StringIO()
    path = tmp_path / "p.csv"
    call_command("export_products", path, category="pots", market="jp", language="ja", stdout=out)
    head = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert "1 products in" in out.getvalue()
    assert {"name[ja]", "price[jp-base]"} <= set(head)
    assert not {"name[en]", "price[de-base]"} & set(head)
    call_command("export_products", path, status="draft", no_vocabulary=True, stdout=out)
    assert [line.split(",")[0] for line in path.read_text(encoding="utf-8-sig").splitlines()] == ["product", "draft"]
    with pytest.raises(CommandError, match="no category"):
        call_command("export_products", path, category="nowhere")
    with pytest.raises(CommandError, match="one market in one language"):
        call_command("export_products", path, format="google")


@pytest.mark.django_db
def test_ten_products_cost_as_many_queries_as_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    small_world("de")
    first = many_products(1)
    layout = layout_of(Selection(Product.objects.all()), Scope())
    with django_assert_num_queries(16):
        list(rows_of([first[0].pk], layout))
    ids = [row.pk for row in many_products(9)]
    with django_assert_num_queries(16):
        list(rows_of([first[0].pk, *ids], layout))


@pytest.mark.django_db
def test_attributes_without_room_for_columns_share_a_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    small_world("de")
    for n in range(6):
        actions.put_attribute(code=f"a{n}", names={"en": f"A {n}"}, data_type="number")
    details = [Detail(attribute=f"a{n}", number=Decimal(n)) for n in range(6)]
    product = make_product("kettle", details=details)
    bare = len(layout_of(Selection(Product.objects.all()), Scope()).titles) - 6
    monkeypatch.setattr("catalog.exporters.portolan.layout.MOST_COLUMNS", bare + 3)
    layout = layout_of(Selection(Product.objects.all()), Scope())
    assert "attributes" in layout.titles
    row = next(rows_of([product.pk], layout))
    told = {title: row[title] for title in layout.titles if title.startswith("attribute") and title in row}
    assert len(told) == 3
    assert told["attributes"] == "a2=2 | a3=3 | a4=4 | a5=5"
    assert AttributeDef.objects.count() == 6


class TestInTheAdmin:
    pytestmark = pytest.mark.django_db

    @pytest.fixture(autouse=True)
    def shop(self) -> None:
        small_world("de", "jp")
        make_product("kettle", names={"en": "Kettle"})
        make_product("cup", names={"en": "Cup"}, active=False)

    def start(self, browser: Client, **facts: str) -> Job:
        asked = {"format": "csv", "market": "", "language": "", "vocabulary": "on", "filters": "", "key": KEY, **facts}
        response = browser.post("/admin/export/", asked)
        assert response.status_code == 302, response.context["form"].errors
        return Job.objects.get(pk=int(response["Location"].split("/")[-2]))

    def test_what_the_list_shows_is_what_the_file_holds(self) -> None:
        browser = operator("catalog.export_products", "catalog.view_product")
        listing = browser.get("/admin/catalog/product/?status__exact=draft")
        assert b'href="/admin/export/?status__exact=draft"' in listing.content
        page = browser.get("/admin/export/?status__exact=draft")
        assert page.context["count"] == 1
        job = self.start(browser, filters="status__exact=draft")
        assert browser.get(f"/admin/export/{job.pk}/")["Refresh"] == "2"
        run_job(job.pk)
        done = browser.get(f"/admin/export/{job.pk}/")
        assert not done.has_header("Refresh")
        assert f"/admin/export/{job.pk}/file/" in done.content.decode()
        answer = browser.get(f"/admin/export/{job.pk}/file/")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert "cup" in text
        assert "kettle" not in text
        assert answer["Content-Disposition"].startswith("attachment")

    def test_sending_the_form_twice_starts_one_export(self) -> None:
        browser = operator("catalog.export_products")
        assert self.start(browser).pk == self.start(browser).pk
        assert Job.objects.count() == 1

    def test_only_who_may_export_gets_anything(self) -> None:
        job = self.start(operator("catalog.export_products"))
        run_job(job.pk)
        name = Job.objects.get(pk=job.pk).result["file"]
        stranger = operator("catalog.view_product")
        for address in ("/admin/export/", f"/admin/export/{job.pk}/", f"/admin/export/{job.pk}/file/"):
            assert stranger.get(address).status_code == 403
            assert Client().get(address).status_code == 302
        assert stranger.post(f"/admin/export/{job.pk}/stop/").status_code == 403
        assert Client().get(f"/media/{name}").status_code == 404
        assert b"/admin/export/" not in stranger.get("/admin/catalog/product/").content

    def test_a_stopped_export_leaves_no_file(self) -> None:
        browser = operator("catalog.export_products")
        job = self.start(browser)
        browser.post(f"/admin/export/{job.pk}/stop/")
        assert Job.objects.get(pk=job.pk).state == "canceled"
        assert browser.get(f"/admin/export/{job.pk}/file/").status_code == 404

    def test_a_file_is_kept_for_some_days(self, settings: Settings) -> None:
        browser = operator("catalog.export_products")
        job = run_job(self.start(browser, format="xlsx").pk)
        assert drop_old_exports() == 0
        Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=settings.EXPORT_DAYS, hours=1))
        assert drop_old_exports() == 1
        assert browser.get(f"/admin/export/{job.pk}/file/").status_code == 404
        assert "no longer kept" in browser.get(f"/admin/export/{job.pk}/").content.decode()

    def test_a_feed_needs_a_market_and_a_language(self) -> None:
        browser = operator("catalog.export_products")
        asked = {"format": "google", "market": "", "language": "", "filters": "", "key": KEY}
        assert browser.post("/admin/export/", asked).status_code == 422
        assert not Job.objects.exists()
        job = run_job(self.start(browser, format="google", market="de", language="en").pk)
        assert job.state == Job.State.DONE, job.failure
        assert job.result["left_out"] == {"no_picture": 1}
