"""The customs sheet: variants with what customs must know, what is missing, and codes their neighbours have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import get_language

from catalog.customs import readiness as facts_of
from catalog.customs.neighbours import Suggestion, suggestions_for, words_of
from catalog.customs.readiness import CustomsFacts, Readiness, readiness
from catalog.models import Category, Price, ProductType, Variant
from catalog.workspace.screens import Links, links_of

PER_PAGE = 25
ORDER = ("product_id", "position", "pk")
STATES = ("missing", "open", "draft", "reviewed", "ruling")


@dataclass(frozen=True, kw_only=True)
class CustomsRow:
    """A variant in the sheet."""

    pk: int
    sku: str
    name: str
    category: str
    seen: str
    hs_code: str
    hs_words: str
    local: str
    origin: str
    description: str
    materials: str
    weight_g: int
    status: str
    status_label: str
    reviewed_by: str
    readiness: Readiness
    suggestions: tuple[Suggestion, ...]
    picked: bool = False


@dataclass(frozen=True, kw_only=True)
class CustomsSheet:
    """One page of the sheet with its filter."""

    rows: tuple[CustomsRow, ...]
    links: Links
    chosen: Mapping[str, str]
    categories: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]


def customs_sheet(query: QueryDict, typed: QueryDict | None = None) -> CustomsSheet:
    """The page that the address asks for, with what was `typed`. The number of queries does not grow with its rows."""
    chosen = {name: query.get(name, "").strip()[:80] for name in ("q", "category", "missing", "state")}
    language = get_language() or "en"
    page = Paginator(_filtered(chosen).values_list("pk", flat=True), PER_PAGE).get_page(query.get("page", "1"))
    variants = _variants(page.object_list)
    products = {variant.product_id: variant.product for variant in variants}
    open_products = [products[variant.product_id] for variant in variants if variant.classification_status == "draft"]
    suggestions = suggestions_for(list({one.pk: one for one in open_products}.values()), language=language)
    words = words_of(variant.hs_code or "" for variant in variants)
    return CustomsSheet(
        rows=tuple(_typed(_row(variant, suggestions, words, language), typed) for variant in variants),
        links=links_of(page, {name: value for name, value in chosen.items() if value}),
        chosen=chosen,
        categories=tuple(Category.objects.order_by("name").values_list("code", "name")[:500]),
        missing=tuple((name, str(facts_of.WORDS[name])) for name in facts_of.POINTS if name != facts_of.VALUE),
    )


def goods() -> QuerySet[Variant]:
    """Variants that are sent."""
    return Variant.objects.exclude(status=Variant.Status.ARCHIVED).filter(
        product__product_type__requires_shipping=True, product__product_type__kind=ProductType.Kind.PHYSICAL
    )


def _variants(ids: Iterable[int]) -> list[Any]:
    """What a page shows, asked for by key: a late page costs little more than the first."""
    return list(
        Variant.objects.filter(pk__in=list(ids))
        .select_related("product__primary_category", "product__brand", "classified_by")
        .annotate(has_price=Exists(Price.objects.filter(variant=OuterRef("pk"))))
        .order_by(*ORDER)
    )


def _filtered(chosen: Mapping[str, str]) -> QuerySet[Variant]:
    rows = goods().order_by(*ORDER)
    if chosen["q"]:
        rows = rows.filter(
            Q(sku__icontains=chosen["q"]) | Q(product__name__icontains=chosen["q"]) | Q(hs_code__startswith=chosen["q"])
        )
    if chosen["category"]:
        rows = rows.filter(product__primary_category__code=chosen["category"])
    if chosen["missing"] in LACKS:
        rows = rows.filter(LACKS[chosen["missing"]])
    if chosen["state"] == "open":
        rows = rows.exclude(hs_code=None).filter(classification_status="draft")
    elif chosen["state"] == "missing":
        rows = rows.filter(ANY)
    elif chosen["state"] in Variant.Classification.values:
        rows = rows.filter(classification_status=chosen["state"])
    return rows


LACKS: Mapping[str, Q] = {
    facts_of.HS: Q(hs_code=None),
    facts_of.ORIGIN: Q(origin_country=None),
    facts_of.DESCRIPTION: Q(customs_description="")
    | Q(customs_description__regex=r"[^\u0000-\u024F\u1E00-\u1EFF\u2010-\u2027\u20A0-\u214F]")
    | ~Q(customs_description__regex=r"\w\w+\W+\w\w+\W+\w\w+"),
    facts_of.WEIGHT: Q(weight_g=0),
    facts_of.MATERIALS: Q(materials=""),
    facts_of.REVIEW: Q(classification_status="draft"),
}
"""The filters of the list. The page itself judges descriptions more finely, by their stop words."""
ANY = LACKS[facts_of.HS] | LACKS[facts_of.ORIGIN] | LACKS[facts_of.DESCRIPTION] | LACKS[facts_of.WEIGHT]


def _row(
    variant: Any, suggestions: Mapping[int, tuple[Suggestion, ...]], words: Mapping[str, str], language: str
) -> CustomsRow:
    product, by = variant.product, variant.classified_by
    code = variant.hs_code or ""
    return CustomsRow(
        pk=variant.pk,
        sku=variant.sku,
        name=product.text("name", language),
        category=product.primary_category.text("name", language) if product.primary_category else "",
        seen=variant.updated.isoformat(),
        hs_code=code,
        hs_words=words.get(code[:6], ""),
        local=", ".join(f"{place} {local}" for place, local in sorted(variant.hs_local.items())),
        origin=variant.origin_country or "",
        description=variant.customs_description,
        materials=variant.materials,
        weight_g=variant.weight_g,
        status=variant.classification_status,
        status_label=variant.get_classification_status_display(),
        reviewed_by=str(by) if by else "",
        readiness=readiness(facts_of_variant(variant, has_price=variant.has_price)),
        suggestions=tuple(
            one
            for one in suggestions.get(variant.product_id, ())
            if variant.classification_status == "draft" and one.hs_code != code
        ),
    )


def _typed(row: CustomsRow, typed: QueryDict | None) -> CustomsRow:
    """The row as somebody typed it, so that a refusal loses nothing."""
    if typed is None or str(row.pk) not in typed.getlist("row"):
        return row
    return replace(
        row,
        hs_code=typed.get(f"hs_code-{row.pk}", ""),
        local=typed.get(f"local-{row.pk}", ""),
        origin=typed.get(f"origin-{row.pk}", ""),
        description=typed.get(f"description-{row.pk}", ""),
        materials=typed.get(f"materials-{row.pk}", ""),
        picked=str(row.pk) in typed.getlist("pick"),
    )


def facts_of_variant(variant: Variant, *, has_price: bool) -> CustomsFacts:
    """What is known of a variant, as the readiness is asked about."""
    return CustomsFacts(
        hs_code=variant.hs_code or "",
        origin=variant.origin_country or "",
        description=variant.customs_description,
        weight_g=variant.weight_g,
        materials=variant.materials,
        has_price=has_price,
        is_reviewed=variant.classification_status != Variant.Classification.DRAFT,
    )
