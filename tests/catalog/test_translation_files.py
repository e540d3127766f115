"""Translations out as XLIFF and CSV, and back: nothing is lost, nothing is broken, nothing is taken twice."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from defusedxml import ElementTree
from django.core.files.base import ContentFile
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from catalog import actions
from catalog.actions.translations import NewText, save_translations
from catalog.drafts import ProductDraft
from catalog.models import Product, SourceText, TranslationState
from catalog.translating.codes import pieces_of, together
from catalog.translating.exchange.inline import Codes, read_inline, write_inline
from catalog.translating.exchange.tables import csv_head, csv_row, inert, lively, read_csv
from catalog.translating.exchange.units import Unit
from catalog.translating.exchange.xliff import read_xliff, xliff_foot, xliff_head, xliff_unit
from catalog.translating.standing import Standing, read
from catalog.translating.texts import Kind, text_hash, tidied
from core.jobs import run_job, start_job
from core.models import Job, JobError
from tests.factories.catalog import ProductTypeFactory
from tests.factories.markets import small_world

NS = "{urn:oasis:names:tc:xliff:document:2.0}"
KEY = "catalog.product"
MARKUP = "<p>Holds <strong>one litre</strong> &amp; more.<br>For {people} – 5&nbsp;years</p>"
WORDS = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\0"),
        st.sampled_from("<>&\"'{}% \t\n\u202bالعربية急須やかん\u200f"),
    ),
    max_size=60,
)
SNIPPETS = st.sampled_from(
    ["<p>", "</p>", "<strong>", "</strong>", "<br>", "<a href=\"https://x.example/?a=1&b=2\">", "</a>", "&nbsp;",
     "{name}", "%(count)d", "{{ x }}", "إبريق", "急須", "&lt;", "<script>", "<p title='a>b'>"]
)  # fmt: skip
MARKED = st.lists(st.one_of(WORDS, SNIPPETS), max_size=12).map("".join)


def unit(source: str, target: str, kind: Kind, standing: Standing = Standing.DRAFT) -> Unit:
    return Unit(
        key=KEY,
        object_id=12,
        field="description" if kind is Kind.HTML else "summary",
        language="ar",
        kind=kind,
        source=tidied(source, kind),
        target=tidied(target, kind),
        standing=standing,
        source_hash=text_hash(source, kind),
        name="Kettle \x07 <one>",
        title="description",
        longest=None,
    )


def document(*units: Unit, language: str = "ar") -> bytes:
    return (xliff_head("en", language) + "".join(map(xliff_unit, units)) + xliff_foot()).encode()


@given(text=MARKED)
@settings(deadline=None)
def test_pieces_put_together_are_the_text(text: str) -> None:
    for kind in (Kind.HTML, Kind.TEXT):
        words = tidied(text, kind)
        assert together(list(pieces_of(words, kind)), kind) == words


@given(source=MARKED, target=MARKED, kind=st.sampled_from([Kind.HTML, Kind.TEXT, Kind.LINES]))
@settings(deadline=None)
def test_whatever_leaves_as_xliff_comes_back_as_it_was(source: str, target: str, kind: Kind) -> None:
    one = unit(source, target, kind)
    back = next(iter(read_xliff(io.BytesIO(document(one)))))
    assert back.mark == one.mark
    assert not back.trouble
    assert text_hash(back.source, kind) == one.source_hash
    assert tidied(back.words, kind) == one.target


@given(source=MARKED, target=MARKED, kind=st.sampled_from([Kind.HTML, Kind.TEXT]))
@settings(deadline=None)
def test_whatever_leaves_as_csv_comes_back_as_it_was(source: str, target: str, kind: Kind) -> None:
    one = unit(source, target, kind)
    back = next(iter(read_csv(io.BytesIO((csv_head() + csv_row(one)).encode()))))
    assert (back.mark, back.language, back.source_hash) == (one.mark, "ar", one.source_hash)
    assert tidied(back.words, kind) == one.target
    assert text_hash(back.source, kind) == one.source_hash


@given(cell=st.text())
def test_no_cell_is_a_formula_and_none_is_changed_by_that(cell: str) -> None:
    assert not inert(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\0"))
    assert lively(inert(cell)) == cell


def test_a_unit_is_what_the_specification_asks_for() -> None:
    root = ElementTree.fromstring(document(unit(MARKUP, "", Kind.HTML, Standing.MISSING)))
    assert (root.tag, root.get("version"), root.get("srcLang"), root.get("trgLang")) == (
        f"{NS}xliff",
        "2.0",
        "en",
        "ar",
    )
    one = root.find(f"{NS}file/{NS}unit")
    assert [child.tag.removeprefix(NS) for child in one] == ["notes", "originalData", "segment"]
    data = {each.get("id"): each.text for each in one.iter(f"{NS}data")}
    assert {"<p>", "</p>", "<strong>", "</strong>", "<br>", "{people}", "&nbsp;"} == set(data.values())
    segment = one.find(f"{NS}segment")
    assert segment.get("state") == "initial"
    assert segment.find(f"{NS}target") is None
    codes = [each for each in segment.iter() if each.tag in (f"{NS}pc", f"{NS}ph")]
    ids = [each.get("id") for each in codes]
    assert len(ids) == len(set(ids)) == 5
    used = {each.get(name) for each in codes for name in ("dataRef", "dataRefStart", "dataRefEnd")} - {None}
    assert used == set(data)


@pytest.mark.parametrize(
    ("standing", "state", "detail"),
    [
        (Standing.MACHINE, "initial", "portolan:machine"),
        (Standing.STALE, "initial", "portolan:outdated"),
        (Standing.DRAFT, "translated", None),
        (Standing.APPROVED, "final", None),
    ],
)
def test_states_are_those_of_xliff(standing: Standing, state: str, detail: str | None) -> None:
    root = ElementTree.fromstring(document(unit("A", "B", Kind.TEXT, standing)))
    segment = next(root.iter(f"{NS}segment"))
    assert (segment.get("state"), segment.get("subState")) == (state, detail)


def test_codes_of_a_target_are_those_of_its_source() -> None:
    codes = Codes()
    source, target = (ElementTree.fromstring(f"<{name}/>") for name in ("source", "target"))
    write_inline(source, "<p><b>a</b><br></p>", Kind.HTML, codes, is_target=False)
    write_inline(target, "<p><br>ب<b>ا</b></p>", Kind.HTML, codes, is_target=True)

    def ids(root):
        return {each.get("id") for each in root.iter() if each.get("id")}

    assert ids(source) == ids(target)
    assert (
        read_inline(target, {number: text for text, number in codes.data.items()}, Kind.HTML) == "<p><br>ب<b>ا</b></p>"
    )


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="ar"><file id="f"><unit id="u">
<segment><source>&b;</source></segment></unit></file></xliff>"""


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        BOMB.replace(b'<!ENTITY a "aaaa">', b'<!ENTITY a SYSTEM "file:///etc/passwd">'),
        b"<html><body/></html>",
        document(unit("A", "B", Kind.TEXT), language="tlh"),
        document(unit("A", "B", Kind.TEXT))[:-30],
        b"<xliff",
    ],
)
def test_bombs_and_what_is_no_xliff_are_refused(content: bytes) -> None:
    from catalog.importers.errors import FileRefused

    with pytest.raises(FileRefused):
        list(read_xliff(io.BytesIO(content)))


