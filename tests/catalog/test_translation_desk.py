"""The translation desk over HTTP: who may what, what the list finds, what the editor keeps."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from catalog import actions
from catalog.actions.glossary import TermDraft, put_term
from catalog.drafts import ProductDraft
from catalog.models import Product, Route
from catalog.translating.completeness import coverage, shown_in, shown_instead
from catalog.translating.matching import Tally, TextFilter, tallies_of, texts_of
from catalog.translating.standing import Standing
from core.models import AuditEntry
from tests.admin.people import operator, owner, shopper, text
from tests.catalog.desk import APPROVE, KEY, LOOK, WRITE, form, made, names, standing, url
from tests.factories.catalog import ProductTypeFactory, make_product
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    small_world("de", "jp")
    ProductTypeFactory()


class TestWhoMayWhat:
    @pytest.mark.parametrize("page", ["", "completeness/", "next/", f"text/{KEY}/1/"])
    def test_only_people_who_may_look_see_the_desk(self, page: str) -> None:
        made()
        for browser in (Client(), shopper()):
            assert browser.get(f"/admin/translations/{page}").status_code == 302
        assert operator("catalog.view_product").get(f"/admin/translations/{page}").status_code == 403

    def test_looking_is_not_writing(self) -> None:
        product = made()
        browser = operator(LOOK)
        page = browser.get(url(product))
        assert page.status_code == 200
        assert 'name="do"' not in text(page)
        assert browser.post(url(product), {"words.name.de": "Kessel"}).status_code == 403
        assert browser.post("/admin/translations/approve/", {"text": f"{KEY}:{product.pk}:name:de"}).status_code == 403
        for address in ("files/", "files/1/"):
            assert browser.get(f"/admin/translations/{address}").status_code == 403
        assert browser.get("/admin/translations/glossary/").status_code == 403
        assert standing(product) is Standing.MISSING

    def test_writing_is_not_approving(self) -> None:
        product = made()
        browser = operator(*WRITE)
        sent = {**form(browser, product), "words.name.de": "Kessel", "right.name.de": "1", "do": "approve_next"}
        browser.post(url(product), sent)
        assert standing(product) is Standing.DRAFT
        assert browser.post("/admin/translations/approve/", {"text": f"{KEY}:{product.pk}:name:de"}).status_code == 403

    def test_who_may_approve_approves_and_it_is_written_down(self) -> None:
        product = made()
        browser = operator(*APPROVE)
        browser.post(url(product), {**form(browser, product), "words.name.de": "Kessel", "right.name.de": "1"})
        assert standing(product) is Standing.APPROVED
        entry = AuditEntry.objects.latest("pk")
        assert (entry.action, entry.data) == ("catalog.save_translations", {"texts": {"name de": "approved"}})
        assert entry.actor_id is not None


class TestTheEditor:
    def test_all_texts_of_several_languages_are_saved_at_once(self) -> None:
        product = made(summary={"en": "Pours"})
        browser = operator(*WRITE)
        query = "languages=de&languages=ar"
        sent = {**form(browser, product, query), "words.name.de": "Kessel", "words.summary.ar": "يصب"}
        answer = browser.post(url(product, query), sent)
        assert answer["Location"].endswith("?languages=de&languages=ar")
        product.refresh_from_db()
        assert (product.text("name", "de"), product.text("summary", "ar")) == ("Kessel", "يصب")
        assert standing(product, "summary", "de") is Standing.MISSING

    def test_every_text_says_its_language_and_direction(self) -> None:
        product = made(description={"en": "<p>Hot</p>"})
        page = text(operator(LOOK).get(url(product, "languages=ar&languages=zh-hans")))
        assert re.search(r'name="words\.name\.ar"[^>]*lang="ar" dir="rtl"', page)
        assert re.search(r'name="words\.description\.zh-hans"[^>]*lang="zh-Hans" dir="ltr"', page)
        assert 'lang="en" dir="ltr">&lt;p&gt;Hot&lt;/p&gt;' in page

    def test_what_was_typed_is_kept_when_somebody_else_was_faster(self) -> None:
        product = made(name={"en": "Kettle", "de": "Kessel"})
        browser = operator(*WRITE)
        slow = form(browser, product)
        browser.post(url(product), {**form(browser, product), "words.name.de": "Wasserkessel"})

        answer = browser.post(url(product), {**slow, "words.name.de": "Teekessel"})

        assert answer.status_code == 422
        assert 'value="Teekessel"' in text(answer)
        assert "Wasserkessel" in text(answer)
        product.refresh_from_db()
        assert product.text("name", "de") == "Wasserkessel"
        again = answer.context["page"].rows[0].cells[0].stamp
        browser.post(url(product), {"words.name.de": "Teekessel", "seen.name.de": again})
        product.refresh_from_db()
        assert product.text("name", "de") == "Teekessel"

    def test_a_tag_that_is_missing_is_named_and_nothing_is_approved(self) -> None:
        product = made(description={"en": "<p>Very <b>hot</b></p>"})
        browser = operator(*APPROVE)
        sent = {**form(browser, product), "words.name.de": "Kessel", "words.description.de": "<p>Heiß</p>"}
        answer = browser.post(url(product), {**sent, "do": "approve_next"})
        assert answer.status_code == 422
        assert "&lt;b&gt;" in text(answer)
        assert "Error:" in text(answer)
        assert standing(product) is standing(product, "description") is Standing.MISSING

    def test_a_changed_original_shows_what_changed(self) -> None:
        product = made(name={"en": "Kettle", "de": "Kessel"})
        draft = ProductDraft(code="kettle", product_type="goods", texts={"name": {"en": "Steel kettle"}})
        actions.update_product(product_id=product.pk, draft=draft)
        page = text(operator(LOOK).get(url(product)))
        assert re.search(r"<del>.*Kettle</del><ins>.*Steel kettle</ins>", page)

    def test_the_glossary_warns_and_never_stands_in_the_way(self) -> None:
        put_term(draft=TermDraft(source_term="kettle", language="de", target_term="Kessel", note="never Topf"))
        put_term(draft=TermDraft(source_term="Meridian", do_not_translate=True, case_sensitive=True))
        product = made(summary={"en": "The Meridian kettle", "de": "Der Topf des Südens"})
        page = text(operator(LOOK).get(url(product)))
        assert "The glossary says “Kessel” for “kettle”; it is missing." in page
        assert "“Meridian” is to stay as it is and is missing." in page
        assert "never Topf" in page
        browser = operator(*APPROVE)
        browser.post(url(product), {**form(browser, product), "right.summary.de": "1"})
        assert standing(product, "summary") is Standing.APPROVED

    def test_the_address_follows_the_name_only_when_asked(self) -> None:
        product = made(name={"en": "Kettle", "de": "Kessel"})
        browser = operator(*WRITE)
        browser.post(url(product), {**form(browser, product), "words.name.de": "Wasserkessel"})

        def slug() -> str:
            return Route.objects.get(product=product, language="de", current=True).slug

        assert slug() == "kessel"
        assert browser.get(url(product)).context["page"].addresses[0].proposal == "wasserkessel"
        draft = ProductDraft(code="kettle", product_type="goods", texts={"summary": {"en": "x"}})
        actions.update_product(product_id=product.pk, draft=draft)
        assert slug() == "kessel"
        browser.post(url(product), {**form(browser, product), "follow": "de"})
        assert slug() == "wasserkessel"
        assert Route.objects.filter(product=product, language="de", slug="kessel", current=False).exists()

    def test_saving_and_going_on_leads_through_everything_that_is_left(self) -> None:
        first, second = made("kettle"), made("pot")
        made("pan", name={"en": "Pan", "de": "Pfanne"})
        browser = operator(*WRITE)
        query = f"model={KEY}&language=de&languages=de"
        sent = {**form(browser, first), "words.name.de": "Kessel", "do": "next"}
        on = browser.get(browser.post(url(first, query), sent)["Location"])
        assert f"/{KEY}/{second.pk}/" in on["Location"]
        assert f"model={KEY}" in on["Location"]
        sent = {**form(browser, second), "words.name.de": "Topf", "do": "next"}
        end = browser.get(browser.post(on["Location"], sent)["Location"])
        assert end["Location"].startswith("/admin/translations/?")

    def test_what_is_no_text_is_not_found(self) -> None:
        browser = operator(*WRITE)
        assert browser.get(f"/admin/translations/text/{KEY}/999/").status_code == 404
        assert browser.get("/admin/translations/text/members.user/1/").status_code == 404
        assert browser.post("/admin/translations/text/members.user/1/", {"words.email.de": "x"}).status_code == 302


class TestTheList:
    def test_it_finds_texts_by_where_they_stand(self) -> None:
        made("kettle")
        done = made("pan", name={"en": "Pan", "de": "Pfanne"})
        browser = operator(LOOK)
        assert names(browser.get(f"/admin/translations/?model={KEY}&language=de&standing=-")) == ["Kettle (kettle)"]
        assert names(browser.get(f"/admin/translations/?model={KEY}&language=de&standing=d")) == ["Pan (pan)"]
        draft = ProductDraft(code="pan", product_type="goods", texts={"name": {"en": "Big pan"}})
        actions.update_product(product_id=done.pk, draft=draft)
        changed = browser.get(f"/admin/translations/?model={KEY}&language=de&standing=s")
        assert names(changed) == ["Big pan (pan)"]
        assert "<ins>" in text(changed)
        assert changed.context["page"].total == 1

    def test_it_finds_products_by_category_status_and_market(self) -> None:
        make_product("kettle", category="kitchen", prices={"de": "10.00"})
        actions.put_category(code="pots", texts={"name": {"en": "Pots"}}, parent="kitchen")
        make_product("pot", category="pots", prices={"jp": "10"})
        made("draft")
        browser = operator(LOOK)

        def found(query: str) -> set[str]:
            rows = browser.get(f"/admin/translations/?field=name&{query}").context["page"].rows
            return {row.name for row in rows}

        assert found("category=kitchen") == {"Kettle (kettle)", "Pot (pot)"}
        assert found("category=pots") == {"Pot (pot)"}
        assert found("status=draft") == {"Draft (draft)"}
        assert found("market=jp") == {"Pot (pot)"}
        assert found("market=de&status=active&category=kitchen") == {"Kettle (kettle)"}
        assert found("q=pot&model=catalog.product") == {"Pot (pot)"}

    def test_pages_follow_each_other_without_gaps_in_both_directions(self) -> None:
        for number in range(120):
            made(f"pot-{number:03}")
        browser = operator(LOOK)
        base = f"/admin/translations/?model={KEY}"
        seen: list[str] = []
        back: list[str] = []
        query = ""
        while True:
            page = browser.get(f"{base}{query}").context["page"]
            seen += [row.name for row in page.rows]
            if not page.next:
                break
            query = f"&after={page.next}"
        assert seen == [f"Pot-{number:03} (pot-{number:03})" for number in range(120)]
        while True:
            back = [row.name for row in page.rows] + back
            if not page.previous:
                break
            page = browser.get(f"{base}&before={page.previous}").context["page"]
        assert back == seen

    def test_nonsense_in_the_address_is_left_out(self) -> None:
        made()
        query = "model=x&language=tlh&standing=z&status=q&category=none&market=xx&after=~abc&before=2026~1"
        assert operator(LOOK).get(f"/admin/translations/?{query}").status_code == 200

    def test_ticked_texts_are_approved_as_they_stand(self) -> None:
        product = made(name={"en": "Kettle", "de": "Kessel"})
        ticked = [f"{KEY}:{product.pk}:name:de", f"{KEY}:{product.pk}:name:ja", "nonsense"]
        answer = operator(*APPROVE).post(
            "/admin/translations/approve/", {"text": ticked, "language": "de"}, follow=True
        )
        assert "1 text is approved." in text(answer)
        assert "There is nothing to approve." in text(answer)
        assert standing(product) is Standing.APPROVED

    def test_known_kinds_and_the_search_find_the_same(self) -> None:
        made("kettle", name={"en": "Kettle", "de": "Kessel"})
        made("pot")
        for where in Standing:
            for language in ("", "de", "ja"):
                asked = TextFilter(standing=str(where), language=language)
                by_kind = set(texts_of(asked, tallies_of(asked)).values_list("pk", flat=True))
                assert by_kind == set(texts_of(asked).values_list("pk", flat=True)), (where, language)


class TestCompleteness:
    def test_words_and_texts_are_counted_apart(self) -> None:
        tallies = [Tally(KEY, "name", ",de=a,", 3, 6), Tally(KEY, "description", ",de=s,fr=m,", 1, 94)]
        german, french, arabic = coverage(tallies, ["de", "fr", "ar"])
        assert (german.fields_percent, german.words_percent, german.approved_percent) == (75, 6, 75)
        assert (french.fields_percent, french.words_percent, french.approved_percent) == (25, 94, 0)
        assert (arabic.fields_percent, arabic.by_standing[Standing.MISSING].texts) == (0, 4)

    def test_nearly_all_is_not_all(self) -> None:
        tallies = [Tally(KEY, "name", ",de=a,", 999, 999), Tally(KEY, "name", ",", 1, 1)]
        assert coverage(tallies, ["de"])[0].fields_percent == 99

    def test_shoppers_read_the_language_that_stands_in(self, settings: Settings) -> None:
        settings.MODELTRANS_FALLBACK = {"default": ("en",), "ar": ("fr", "en")}
        assert shown_in({"fr"}, "ar") == "fr"
        assert shown_in({"de"}, "ar") == "en"
        tallies = [
            Tally(KEY, "name", ",ar=s,", 2, 4),
            Tally(KEY, "name", ",fr=a,", 1, 2),
            Tally(KEY, "name", ",", 1, 2),
        ]
        told = [(row.shown_in, row.texts, row.percent) for row in shown_instead(tallies, ["ar"])]
        assert told == [("ar", 2, 50), ("en", 1, 25), ("fr", 1, 25)]

    def test_the_page_shows_what_the_rows_say(self) -> None:
        made("kettle", name={"en": "Kettle", "de": "Kessel"})
        made("pot")
        page = operator(LOOK).get(f"/admin/translations/completeness/?model={KEY}&language=de")
        assert "50% (50%)" in text(page)
        told = [(row.shown_in, row.texts) for row in page.context["instead"]]
        assert told == [("de", 1), ("en", 1)]

    def test_many_texts_cost_as_many_queries_as_few(self) -> None:
        browser = owner()

        def count(page: str) -> int:
            browser.get(f"/admin/translations/{page}")
            with CaptureQueriesContext(connection) as counted:
                browser.get(f"/admin/translations/{page}")
            return len(counted)

        pages = ("", "?language=de&standing=-", "?standing=s", "completeness/")
        made("first", description={"en": "<p>x</p>", "de": "<p>y</p>"})
        few = {page: count(page) for page in pages}
        for number in range(60):
            made(f"pot-{number}", summary={"en": "x", "de": "y"})
        Product.objects.filter(code__startswith="pot").update(name="New")
        assert {page: count(page) for page in pages} == few
        assert max(few.values()) <= 30

    def test_an_editor_page_stays_within_its_budget(self) -> None:
        product = made(**{name: {"en": "x", "de": "y"} for name in ("summary", "description", "meta_title")})
        browser = owner()
        browser.get(url(product))
        with CaptureQueriesContext(connection) as counted:
            browser.get(url(product, "&".join(f"languages={code}" for code in ("de", "fr", "ja", "ar"))))
        assert len(counted) <= 30
