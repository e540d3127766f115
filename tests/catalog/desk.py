"""Products with texts, and the translation desk as a browser meets it."""

from django.test import Client

from catalog import actions
from catalog.drafts import ProductDraft
from catalog.models import Product, SourceText
from catalog.translating.standing import Standing, read

KEY = "catalog.product"
LOOK = "catalog.view_translationstate"
WRITE = (LOOK, "catalog.translate_texts")
APPROVE = (*WRITE, "catalog.approve_translations")


def made(code: str = "kettle", **texts) -> Product:
    draft = ProductDraft(code=code, product_type="goods", texts={"name": {"en": code.title()}, **texts})
    return actions.create_product(draft=draft)


def url(product: Product, query: str = "languages=de") -> str:
    return f"/admin/translations/text/{KEY}/{product.pk}/?{query}"


def form(browser: Client, product: Product, query: str = "languages=de") -> dict[str, str]:
    """The editor's form as a browser would send it back unchanged."""
    page = browser.get(url(product, query)).context["page"]
    sent = {}
    for row in page.rows:
        for cell in row.cells:
            sent[f"words.{row.about.name}.{cell.language}"] = cell.words
            sent[f"seen.{row.about.name}.{cell.language}"] = cell.stamp
    return sent


def standing(product: Product, field: str = "name", language: str = "de") -> Standing:
    states = SourceText.objects.get(model=KEY, object_id=product.pk, field=field).states
    return read(states).get(language, Standing.MISSING)


def names(response) -> list[str]:
    return [row.name for row in response.context["page"].rows]
