"""Which columns a file needs: found out before the first row is written, because a table has one header."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from modeltrans.conf import get_default_language
from modeltrans.utils import build_localized_fieldname

from catalog.exporters.selection import Scope, Selection
from catalog.importers.portolan.columns import COLUMNS, On, Per
from catalog.importers.portolan.products import TEXTS
from catalog.sql import fetch
from catalog.stockbook import stock_book

MOST_COLUMNS = 480
"""Under what the import reads, so that a column or two can be added by hand."""
ALWAYS = ("name", "summary", "description")
MOST = "SELECT COALESCE(max(n), 0) FROM (SELECT count(*) AS n FROM {rows} GROUP BY {by}) counted"
IMAGES = MOST.format(
    rows="(SELECT product_id FROM catalog_productmedia WHERE product_id = ANY(%(ids)s) UNION ALL"
    " SELECT product_id FROM catalog_picturewish"
    " WHERE product_id = ANY(%(ids)s) AND variant_id IS NULL AND state = 'waiting') pictures",
    by="product_id",
)
VARIANT_IMAGES = MOST.format(
    rows="(SELECT m.variant_id FROM catalog_variantmedia m JOIN catalog_variant v ON v.id = m.variant_id"
    " WHERE v.product_id = ANY(%(ids)s) UNION ALL SELECT variant_id FROM catalog_picturewish"
    " WHERE product_id = ANY(%(ids)s) AND variant_id IS NOT NULL AND state = 'waiting') pictures",
    by="variant_id",
)
OPTIONS = MOST.format(rows="catalog_productoption WHERE product_id = ANY(%(ids)s)", by="product_id")
COMPONENTS = MOST.format(
    rows="(SELECT b.bundle_variant_id FROM catalog_bundleitem b JOIN catalog_variant v ON v.id = b.bundle_variant_id"
    " WHERE v.product_id = ANY(%(ids)s) UNION ALL"
    " SELECT w.bundle_variant_id FROM catalog_componentwish w JOIN catalog_variant v ON v.id = w.bundle_variant_id"
    " WHERE v.product_id = ANY(%(ids)s)) pieces",
    by="bundle_variant_id",
)
DOWNLOADS = MOST.format(
    rows="(SELECT f.variant_id FROM catalog_variantfile f JOIN catalog_variant v ON v.id = f.variant_id"
    " WHERE v.product_id = ANY(%(ids)s) AND NOT f.withdrawn) files",
    by="variant_id",
)
LISTS = """
SELECT DISTINCT l.code, p.min_qty FROM catalog_price p
JOIN catalog_variant v ON v.id = p.variant_id JOIN catalog_pricelist l ON l.id = p.price_list_id
JOIN markets_market m ON m.id = l.market_id
WHERE v.product_id = ANY(%(ids)s) AND NOT p.derived AND l.status = 'active' AND (%(market)s = '' OR m.code = %(market)s)
ORDER BY l.code, p.min_qty
"""
OFFERS = """
SELECT DISTINCT m.code FROM catalog_productmarket o JOIN markets_market m ON m.id = o.market_id
WHERE o.product_id = ANY(%(ids)s) AND (%(market)s = '' OR m.code = %(market)s) ORDER BY m.code
"""
ATTRIBUTES = """
SELECT d.code, d.data_type, count(*) FROM catalog_productattribute a
JOIN catalog_attributedef d ON d.id = a.attribute_id WHERE a.product_id = ANY(%(ids)s)
GROUP BY d.code, d.data_type, d.position, d.id ORDER BY count(*) DESC, d.position, d.id
"""
DETAIL_LANGUAGES = """
SELECT DISTINCT d.code, k.key FROM catalog_productattribute a
JOIN catalog_attributedef d ON d.id = a.attribute_id CROSS JOIN LATERAL jsonb_object_keys(a.i18n) AS k(key)
WHERE a.product_id = ANY(%(ids)s)
"""
TRANSLATED = """
SELECT DISTINCT k.key FROM catalog_product p CROSS JOIN LATERAL jsonb_object_keys(p.i18n) AS k(key)
WHERE p.id = ANY(%(ids)s)
"""
ALTS = """
SELECT DISTINCT k.key FROM catalog_productmedia m JOIN catalog_mediaasset a ON a.id = m.asset_id
CROSS JOIN LATERAL jsonb_object_keys(a.i18n) AS k(key) WHERE m.product_id = ANY(%(ids)s)
"""
IS_TRUE = "SELECT EXISTS (SELECT 1 FROM {what})"
HAS_MARKET = IS_TRUE.format(
    what="catalog_productmedia WHERE product_id = ANY(%(ids)s) AND (market_id IS NOT NULL OR role <> 'gallery')"
)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The columns of a file in order, and what does not have a column of its own."""

    titles: tuple[str, ...]
    attributes: frozenset[str] = frozenset()
    """Codes of attributes with columns; the others share one cell."""
    languages: tuple[str, ...] = ()
    images: int = 0
    lists: frozenset[str] = frozenset()
    markets: tuple[str, ...] = ()
    market: str = ""
    places: frozenset[str] = field(default_factory=frozenset)

    def __contains__(self, title: str) -> bool:
        return title in self.places


