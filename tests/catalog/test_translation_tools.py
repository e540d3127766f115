"""What the translation desk works with: the glossary, a translating machine, files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from catalog.actions.glossary import TermDraft, TermRefused, put_term
from catalog.models import GlossaryTerm, TranslationState
from catalog.translating.errors import MachineTranslationFailed
from catalog.translating.machine import MachineRequest
from catalog.translating.standing import Standing
from core.jobs import run_job
from core.models import AuditEntry, Job
from tests.admin.people import operator, owner, text
from tests.catalog.desk import APPROVE, KEY, WRITE, made, standing, url
from tests.factories.catalog import ProductTypeFactory
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    small_world("de", "jp")
    ProductTypeFactory()


class TestTheGlossary:
    def test_terms_go_out_and_come_back_and_a_second_time_change_nothing(self) -> None:
        put_term(draft=TermDraft(source_term="=kettle", language="de", target_term="Kessel", note="a, b"))
        put_term(draft=TermDraft(source_term="Meridian", do_not_translate=True, case_sensitive=True))
        browser = operator("catalog.view_glossaryterm", "catalog.change_glossaryterm", "catalog.add_glossaryterm")
        content = b"".join(browser.get("/admin/translations/glossary.csv").streaming_content)
        before = list(GlossaryTerm.objects.values())
        entries = AuditEntry.objects.count()
        file = SimpleUploadedFile("terms.csv", content)
        answer = browser.post("/admin/translations/glossary/", {"file": file}, follow=True)
        assert "0 terms were changed, 2 are as before, 0 were refused." in text(answer)
        assert (list(GlossaryTerm.objects.values()), AuditEntry.objects.count()) == (before, entries)

    def test_rows_that_say_nothing_are_named_and_the_others_go_in(self) -> None:
        browser = operator("catalog.view_glossaryterm", "catalog.change_glossaryterm", "catalog.add_glossaryterm")
        table = "term,language,translation,keep\npot,de,Topf,\npan,de,,\n,de,x,\ncup,tlh,x,\n"
        answer = browser.post(
            "/admin/translations/glossary/", {"file": SimpleUploadedFile("t.csv", table.encode())}, follow=True
        )
        assert "1 terms were changed, 0 are as before, 3 were refused." in text(answer)
        assert list(GlossaryTerm.objects.values_list("source_term", flat=True)) == ["pot"]

    def test_only_people_who_may_change_it_bring_terms(self) -> None:
        browser = operator("catalog.view_glossaryterm")
        file = SimpleUploadedFile("t.csv", b"term,language,translation\npot,de,Topf\n")
        assert browser.post("/admin/translations/glossary/", {"file": file}).status_code == 403
        assert not GlossaryTerm.objects.exists()

    @pytest.mark.parametrize(
        "facts",
        [
            {},
            {"target_term": "x"},
            {"language": "de"},
            {"do_not_translate": True, "target_term": "x", "language": "de"},
        ],
    )
    def test_a_term_says_exactly_one_thing(self, facts: dict[str, object]) -> None:
        with pytest.raises(TermRefused):
            put_term(draft=TermDraft(source_term="pot", **facts))

    def test_a_single_term_is_written_in_its_form(self) -> None:
        browser = owner()
        facts = {"source_term": "pot", "language": "de", "target_term": "Topf", "note": ""}
        browser.post("/admin/catalog/glossaryterm/add/", facts)
        term = GlossaryTerm.objects.get()
        again = browser.post("/admin/catalog/glossaryterm/add/", {**facts, "target_term": ""})
        assert again.status_code == 200
        browser.post(
            f"/admin/catalog/glossaryterm/{term.pk}/change/", {**facts, "source_term": "Pot", "target_term": "T"}
        )
        term.refresh_from_db()
        assert (term.source_term, term.target_term) == ("Pot", "T")
        browser.post(f"/admin/catalog/glossaryterm/{term.pk}/delete/", {"post": "yes"})
        assert not GlossaryTerm.objects.exists()
        told = AuditEntry.objects.filter(action__contains="term").values_list("action", flat=True)
        assert set(told) == {"catalog.put_term", "catalog.remove_term"}


class Echo:
    """A machine that says everything twice; a stand-in for a service."""

    def translate(self, request: MachineRequest) -> list[str]:
        if request.target == "ja":
            raise MachineTranslationFailed
        return [f"{words} {words}" for words in request.texts]


class TestTheMachine:
    def test_without_one_nothing_is_offered(self) -> None:
        product = made()
        browser = operator(*WRITE)
        assert "/machine/" not in text(browser.get(url(product)))
        answer = browser.post(f"/admin/translations/text/{KEY}/{product.pk}/machine/", {"language": "de"}, follow=True)
        assert "No machine translation is set up." in text(answer)

    def test_it_fills_what_is_missing_and_says_that_it_was_a_machine(self, settings: Settings) -> None:
        settings.MACHINE_TRANSLATOR = f"{__name__}.Echo"
        product = made(summary={"en": "Pours", "de": "Gießt"})
        browser = operator(*WRITE)
        assert "/machine/" in text(browser.get(url(product)))
        browser.post(f"/admin/translations/text/{KEY}/{product.pk}/machine/", {"language": "de"})
        product.refresh_from_db()
        assert (product.text("name", "de"), product.text("summary", "de")) == ("Kettle Kettle", "Gießt")
        assert (standing(product), standing(product, "summary")) == (Standing.MACHINE, Standing.DRAFT)

    def test_a_machine_that_does_not_answer_changes_nothing(self, settings: Settings) -> None:
        settings.MACHINE_TRANSLATOR = f"{__name__}.Echo"
        product = made()
        answer = operator(*WRITE).post(
            f"/admin/translations/text/{KEY}/{product.pk}/machine/", {"language": "ja"}, follow=True
        )
        assert "did not answer" in text(answer)
        assert not TranslationState.objects.exists()


class TestFiles:
    @pytest.fixture(autouse=True)
    def files(self, settings: Settings, tmp_path) -> None:
        settings.MEDIA_ROOT = str(tmp_path)

    def test_a_file_is_written_fetched_tried_out_and_applied_once(self) -> None:
        product = made()
        browser = operator(*APPROVE)
        started = browser.post("/admin/translations/files/", {"languages": "de", "format": "csv", "model": KEY})
        assert browser.get(started["Location"])["Refresh"] == "2"
        run_job(Job.objects.get().pk)
        page = browser.get(started["Location"])
        assert "1 text was written." in text(page)
        table = b"".join(browser.get(f"{started['Location']}file/").streaming_content).decode()
        table = table.replace("Kettle,,missing", "Kettle,Kessel,approved")

        file = SimpleUploadedFile("back.csv", table.encode())
        tried = browser.post("/admin/translations/files/", {"do_import": "1", "file": file, "dry_run": "on"})[
            "Location"
        ]
        assert browser.post(f"{tried}apply/", follow=True).status_code == 200
        assert Job.objects.count() == 2
        run_job(Job.objects.latest("pk").pk)
        page = browser.get(tried)
        assert page.context["counts"] == [("changed", 1), ("outdated", 0), ("unchanged", 0), ("refused", 0)]
        assert "Kessel" in text(page)
        assert standing(product) is Standing.MISSING
        for _ in range(2):
            applied = browser.post(f"{tried}apply/")["Location"]
        assert Job.objects.count() == 3
        run_job(Job.objects.latest("pk").pk)
        assert browser.get(applied).status_code == 200
        assert standing(product) is Standing.APPROVED

    def test_who_may_not_approve_cannot_do_so_by_a_file(self) -> None:
        product = made()
        table = f"text,language,source,translation,state\n{KEY}:{product.pk}:name,de,Kettle,Kessel,approved\n"
        file = SimpleUploadedFile("back.csv", table.encode())
        operator(*WRITE).post("/admin/translations/files/", {"do_import": "1", "file": file})
        run_job(Job.objects.get().pk)
        assert standing(product) is Standing.DRAFT

    def test_a_form_without_a_language_or_a_file_starts_nothing(self) -> None:
        browser = operator(*WRITE)
        assert browser.post("/admin/translations/files/", {"format": "xliff"}).status_code == 422
        assert browser.post("/admin/translations/files/", {"do_import": "1"}).status_code == 422
        assert not Job.objects.exists()

    def test_jobs_of_other_kinds_are_not_shown_here(self) -> None:
        job = Job.objects.create(kind="import.catalogue", title="Import")
        for rest in ("", "file/", "rows.csv"):
            assert operator(*WRITE).get(f"/admin/translations/files/{job.pk}/{rest}").status_code == 404

    def test_what_was_refused_is_downloaded_without_formulas(self) -> None:
        table = "text,language,source,translation\n=1+1,de,x,=2+2\n"
        browser = operator(*WRITE)
        file = SimpleUploadedFile("back.csv", table.encode())
        address = browser.post("/admin/translations/files/", {"do_import": "1", "file": file})["Location"]
        run_job(Job.objects.get().pk)
        content = b"".join(browser.get(f"{address}rows.csv").streaming_content).decode("utf-8-sig")
        assert "'=1+1 de" in content
        assert "'=2+2" in content
