"""Imports in a real browser: a file is looked at, given meanings, tried out and applied, by a worker of its own."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in

pytestmark = pytest.mark.browser

TITLES = "Artikel;Bezeichnung;Preis;Foto;Zustand"
PATIENCE = 240_000
"""For a worker that has only just started on a busy machine."""


def table(code: str) -> bytes:
    rows = (f"{code};Krug für Tee;19,90;;active", f"{code}-2;Kanne;=1+1;;active")
    return "\n".join([TITLES, *rows]).encode("cp1252")


def upload(visit: Visit, content: bytes, name: str = "lieferung.csv") -> Page:
    page = visit.page
    page.goto(f"{visit.shop.address}/admin/import/")
    page.locator("[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.locator("[name=market]").select_option("de")
    page.locator("main form[enctype] [type=submit]").click()
    page.wait_for_url(re.compile(r"/admin/import/\d+/$"))
    return page


def give_meanings(page: Page, *, submit: str) -> None:
    """The columns of a table nobody knows, as Shopify's fields."""
    page.locator("[name=format]").select_option("shopify")
    page.locator("[name=do][value=look]").click()
    for place, field in enumerate(("handle", "title", "price", "image", "status")):
        page.locator(f"[name=column-{place}]").select_option(field)
    page.locator(f"[name=do][value={submit}]").click()
    page.wait_for_url(re.compile(r"/admin/import/\d+/$"))


@pytest.mark.parametrize(
    ("language", "size", "scripts"), [("en", "desktop", True), ("de", "phone", False), ("ar", "phone", True)]
)
def test_a_foreign_table_is_tried_out_and_applied(enter: Enter, language: str, size: str, scripts: bool) -> None:
    visit = enter("de", "en", size=size, scripts=scripts)
    page = sign_in(visit, language)
    code = f"krug-{uuid4().hex[:8]}"
    upload(visit, table(code))
    expect(page.locator("main")).to_contain_text("Krug für Tee")
    give_meanings(page, submit="try")

    counts = page.locator(".kpis b")
    expect(page.locator("[role=status] + progress")).to_have_count(0, timeout=PATIENCE)
    expect(counts).to_have_text(["1", "0", "0", "1"])
    expect(page.locator("main")).to_contain_text("=1+1")
    with page.expect_download() as download:
        page.locator("a[href$='/refused/']").click()
    assert "=1+1" in download.value.path().read_text("utf-8-sig")

    page.locator("form[action$='/apply/'] button").click()
    expect(page.locator("[role=status] + progress")).to_have_count(0, timeout=PATIENCE)
    expect(counts).to_have_text(["1", "0", "0", "1"])
    expect(page.locator("form[action$='/apply/']")).to_have_count(0)


@pytest.mark.parametrize(("language", "size"), [("ja", "desktop"), ("ar", "phone")])
def test_the_pages_fit_and_axe_finds_nothing(enter: Enter, language: str, size: str) -> None:
    visit = enter("de", "en", size=size)
    page = sign_in(visit, language)
    page.goto(f"{visit.shop.address}/admin/import/")
    found = {"upload": (visit.axe(), visit.overflow())}
    visit.look(f"import-upload-{language}")
    upload(visit, table(f"krug-{uuid4().hex[:8]}"))
    found["decision"] = (visit.axe(), visit.overflow())
    visit.look(f"import-decision-{language}")
    give_meanings(page, submit="try")
    expect(page.locator("[role=status] + progress")).to_have_count(0, timeout=PATIENCE)
    for view in ("created", "changed", "refused", "remarks"):
        page.goto(f"{page.url.partition('?')[0]}?show={view}")
        found[view] = (visit.axe(), visit.overflow())
    visit.look(f"import-result-{language}")
    assert found == dict.fromkeys(found, ([], 0))
