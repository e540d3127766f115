"""A page of the library: found by name, words or product, filtered by what is missing. About ten queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import get_language
from modeltrans.conf import get_available_languages, get_default_language
from modeltrans.utils import build_localized_fieldname

from catalog.finding import products_matching
from catalog.models import MediaAsset, PictureWish, Product, ProductMedia, VariantMedia
from catalog.pictures import FIELDS, picture_of
from catalog.references import relations_to
from catalog.types import Picture
from catalog.workspace.screens import Links, links_of
from core.paging import EstimatingPaginator
from markets.models import Market
from markets.names import language_name

PER_PAGE = 48
MOST_PRODUCTS = 300
MOST_OF_PRODUCTS = 1_000
EVERYWHERE = "all"
"""The filter for files that no market keeps to itself."""


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A file as the grid shows it."""

    pk: int
    code: str
    kind: str
    kind_label: str
    picture: Picture | None
    size: str
    uses: int
    market: str
    missing: int


@dataclass(frozen=True, kw_only=True)
class LibraryPage:
    """The grid with its filter."""

    tiles: Sequence[Tile]
    links: Links
    chosen: Mapping[str, str]
    kinds: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str]]
    markets: Sequence[tuple[str, str]]

    @property
    def is_filtered(self) -> bool:
        """Whether it shows less than everything."""
        return any(self.chosen.values())


def library_page(asked: QueryDict) -> LibraryPage:
    """The page an address asks for; words that mean nothing are passed over."""
    chosen = {name: asked.get(name, "").strip()[:120] for name in ("q", "kind", "missing", "market", "unused")}
    rows = assets_matching(chosen).select_related("poster", "market").order_by("-pk")
    page = EstimatingPaginator(rows, PER_PAGE).get_page(asked.get("page"))
    assets = list(page.object_list)
    uses = uses_of_many([asset.pk for asset in assets])
    language = get_language()
    return LibraryPage(
        tiles=[_tile(asset, uses[asset.pk], language) for asset in assets],
        links=links_of(page, {name: value for name, value in chosen.items() if value}),
        chosen=chosen,
        kinds=[(kind.value, str(kind.label)) for kind in MediaAsset.Kind],
        languages=[(code, language_name(code, language)) for code, _name in settings.LANGUAGES],
        markets=list(Market.objects.order_by("code").values_list("code", "name")),
    )


def assets_matching(chosen: Mapping[str, str]) -> "QuerySet[MediaAsset]":
    """The files that fit the filter."""
    rows = MediaAsset.objects.all()
    if chosen["kind"] in MediaAsset.Kind.values:
        rows = rows.filter(kind=chosen["kind"])
    if chosen["missing"] in get_available_languages():
        rows = rows.filter(_without_words(chosen["missing"]))
    if chosen["market"]:
        code = chosen["market"]
        rows = rows.filter(market=None) if code == EVERYWHERE else rows.filter(market__code=code)
    if chosen["unused"]:
        rows = rows.filter(*(~Exists(each) for each in _uses()))
    if chosen["q"]:
        rows = rows.filter(_named(chosen["q"]))
    return rows


def _named(q: str) -> Q:
    """By part of its code or of its words in the shop's own language, or by a product that shows it."""
    products = list(products_matching(Product.objects.all(), q).order_by().values_list("pk", flat=True)[:MOST_PRODUCTS])
    shown = ProductMedia.objects.filter(product__in=products).values_list("asset_id", flat=True)
    of_variants = VariantMedia.objects.filter(variant__product__in=products).values_list("asset_id", flat=True)
    ids = {*shown[:MOST_OF_PRODUCTS], *of_variants[:MOST_OF_PRODUCTS]} if products else set()
    return Q(code__icontains=q) | Q(alt__icontains=q) | Q(pk__in=ids)


def _without_words(language: str) -> Q:
    if language == get_default_language():
        return Q(alt="")
    key = build_localized_fieldname("alt", language)
    return Q(i18n__isnull=True) | ~Q(i18n__has_key=key)


def _uses() -> "list[QuerySet[Any]]":
    """Everything that shows a file, in any app, as subqueries of its number."""
    return [model._base_manager.filter(**{column: OuterRef("pk")}) for model, column in _columns()]


def uses_of_many(ids: Sequence[int]) -> Counter[int]:
    """How often each file is shown. One query for each kind of thing that can show it."""
    found: Counter[int] = Counter()
    for model, column in _columns():
        found.update(model._base_manager.filter(**{f"{column}__in": ids}).values_list(column, flat=True))
    return found


def _columns() -> list[tuple[type[Model], str]]:
    return relations_to(MediaAsset, but=(PictureWish,))


def thumbnail(asset: MediaAsset | None, language: str) -> Picture | None:
    """The picture itself, or the one before a film."""
    shown = asset.poster if asset is not None and asset.kind != MediaAsset.Kind.IMAGE else asset
    return None if shown is None else picture_of({name: getattr(shown, name) for name in FIELDS}, language)


def _tile(asset: MediaAsset, uses: int, language: str) -> Tile:
    said = set(asset.languages_of("alt"))
    return Tile(
        pk=asset.pk,
        code=asset.code,
        kind=asset.kind,
        kind_label=asset.get_kind_display(),
        picture=thumbnail(asset, language),
        size=f"{asset.width} × {asset.height}",
        uses=uses,
        market=asset.market.code if asset.market else "",
        missing=sum(code not in said for code in get_available_languages()),
    )
