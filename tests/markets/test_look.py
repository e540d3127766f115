"""A market's own look: few things, readable, served as a style sheet that changes its address with its content."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.models import AuditEntry
from markets.errors import LookProblem
from markets.look import contrast, css_of, is_readable
from markets.look_actions import set_look
from markets.models import Market
from tests.admin.people import operator, text
from tests.factories.markets import small_world
from tests.shared_world import shared_world

GREEN = "#007a33"
database = pytest.mark.django_db


@shared_world
def world() -> None:
    small_world("de", "jp")


@pytest.mark.parametrize(("colour", "ratio"), [("#000000", 20.1), ("#ffffff", 1.05), ("#1f4a3d", 9.5)])
def test_contrast_is_that_of_the_guidelines(colour: str, ratio: float) -> None:
    assert contrast(colour) == pytest.approx(ratio, abs=0.25)


@given(st.text(max_size=40))
def test_nothing_but_colours_and_shapes_reaches_the_style_sheet(value: str) -> None:
    sheet = css_of({"button": value, "sale": value, "corners": value, "other": value})
    assert re.fullmatch(r"(@layer tokens \{\n  :root \{\n(    --[a-z0-9-]+: [#0-9a-z]+;\n)+  \}\n\}\n)?", sheet)


@database
def test_a_markets_button_colour_is_in_its_shop_only(world: None) -> None:
    assert set_look(market_code="de", tokens={"button": GREEN, "corners": "round"}, seen={})
    page = Client().get("/de/de/").content.decode()
    found = re.search(r'href="(/de/de/look.css\?v=[0-9a-f]+)"', page)
    assert found
    sheet = Client().get(found[1])
    assert sheet.headers["Content-Type"].startswith("text/css")
    assert "public" in sheet.headers["Cache-Control"]
    assert f"--brand: {GREEN};" in sheet.content.decode()
    assert "--r2: 16px;" in sheet.content.decode()
    assert "look.css" not in Client().get("/jp/ja/").content.decode()
    set_look(market_code="de", tokens={"button": "#15362c"}, seen={"button": GREEN, "corners": "round"})
    assert found[1] not in Client().get("/de/de/").content.decode()


@database
@pytest.mark.parametrize(
    "tokens", [{"button": "red"}, {"button": "#ffcc00"}, {"sale": "#eeeeee"}, {"corners": "wavy"}, {"font": "x"}]
)
def test_what_cannot_be_read_or_is_not_allowed_is_refused(world: None, tokens: dict[str, str]) -> None:
    with pytest.raises(LookProblem):
        set_look(market_code="de", tokens=tokens, seen={})
    assert Market.objects.get(code="de").theme_tokens == {}
    assert not is_readable("#ffcc00")


@database
def test_all_markets_are_saved_together_or_none(world: None) -> None:
    browser = operator("markets.view_market", "markets.change_market")
    address = reverse("admin:market_looks")
    seen = browser.get(address).context["seen"]
    refused = browser.post(address, {"seen": seen, "m-de-button": GREEN, "m-jp-button": "#ffff00"})
    assert (refused.status_code, "Choose a darker one" in text(refused)) == (422, True)
    assert Market.objects.get(code="de").theme_tokens == {}
    assert browser.post(address, {"seen": seen, "m-de-button": GREEN.upper()}).status_code == 302
    assert Market.objects.get(code="de").theme_tokens == {"button": GREEN}
    assert AuditEntry.objects.filter(action="market.change").count() == 1
    late = browser.post(address, {"seen": seen, "m-de-button": "#15362c"})
    assert (late.status_code, "Somebody else changed" in text(late)) == (422, True)


@database
def test_the_screen_is_for_those_who_may_and_stays_within_thirty_queries(world: None) -> None:
    address = reverse("admin:market_looks")
    assert operator().get(address).status_code == 403
    reader = operator("markets.view_market")
    assert reader.post(address, {}).status_code == 403
    with CaptureQueriesContext(connection) as queries:
        assert reader.get(address).status_code == 200
    assert len(queries) <= 30
