"""What rules of markets ask about goods: flags, kind, type and categories. Two queries, however many lines."""

from collections.abc import Collection
from dataclasses import dataclass

from catalog.models import Category, Variant


@dataclass(frozen=True, kw_only=True)
class GoodsFacts:
    """One variant as rules see it. Categories are its own and those above them."""

    flags: frozenset[str]
    kind: str
    product_type: str
    categories: frozenset[str]


def goods_facts(variant_ids: Collection[int]) -> dict[int, GoodsFacts]:
    """By variant."""
    rows = Variant.objects.filter(pk__in=variant_ids).values_list(
        "pk", "restricted_flags", "battery_flag", "product__product_type__kind", "product__product_type__code",
        "product__primary_category_id",
    )  # fmt: skip
    above = _ancestors()
    return {
        pk: GoodsFacts(
            flags=frozenset([*flags, "battery"] if battery else flags),
            kind=kind or "",
            product_type=type_code or "",
            categories=above.get(category, frozenset()),
        )
        for pk, flags, battery, kind, type_code, category in rows
    }


def _ancestors() -> dict[int | None, frozenset[str]]:
    """Category to the codes of itself and everything above it."""
    rows = {pk: (code, parent) for pk, code, parent in Category.objects.values_list("pk", "code", "parent_id")}
    found: dict[int | None, frozenset[str]] = {}
    for pk in rows:
        codes: list[str] = []
        here: int | None = pk
        while here in rows and len(codes) < len(rows):
            code, here = rows[here]
            codes.append(code)
        found[pk] = frozenset(codes)
    return found
