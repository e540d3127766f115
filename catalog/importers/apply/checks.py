"""What the shop cannot store, said before it is tried."""

import re
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.importers.apply.variants import LONGEST_SKU
from catalog.importers.drafts import ImportedProduct, ImportedVariant
from catalog.importers.errors import RowProblem, problem

LONGEST_CODE = 160
MOST = 2_000_000_000
LONGEST_WORDS = {"name": 200, "meta_title": 160, "meta_description": 400}
NUMBERS = ("weight_g", "length_mm", "width_mm", "height_mm", "position", "purchase_limit", "max_cart_qty")
SHAPES = (
    ("gtin", re.compile(r"([0-9]{8}|[0-9]{12,14})?"), gettext_lazy("A GTIN has 8, 12, 13 or 14 digits.")),
    ("hs_code", re.compile(r"([0-9]{6,13})?"), gettext_lazy("A goods code has 6 to 13 digits.")),
    ("origin_country", re.compile(r"([A-Z]{2})?"), gettext_lazy("A country is given by its two letters.")),
    ("customs_description", re.compile(r".{0,120}", re.DOTALL), gettext_lazy("This is longer than 120 characters.")),
)


def problems_of(imported: ImportedProduct) -> list[RowProblem]:
    """Everything about a product that the shop cannot store."""
    found = []
    draft = imported.draft
    if not draft.code or len(draft.code) > LONGEST_CODE:
        sentence = _("A product has a code of at most %(most)d characters.") % {"most": LONGEST_CODE}
        found.append(problem(imported.line, "product", draft.code, sentence))
    for name, most in LONGEST_WORDS.items():
        for language, words in draft.texts.get(name, {}).items():
            if len(words.strip()) > most:
                sentence = _("This is longer than %(most)d characters.") % {"most": most}
                found.append(problem(imported.line, f"{name}[{language}]", words, sentence))
    for each in imported.variants:
        found += _problems_of_variant(each)
    return found


def sound(told: ImportedVariant) -> ImportedVariant:
    """Numbers with the digits the shop keeps, so that the same file says the same again."""
    amount = told.draft.content_amount
    if amount is None:
        return told
    return replace(told, draft=replace(told.draft, content_amount=amount.quantize(Decimal("0.001"))))


def _problems_of_variant(told: ImportedVariant) -> list[RowProblem]:
    draft, line = told.draft, told.line
    found = []
    if len(draft.sku) > LONGEST_SKU:
        sentence = _("A SKU has at most %(most)d characters.") % {"most": LONGEST_SKU}
        found.append(problem(line, "sku", draft.sku, sentence))
    for name, shape, words in SHAPES:
        value = getattr(draft, name) or ""
        if not shape.fullmatch(value):
            found.append(problem(line, name, value, words))
    if (draft.content_amount is None) != (not draft.content_unit) or (draft.content_amount or 1) <= 0:
        value = str(draft.content_amount or draft.content_unit)
        found.append(problem(line, "content", value, _("A content has an amount and a unit.")))
    for name in NUMBERS:
        number = getattr(draft, name)
        if number is not None and not 0 <= number <= MOST:
            found.append(problem(line, name, str(number), _("The number is too small or too large.")))
    return found
