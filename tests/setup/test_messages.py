"""Collecting, checking and compiling words without any tool of the system."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog

from config.launch import messages

TEMPLATE = """{% load i18n %}
  <p>{% translate "Add to bag" %} {% translate "Open" context "door" %}</p>
    {% blocktranslate trimmed count n=count with name=product.name %}
      One {{ name }} left
    {% plural %}
      {{ n }} of {{ name }} left
    {% endblocktranslate %}
  {% blocktranslate %}100% {{ material }}{% endblocktranslate %}
"""
CODE = """from django.utils.translation import gettext_lazy as _, ngettext, pgettext
GONE = _("Sold out")
def f(n): return ngettext("%(n)s day", "%(n)s days", n), pgettext("size", "Small")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "words.py").write_text(CODE)
    return tmp_path


def german(project: Path, **translations: str) -> Catalog:
    catalogue = messages.brought_up(Catalog(locale="de"), messages.collect(project), "de")
    for message in catalogue:
        if message.id:
            message.string = translations.get(
                message.id[0] if isinstance(message.id, tuple) else message.id, message.id
            )
    return catalogue


def write(project: Path, catalogue: Catalog) -> Path:
    path = messages.catalogue_path(project, "de")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(messages.spelled(catalogue))
    return path


def test_words_of_templates_and_code_are_found_with_plurals_and_contexts(project: Path) -> None:
    found = {(message.context, message.id) for message in messages.collect(project) if message.id}
    assert found == {
        (None, "Add to bag"),
        ("door", "Open"),
        (None, ("One %(name)s left", "%(n)s of %(name)s left")),
        (None, "100%% %(material)s"),
        (None, "Sold out"),
        (None, ("%(n)s day", "%(n)s days")),
        ("size", "Small"),
    }


def test_collecting_again_changes_not_a_byte(project: Path) -> None:
    path = write(project, german(project))
    once = path.read_bytes()
    again = messages.brought_up(messages.read_catalogue(path, "de"), messages.collect(project), "de")
    assert messages.spelled(again) == once


def test_moving_code_changes_no_catalogue(project: Path) -> None:
    path = write(project, german(project))
    words = project / "shop" / "words.py"
    words.write_text("\n\n\n" + words.read_text())
    again = messages.brought_up(messages.read_catalogue(path, "de"), messages.collect(project), "de")
    assert messages.spelled(again) == path.read_bytes()


def test_translations_stay_and_unused_words_go(project: Path) -> None:
    path = write(project, german(project, **{"Sold out": "Ausverkauft"}))
    (project / "templates" / "page.html").unlink()
    again = messages.brought_up(messages.read_catalogue(path, "de"), messages.collect(project), "de")
    assert again.get("Sold out").string == "Ausverkauft"
    assert again.get("Add to bag") is None
    assert b"#~" not in messages.spelled(again)


def test_missing_words_guesses_and_lost_placeholders_are_complained_about(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "LANGUAGES", ("de",))
    catalogue = german(project, **{"Add to bag": "", "100%% %(material)s": "100%% Leinen"})
    catalogue.get("Sold out").flags.add("fuzzy")
    write(project, catalogue)
    found = messages.complaints(project)
    assert len(found) == 3
    assert {"Add to bag" in line or "Sold out" in line or "placeholder" in line for line in found} == {True}


def test_complete_catalogues_are_not_complained_about(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "LANGUAGES", ("de",))
    write(project, german(project))
    assert messages.complaints(project) == []


def test_catalogues_compile_and_the_compiled_one_follows_its_source(project: Path) -> None:
    path = write(project, german(project, **{"Sold out": "Ausverkauft"}))
    messages.compile_messages(project)
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Sold out") == "Ausverkauft"


def test_arabic_counts_by_the_rule_of_unicode() -> None:
    forms = ("zero", "one", "two", "few", "many", "other")
    rule = gettext.c2py(messages.read_catalogue(messages.catalogue_path(messages.ROOT, "ar"), "ar").plural_expr)
    unicode_rule = Locale("ar").plural_form
    assert [forms[rule(number)] for number in range(300)] == [unicode_rule(number) for number in range(300)]