def test_segments_that_a_program_split_come_back_as_one_text() -> None:
    content = f"""<xliff xmlns="{NS[1:-1]}" version="2.1" srcLang="en" trgLang="de"><file id="f">
      <unit id="{KEY}:12:summary"><segment state="final"><source>One. </source>
      <target order="3">Zwei.</target></segment>
      <ignorable><source> </source><target order="2"> </target></ignorable>
      <segment state="translated"><source>Two.</source><target order="1"><mrk id="m" type="term">Eins</mrk>.</target>
      </segment></unit></file></xliff>""".encode()
    back = next(iter(read_xliff(io.BytesIO(content))))
    assert (back.words, back.is_final) == ("Eins. Zwei.", False)


@pytest.fixture
def shop(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    small_world("de", "jp")
    ProductTypeFactory()


def made(code: str = "kettle", **texts) -> Product:
    return actions.create_product(
        draft=ProductDraft(code=code, product_type="goods", texts={"name": {"en": code}, **texts})
    )


def export(*languages: str, form: str = "xliff", **asked: str) -> Job:
    params = {"format": form, "languages": list(languages), "filter": asked, "reader": "en"}
    job = run_job(start_job(kind="translations.export", title="out", params=params).pk)
    assert job.state == "done", job.failure
    return job


def bring(content: bytes, name: str = "in.xlf", *, dry_run: bool = False, may_approve: bool = True) -> Job:
    params = {"may_approve": may_approve, "reader": "en"}
    file = ContentFile(content, name=name)
    return run_job(start_job(kind="translations.import", title="in", params=params, file=file, dry_run=dry_run).pk)


def counts(job: Job) -> tuple[int, ...]:
    assert job.state == "done", job.failure
    return tuple(job.result["counts"][name] for name in ("changed", "outdated", "unchanged", "refused"))


def standing(product: Product, field: str, language: str = "de") -> Standing:
    return read(SourceText.objects.get(model=KEY, object_id=product.pk, field=field).states).get(
        language, Standing.MISSING
    )


def translated(content: bytes, words: dict[str, str], state: str = "final") -> bytes:
    """As a translator's program would: targets filled in by the last part of the unit's id."""
    text = content.decode()
    root = ElementTree.fromstring(text)
    for one in root.iter(f"{NS}unit"):
        wanted = words.get(one.get("id").rpartition(":")[2])
        segment = one.find(f"{NS}segment")
        if wanted is not None:
            old = segment.find(f"{NS}target")
            if old is not None:
                segment.remove(old)
            segment.append(ElementTree.fromstring(f'<target xmlns="{NS[1:-1]}">{wanted}</target>'))
            segment.set("state", state)
    return ElementTree.tostring(root)


@pytest.mark.django_db
@pytest.mark.usefixtures("shop")
class TestJobs:
    def test_texts_leave_are_translated_and_come_back_once(self) -> None:
        product = made(description={"en": MARKUP})
        job = export("de")
        assert job.result["file"] == "translations-de.xlf"
        back = translated(
            job.file.read(),
            {
                "name": "Kessel",
                "description": '<pc id="1" dataRefStart="d1" dataRefEnd="d2">Fasst <pc id="2" dataRefStart="d3" '
                'dataRefEnd="d4">einen Liter</pc> &amp; mehr.<ph id="3" dataRef="d5"/>Für <ph id="4" dataRef="d6"/> – 5'
                '<ph id="5" dataRef="d7"/>Jahre</pc>',
            },
        )
        tried = bring(_with_ids(back), dry_run=True)
        assert counts(tried) == (2, 0, 0, 0)
        assert standing(product, "name") is Standing.MISSING
        assert ["Kessel" in str(item.changes) for item in tried.items.all()].count(True) == 1

        assert counts(bring(_with_ids(back))) == (2, 0, 0, 0)
        product.refresh_from_db()
        assert product.text("name", "de") == "Kessel"
        assert product.text("description", "de") == (
            "<p>Fasst <strong>einen Liter</strong> &amp; mehr.<br>Für {people} – 5&nbsp;Jahre</p>"
        )
        assert standing(product, "description") is Standing.APPROVED
        assert counts(bring(_with_ids(back))) == (0, 0, 2, 0)

    def test_who_may_not_approve_brings_drafts(self) -> None:
        product = made()
        back = translated(export("de").file.read(), {"name": "Kessel"})
        assert counts(bring(back, may_approve=False)) == (1, 0, 0, 0)
        assert standing(product, "name") is Standing.DRAFT

    def test_a_text_whose_original_changed_is_taken_as_an_outdated_draft(self) -> None:
        product = made()
        back = translated(export("de").file.read(), {"name": "Kessel"})
        Product.objects.filter(pk=product.pk).update(name="Steel kettle")
        actions.update_product(
            product_id=product.pk,
            draft=ProductDraft(code="kettle", product_type="goods", texts={"name": {"en": "Steel pot"}}),
        )
        assert counts(bring(back)) == (0, 1, 0, 0)
        assert standing(product, "name") is Standing.STALE
        state = TranslationState.objects.get()
        assert (state.state, state.source_hash) == ("draft", text_hash("kettle", Kind.LINE))
        assert counts(bring(back)) == (0, 0, 1, 0)

    def test_an_old_text_does_not_replace_a_translation_of_the_new_original(self) -> None:
        product = made()
        back = translated(export("de").file.read(), {"name": "Kessel"})
        draft = ProductDraft(code="kettle", product_type="goods", texts={"name": {"en": "Pot", "de": "Topf"}})
        actions.update_product(product_id=product.pk, draft=draft)
        job = bring(back)
        assert counts(job) == (0, 0, 0, 1)
        assert "has a translation of the new one" in JobError.objects.get(job=job).message
        product.refresh_from_db()
        assert product.text("name", "de") == "Topf"

    def test_a_target_without_its_tags_is_refused_and_the_others_go_in(self) -> None:
        product = made(description={"en": MARKUP})
        back = translated(export("de").file.read(), {"name": "Kessel", "description": "Nur Worte"})
        job = bring(back)
        assert counts(job) == (1, 0, 0, 1)
        assert "<strong>" in JobError.objects.get(job=job).message
        assert standing(product, "description") is Standing.MISSING

    def test_a_code_that_stands_for_nothing_is_refused(self) -> None:
        made()
        back = translated(export("de").file.read(), {"name": '<ph id="9" dataRef="d9"/>Kessel'})
        assert counts(bring(back)) == (0, 0, 0, 1)

    def test_empty_targets_take_nothing_away(self) -> None:
        product = made(name={"en": "kettle", "de": "Kessel"})
        back = translated(export("de").file.read(), {"name": ""})
        assert counts(bring(back)) == (0, 0, 1, 0)
        product.refresh_from_db()
        assert product.text("name", "de") == "Kessel"

    def test_the_same_words_never_lower_an_approval(self) -> None:
        product = made(name={"en": "kettle", "de": "Kessel"})
        text = NewText(field="name", language="de", words="Kessel", state="approved")
        save_translations(key=KEY, object_id=product.pk, texts=[text])
        back = translated(export("de").file.read(), {"name": "Kessel"}, state="translated")
        assert counts(bring(back)) == (0, 0, 1, 0)
        assert standing(product, "name") is Standing.APPROVED

    def test_several_languages_come_in_one_archive(self) -> None:
        product = made()
        job = export("de", "ar")
        with zipfile.ZipFile(job.file) as archive:
            assert archive.namelist() == ["translations-de.xlf", "translations-ar.xlf"]
            parts = {
                name: translated(archive.read(name), {"name": "إبريق" if "ar" in name else "Kessel"})
                for name in archive.namelist()
            }
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        assert counts(bring(out.getvalue(), "in.zip")) == (2, 0, 0, 0)
        product.refresh_from_db()
        assert (product.text("name", "de"), product.text("name", "ar")) == ("Kessel", "إبريق")

    def test_only_what_the_filter_asks_for_leaves(self) -> None:
        made("kettle", name={"en": "kettle", "de": "Kessel"})
        made("pot")
        rows = list(
            csv.DictReader(io.StringIO(export("de", "fr", form="csv", standing="-").file.read().decode("utf-8-sig")))
        )
        assert {(row["language"], row["source"]) for row in rows} == {("fr", "kettle"), ("de", "pot"), ("fr", "pot")}

    def test_csv_goes_out_and_comes_back(self) -> None:
        product = made(summary={"en": "=2+3 is five"})
        text = export("de", form="csv").file.read().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["source"] for row in rows] == ["kettle", "'=2+3 is five"]
        rows[1]["translation"], rows[1]["state"] = "'=2+3 ist fünf", "approved"
        out = io.StringIO()
        table = csv.DictWriter(out, rows[0])
        table.writeheader()
        table.writerows(rows)
        assert counts(bring(out.getvalue().encode(), "in.csv")) == (1, 0, 1, 0)
        product.refresh_from_db()
        assert product.text("summary", "de") == "=2+3 ist fünf"
        assert standing(product, "summary") is Standing.APPROVED

    @pytest.mark.parametrize("content", [BOMB, b"text,language\n1,2\n", b""])
    def test_a_file_that_cannot_be_read_fails_with_a_sentence(self, content: bytes) -> None:
        job = bring(content)
        assert job.state == "failed"
        assert "Error" not in job.failure

    def test_texts_that_are_none_of_ours_are_refused(self) -> None:
        made()
        rows = "text,language,source,translation\n" + "".join(
            f"{mark},{language},kettle,x\n"
            for mark, language in (
                ("catalog.product:999:name", "de"),
                ("auth.user:1:email", "de"),
                ("nonsense", "de"),
                (f"{KEY}:{Product.objects.get().pk}:code", "de"),
                (f"{KEY}:{Product.objects.get().pk}:name", "tlh"),
            )
        )
        assert counts(bring(rows.encode(), "in.csv")) == (0, 0, 0, 5)

    def test_an_import_that_was_killed_goes_on_behind_what_is_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from catalog.translating.exchange import jobs

        monkeypatch.setattr(jobs, "STEP", 2)
        for number in range(6):
            made(f"pot-{number}")
        back = translated(export("de").file.read(), {"name": "Topf"})
        params = {"may_approve": True, "reader": "en"}
        job = start_job(kind="translations.import", title="in", params=params, file=ContentFile(back, name="in.xlf"))
        seen = []
        real = jobs.TranslationImport._record

        def dies(run, part, done, told):
            seen.append(done)
            if len(seen) == 2:
                raise KeyboardInterrupt
            return real(run, part, done, told)

        monkeypatch.setattr(jobs.TranslationImport, "_record", staticmethod(dies))
        with pytest.raises(KeyboardInterrupt):
            run_job(job.pk)
        Job.objects.filter(pk=job.pk).update(state="queued")
        assert counts(run_job(job.pk)) == (6, 0, 0, 0)
        assert seen == [0, 2, 2, 4]
        assert SourceText.objects.filter(states=",de=a,").count() == 6


def _with_ids(content: bytes) -> bytes:
    """Points the codes of the targets written above at the data they mean."""
    root = ElementTree.fromstring(content)
    for one in root.iter(f"{NS}unit"):
        ids = {each.text: each.get("id") for each in one.iter(f"{NS}data")}
        written = ("<p>", "</p>", "<strong>", "</strong>", "<br>", "{people}", "&nbsp;")
        meant = {f"d{number}": text for number, text in enumerate(written, start=1)}
        for target in one.iter(f"{NS}target"):
            for code in target.iter():
                for name in ("dataRef", "dataRefStart", "dataRefEnd"):
                    if code.get(name):
                        code.set(name, ids[meant[code.get(name)]])
    return ElementTree.tostring(root)