def layout_of(selection: Selection, scope: Scope) -> Layout:
    """The columns that these products need."""
    asked: dict[str, object] = {"ids": selection.ids, "market": scope.market}
    needs = _needs(asked, scope)
    titles: list[str] = []
    for column in COLUMNS:
        if column.on in (On.ROW, On.WORD) and column.name != "product" and not scope.has_vocabulary:
            continue
        if column.per is Per.NOTHING:
            if column.name not in ("attributes", "compare_at"):
                titles.append(column.name)
        else:
            titles += needs.get(column.name, [])
    found = fetch(ATTRIBUTES, asked)
    columns, rest = _attribute_columns(found, asked, scope, MOST_COLUMNS - len(titles) - 1)
    at = titles.index("image[1]") if "image[1]" in titles else titles.index("variant_status")
    titles[at:at] = [*(title for group in columns.values() for title in group), *(["attributes"] if rest else [])]
    return Layout(
        titles=tuple(titles),
        attributes=frozenset(columns),
        languages=scope.shown_languages,
        images=sum(title.startswith("image[") for title in titles),
        lists=frozenset(title.partition("[")[2].partition("@")[0].rstrip("]") for title in needs["price"]),
        markets=tuple(title.partition("[")[2].rstrip("]") for title in needs["visible"]),
        market=scope.market,
        places=frozenset(titles),
    )


def _needs(asked: dict[str, object], scope: Scope) -> dict[str, list[str]]:
    """The members of each family of columns."""
    languages = scope.shown_languages
    keys = {str(key) for (key,) in fetch(TRANSLATED, asked)}
    images = range(1, _number(IMAGES, asked) + 1)
    options = range(1, _number(OPTIONS, asked) + 1)
    pieces = range(1, _number(COMPONENTS, asked) + 1)
    markets = [str(code) for (code,) in fetch(OFFERS, asked)]
    lists = [(str(code), int(quantity)) for code, quantity in fetch(LISTS, asked)]
    needs = {name: [f"{name}[{code}]" for code in _languages_of(name, keys, languages)] for name in TEXTS}
    needs["slug"] = [f"slug[{code}]" for code in languages]
    for name in ("visible", "visible_from", "visible_until", "copy"):
        needs[name] = [f"{name}[{code}]" for code in markets]
    needs["image"] = [f"image[{n}]" for n in images]
    spoken = _alt_languages(asked, languages)
    needs["image_alt"] = [f"image_alt[{n},{code}]" for n in images for code in spoken]
    if fetch(HAS_MARKET, asked)[0][0]:
        needs["image_market"] = [f"image_market[{n}]" for n in images]
        needs["image_role"] = [f"image_role[{n}]" for n in images]
    for name in ("option", "value"):
        needs[name] = [f"{name}[{n}]" for n in options]
    needs["price"] = [f"price[{code}]" if quantity == 1 else f"price[{code}@{quantity}]" for code, quantity in lists]
    needs["stock"] = [f"stock[{code}]" for code in stock_book().warehouse_codes()]
    needs["variant_image"] = [f"variant_image[{n}]" for n in range(1, _number(VARIANT_IMAGES, asked) + 1)]
    for name in ("component", "component_quantity", "component_weight", "component_optional"):
        needs[name] = [f"{name}[{n}]" for n in pieces]
    needs["download"] = [f"download[{n}]" for n in range(1, _number(DOWNLOADS, asked) + 1)]
    return needs


def _languages_of(name: str, keys: set[str], languages: Sequence[str]) -> list[str]:
    """Names, summaries and descriptions in every language, so that missing ones can be written in."""
    default = get_default_language()
    if name in ALWAYS:
        return list(languages)
    return [code for code in languages if code == default or build_localized_fieldname(name, code) in keys]


def _alt_languages(asked: dict[str, object], languages: Sequence[str]) -> list[str]:
    keys = {str(key) for (key,) in fetch(ALTS, asked)}
    default = get_default_language()
    return [code for code in languages if code == default or build_localized_fieldname("alt", code) in keys]


def _attribute_columns(
    found: Sequence[tuple[str, str, int]], asked: dict[str, object], scope: Scope, room: int
) -> tuple[dict[str, list[str]], bool]:
    """Columns of the most used attributes, as far as there is room, and whether others are left over."""
    spoken: dict[str, list[str]] = {}
    keys = {(str(code), str(key)) for code, key in fetch(DETAIL_LANGUAGES, asked)}
    default = get_default_language()
    for code, data_type, _count in found:
        spoken[code] = [
            f"attribute[{code},{language}]"
            for language in scope.shown_languages
            if language == default or (code, build_localized_fieldname("text_value", language)) in keys
        ] if data_type == "text" else [f"attribute[{code}]"]  # fmt: skip
    columns: dict[str, list[str]] = {}
    for code, titles in spoken.items():
        if len(titles) > room:
            return columns, True
        columns[code] = titles
        room -= len(titles)
    return columns, False


def _number(statement: str, asked: dict[str, object]) -> int:
    return int(fetch(statement, asked)[0][0])
