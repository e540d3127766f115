"""The words of one product in many languages, for a product that came in by the table."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft
from catalog.importers.drafts import ImportedProduct
from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.importers.foreign.languages import Languages
from catalog.importers.foreign.texts import texts_of
from catalog.importers.formats import Row, Setting
from catalog.slugs import slug_of

TEXTS = ("name", "summary", "description", "meta_title", "meta_description")


def collect_words(
    rows: Sequence[Row], languages: Languages, fields: Sequence[str]
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Field to words per language, and the languages the storefront does not speak."""
    texts: dict[str, dict[str, str]] = {field: {} for field in fields}
    left = set()
    for row in rows:
        language = languages.of(row.get("locale"))
        if language is None:
            left.add(row.get("locale"))
            continue
        for field in fields:
            if row.get(field):
                texts[field].setdefault(language, row.get(field))
    return texts, sorted(left)


def left_out(line: int, languages: Sequence[str]) -> RowProblem:
    """The note about words nobody could read here."""
    told = _("The storefront does not speak %(languages)s; these words were left out.")
    return problem(line, "", "", told % {"languages": ", ".join(languages)}, is_note=True)


def name_of(rows: Sequence[Row], setting: Setting, languages: Languages) -> str:
    """The name in the language of the import; empty when there is none."""
    return next((row.get("name") for row in rows if languages.of(row.get("locale")) == setting.language), "")


def read_words(
    rows: Sequence[Row], setting: Setting, languages: Languages, whole: str | None
) -> ImportedProduct:  # fmt: skip
    """The product is known by its name in the language of the import, as its handle was made. Raises `RowsRefused`.

    `whole` is the name of the product that these words name a variant of.
    """
    first = rows[0]
    name = name_of(rows, setting, languages)
    if not slug_of(name):
        told = _("There is no name in the language of the import, which tells the product.")
        raise RowsRefused(first.wrong("name", told))
    if whole is not None:
        told = _("These are the words of a variant of “%(name)s”; variants have no words of their own.")
        raise RowsRefused(first.wrong("name", told % {"name": whole}))
    texts, left = collect_words(rows, languages, TEXTS)
    return ImportedProduct(
        line=first.line,
        draft=ProductDraft(code=slug_of(name), product_type="physical", texts=texts_of(texts)),
        options=None,
        notes=(left_out(first.line, left),) if left else (),
    )
