"""Finding products and variants as operators do: by SKU, GTIN, code or words of the name, always through an index."""

from django.db.models import Q, QuerySet

from catalog.models import Product, SearchDocument, Variant
from catalog.search.normalise import fold

MOST_FOUND = 1000


def variants_matching(term: str) -> list[int]:
    """The first thousand variants with this GTIN or with these letters in their SKU."""
    text = term.strip()
    by_sku = Q(sku__icontains=text) if len(text) > 2 else Q(sku__iexact=text)
    return list(Variant.objects.filter(by_sku | Q(gtin=text)).order_by().values_list("pk", flat=True)[:MOST_FOUND])


def products_matching(rows: "QuerySet[Product]", term: str) -> "QuerySet[Product]":
    """Products with these words in their name, this beginning of their code, or such a variant."""
    text = term.strip()
    if not text:
        return rows
    named = Q()
    for word in text.split():
        named &= Q(name__icontains=word)
    translated = SearchDocument.objects.filter(title__contains=fold(text)).order_by().values_list("product_id")
    owners = Variant.objects.filter(pk__in=variants_matching(text)).values_list("product_id")
    ids = {pk for (pk,) in (*translated[:MOST_FOUND], *owners)}
    return rows.filter(named | Q(code__startswith=text) | Q(pk__in=ids))
