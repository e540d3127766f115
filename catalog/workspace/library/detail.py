"""One file of the library: what it is, what is said of it, and everything that shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import get_language
from modeltrans.conf import get_default_language

from catalog.actions.library import alts_of, media_stamp, media_uses
from catalog.finding import products_matching
from catalog.models import Category, MediaAsset, Product, ProductMedia, VariantMedia
from catalog.types import Picture
from catalog.workspace.library.listing import thumbnail
from core.languages import babel_locale
from markets.models import Market
from markets.names import language_name

MOST_SHOWN = 30
MOST_FOUND = 20


@dataclass(frozen=True, kw_only=True)
class AltRow:
    """The description in one language, as stored or as typed."""

    language: str
    label: str
    is_rtl: bool
    is_own: bool
    words: str
    fallback: str
    stored: str


@dataclass(frozen=True)
class CaptionRow:
    """Captions a film has."""

    language: str
    label: str
    url: str


@dataclass(frozen=True)
class Use:
    """One thing that shows the file, and where it is looked after. Products can be taken away from it."""

    label: str
    note: str
    url: str
    product_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Descriptions somebody typed that were not saved."""

    alts: Mapping[str, str]
    market: str
    seen: str


@dataclass(frozen=True, kw_only=True)
class AssetPage:
    """The screen of one file."""

    asset: MediaAsset
    kind_label: str
    url: str
    film_type: str
    bytes: int
    picture: Picture | None
    stamp: str
    alts: Sequence[AltRow]
    market: str
    captions: Sequence[CaptionRow]
    missing_captions: Sequence[tuple[str, str]]
    poster_code: str
    uses: Sequence[tuple[str, int]]
    used_by: Sequence[Use]
    q: str
    found: Sequence[Product]
    markets: Sequence[tuple[str, str]]


def languages() -> list[str]:
    """The shop's own first."""
    own = get_default_language()
    return [own, *(code for code, _name in settings.LANGUAGES if code != own)]


def asset_page(asset: MediaAsset, q: str = "", typed: Typed | None = None) -> AssetPage:
    """Everything about one file. About fifteen queries."""
    language = get_language()
    file = str(asset.file.name)
    market = asset.market.code if asset.market else ""
    return AssetPage(
        asset=asset,
        kind_label=asset.get_kind_display(),
        url=default_storage.url(file),
        film_type="video/webm" if file.endswith(".webm") else "video/mp4",
        bytes=default_storage.size(file) if default_storage.exists(file) else 0,
        picture=thumbnail(asset, language),
        stamp=typed.seen if typed else media_stamp(asset),
        alts=_alts(asset, typed),
        market=typed.market if typed else market,
        captions=[
            CaptionRow(code, language_name(code, language), default_storage.url(name))
            for code, name in sorted((asset.captions or {}).items())
        ],
        missing_captions=[(code, language_name(code, language)) for code in languages()],
        poster_code=asset.poster.code if asset.poster else "",
        uses=media_uses(asset),
        used_by=[*_products(asset), *_variants(asset), *_others(asset)],
        q=q,
        found=_found(asset, q),
        markets=list(Market.objects.order_by("code").values_list("code", "name")),
    )


def _alts(asset: MediaAsset, typed: Typed | None) -> list[AltRow]:
    stored = alts_of(asset)
    shown = typed.alts if typed else stored
    return [
        AltRow(
            language=language,
            label=language_name(language, get_language()),
            is_rtl=babel_locale(language).text_direction == "rtl",
            is_own=language == get_default_language(),
            words=shown.get(language, ""),
            fallback=asset.text("alt", language),
            stored=stored[language] if typed and stored[language] != shown.get(language, "").strip() else "",
        )
        for language in languages()
    ]


def _products(asset: MediaAsset) -> list[Use]:
    rows = ProductMedia.objects.filter(asset=asset).select_related("product", "market").order_by("product", "pk")
    return [
        Use(
            label=row.product.text("name", get_language()),
            note=" · ".join(filter(None, (row.get_role_display(), row.market.code if row.market else ""))),
            url=reverse("admin:catalog_product_change", args=[row.product_id]),
            product_id=row.product_id,
        )
        for row in rows[:MOST_SHOWN]
    ]


def _variants(asset: MediaAsset) -> list[Use]:
    rows = VariantMedia.objects.filter(asset=asset).select_related("variant__product").order_by("variant", "pk")
    return [
        Use(
            label=row.variant.sku,
            note=row.variant.product.text("name", get_language()),
            url=reverse("admin:catalog_matrix", args=[row.variant.product_id]),
        )
        for row in rows[:MOST_SHOWN]
    ]


def _others(asset: MediaAsset) -> list[Use]:
    categories = Category.objects.filter(picture=asset).order_by("position", "pk")[:MOST_SHOWN]
    films = MediaAsset.objects.filter(poster=asset).order_by("pk")[:MOST_SHOWN]
    return [
        *(
            Use(
                row.text("name", get_language()),
                str(Category._meta.verbose_name),
                reverse("admin:catalog_category", args=[row.pk]),
            )
            for row in categories
        ),
        *(Use(row.code, row.get_kind_display(), reverse("admin:catalog_medium", args=[row.pk])) for row in films),
    ]


def _found(asset: MediaAsset, q: str) -> list[Product]:
    """Products by name, code or SKU that do not show it yet."""
    if not q:
        return []
    shown = ProductMedia.objects.filter(asset=asset).values("product_id")
    return list(products_matching(Product.objects.all(), q).exclude(pk__in=shown).order_by("name", "pk")[:MOST_FOUND])
