"""The media library: files come in, get words, captions and a poster, are replaced with their uses kept, and go."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from modeltrans.conf import get_available_languages

from catalog.actions.derived import mark_dirty
from catalog.actions.films import captions_name
from catalog.actions.media import add_media, keep_file, store_picture
from catalog.cache import forget_on_commit
from catalog.captions import checked_captions
from catalog.drafts import Words
from catalog.errors import ChangedMeanwhile, MediaInUse, MediaNotForMarket, MediaProblem
from catalog.models import MediaAsset, PictureWish, Product, ProductMedia, VariantMedia
from catalog.references import references_to
from catalog.safe_films import SafeFilm, is_film, safe_film
from catalog.slugs import slug_of
from catalog.translating.noting import forget_texts, note_texts
from catalog.translating.registry import words_of
from core import audit
from markets.models import Market

LONGEST_CODE = 100
LONGEST_ALT = 200


@dataclass(frozen=True, kw_only=True)
class Uploaded:
    """A file in the library; not new when the very same one was there already."""

    asset: MediaAsset
    is_new: bool


def alts_of(asset: MediaAsset) -> dict[str, str]:
    """Language to its own description; empty where it falls back to another."""
    return {language: words_of(asset, "alt", language) for language in get_available_languages()}


def media_stamp(asset: MediaAsset) -> str:
    """Sixteen letters for what somebody had before them: words, market, file."""
    told = repr((sorted(alts_of(asset).items()), asset.market_id, asset.checksum))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@transaction.atomic
def upload_media(*, name: str, content: bytes) -> Uploaded:
    """Store a picture or a film under a code made from its file name. Raises `MediaProblem` with the reason."""
    checksum = hashlib.sha256(content).hexdigest()
    known = MediaAsset.objects.filter(checksum=checksum).order_by("pk").first() if content else None
    if known is not None:
        return Uploaded(asset=known, is_new=False)
    code = _free_code(name, checksum)
    if is_film(content):
        asset = MediaAsset(code=code, kind=MediaAsset.Kind.VIDEO)
        _put_film(asset, safe_film(content), checksum)
        asset.save()
    else:
        asset = add_media(code=code, content=content)
    audit.record("catalog.upload_media", asset, data={"name": name[:200], "bytes": len(content)})
    return Uploaded(asset=asset, is_new=True)


@transaction.atomic
def replace_file(*, asset_id: int, content: bytes, seen: str) -> bool:
    """Another file under the same code: everything that shows it shows the new one. True when it is another.

    A picture stays a picture, a film a film. Raises `MediaProblem` and `ChangedMeanwhile`.
    """
    asset = _locked(asset_id, seen)
    checksum = hashlib.sha256(content).hexdigest()
    if checksum == asset.checksum:
        return False
    if is_film(content) != (asset.kind == MediaAsset.Kind.VIDEO):
        raise MediaProblem(_("A picture can only be replaced by a picture, and a film by a film."))
    before = str(asset.file.name)
    if asset.kind == MediaAsset.Kind.VIDEO:
        _put_film(asset, safe_film(content), checksum)
    else:
        store_picture(asset, content, checksum)
    asset.save()
    audit.record("catalog.replace_file", asset, data={"before": before, "after": str(asset.file.name)})
    _touch(asset)
    return True


@transaction.atomic
def describe_media(*, asset_id: int, alts: Words, market_code: str, seen: str) -> bool:
    """Descriptions in every language, and the only market it is shown in (empty: all). True when something changed.

    Raises `MediaProblem` for a description that is too long, and `ChangedMeanwhile`.
    """
    asset = _locked(asset_id, seen)
    alts = {language: " ".join(words.split()) for language, words in alts.items()}
    if any(len(words) > LONGEST_ALT for words in alts.values()):
        raise MediaProblem(_("A description has at most %(most)d characters.") % {"most": LONGEST_ALT})
    asset.put_texts({"alt": alts})
    asset.market = Market.objects.get(code=market_code) if market_code else None
    if media_stamp(asset) == seen:
        return False
    asset.save()
    note_texts([asset])
    audit.record("catalog.describe_media", asset, data={"alts": alts, "market": market_code})
    _touch(asset)
    return True


@transaction.atomic
def set_captions(*, asset_id: int, language: str, content: bytes) -> None:
    """Captions of a film in one language, replacing those it had. Raises `MediaProblem` with the line that is wrong."""
    film = _locked(asset_id)
    if film.kind != MediaAsset.Kind.VIDEO or language not in get_available_languages():
        raise MediaProblem(_("Only films have captions, in the languages of the shop."))
    words = checked_captions(content)
    film.captions = {**film.captions, language: keep_file(captions_name(film.code, language, words), words)}
    film.save(update_fields=["captions"])
    audit.record("catalog.set_captions", film, data={"language": language, "file": film.captions[language]})


@transaction.atomic
def remove_captions(*, asset_id: int, language: str) -> bool:
    """No captions in this language any more. True when there were some."""
    film = _locked(asset_id)
    if language not in film.captions:
        return False
    film.captions = {code: name for code, name in film.captions.items() if code != language}
    film.save(update_fields=["captions"])
    audit.record("catalog.remove_captions", film, data={"language": language})
    return True


@transaction.atomic
def set_poster(*, asset_id: int, code: str) -> bool:
    """The picture with this code is shown before the film plays; no code, none. Raises `MediaProblem`."""
    film = _locked(asset_id)
    picture = MediaAsset.objects.filter(code=code, kind=MediaAsset.Kind.IMAGE).first() if code else None
    if film.kind != MediaAsset.Kind.VIDEO or (code and picture is None):
        raise MediaProblem(_("There is no picture with this code."))
    if film.poster_id == (picture.pk if picture else None):
        return False
    film.poster = picture
    film.save(update_fields=["poster"])
    audit.record("catalog.set_poster", film, data={"poster": code})
    return True


@transaction.atomic
def delete_media(*, asset_id: int) -> str:
    """Take a file that nothing shows out of the library; returns its code. Raises `MediaInUse` with its uses.

    The bytes stay in the storage: papers of old orders show them.
    """
    asset = _locked(asset_id)
    uses = media_uses(asset)
    if uses:
        raise MediaInUse(uses)
    PictureWish.objects.filter(asset=asset).delete()
    forget_texts(MediaAsset._meta.label_lower, [asset.pk])
    audit.record("catalog.delete_media", asset, data={"code": asset.code, "file": str(asset.file.name)})
    asset.delete()
    return asset.code


def media_uses(asset: MediaAsset) -> list[tuple[str, int]]:
    """What shows the file: (what it is called, how many)."""
    return list(references_to(asset, but=(PictureWish,)))


@transaction.atomic
def assign_media(*, asset_id: int, product_ids: Collection[int], market_code: str = "") -> int:
    """Show the file in these products' galleries, behind what is there. Returns how many did not show it yet.

    Raises `MediaNotForMarket` when it is kept for another market.
    """
    asset = _locked(asset_id)
    market = Market.objects.get(code=market_code) if market_code else None
    if market is not None and asset.market_id not in {None, market.pk}:
        raise MediaNotForMarket
    products = list(Product.objects.filter(pk__in=product_ids).lock().values_list("pk", flat=True))
    rows = ProductMedia.objects.filter(product__in=products)
    shown = set(rows.filter(asset=asset, market=market).values_list("product_id", flat=True))
    last = dict(rows.values("product").annotate(last=Max("position")).values_list("product", "last"))
    fresh = [pk for pk in products if pk not in shown]
    ProductMedia.objects.bulk_create(
        ProductMedia(product_id=pk, asset=asset, market=market, position=last.get(pk, -1) + 1) for pk in fresh
    )
    if fresh:
        audit.record("catalog.assign_media", asset, data={"products": fresh, "market": market_code})
        mark_dirty(product_ids=fresh)
        forget_on_commit()
    return len(fresh)


@transaction.atomic
def unassign_media(*, asset_id: int, product_id: int) -> bool:
    """Take the file out of a product's gallery, in every market. Its variants keep it. True when it was there."""
    asset = _locked(asset_id)
    list(Product.objects.filter(pk=product_id).lock().values_list("pk", flat=True))
    gone, _models = ProductMedia.objects.filter(asset=asset, product=product_id).delete()
    PictureWish.objects.filter(asset=asset, product=product_id, variant=None).delete()
    if gone:
        audit.record("catalog.unassign_media", asset, data={"product": product_id})
        mark_dirty(product_ids=[product_id])
        forget_on_commit()
    return bool(gone)


def products_showing(assets: Sequence[int]) -> set[int]:
    """The products that show one of these files, themselves or in a variant."""
    own = ProductMedia.objects.filter(asset__in=assets).values_list("product_id", flat=True)
    of_variants = VariantMedia.objects.filter(asset__in=assets).values_list("variant__product_id", flat=True)
    return {*own, *of_variants}


def _locked(asset_id: int, seen: str | None = None) -> MediaAsset:
    """Raises `ChangedMeanwhile` when it is gone or is not what was seen."""
    asset = MediaAsset.objects.select_for_update(of=("self",)).filter(pk=asset_id).first()
    if asset is None or (seen is not None and media_stamp(asset) != seen):
        raise ChangedMeanwhile
    return asset


def _put_film(asset: MediaAsset, film: SafeFilm, checksum: str) -> None:
    kept = hashlib.sha256(film.content).hexdigest()[:10]
    asset.file.name = keep_file(f"catalog/{asset.code}-{kept}{film.suffix}", film.content)
    asset.width, asset.height, asset.checksum = film.width, film.height, checksum


def _touch(asset: MediaAsset) -> None:
    """Labels and cards are remembered, and galleries are told to whoever copies them."""
    forget_on_commit()
    mark_dirty(product_ids=products_showing([asset.pk]))


def _free_code(name: str, checksum: str) -> str:
    """From the file's name; with a piece of its checksum when another file was called the same."""
    code = slug_of(PurePath(name.replace("\\", "/")).stem)[:LONGEST_CODE] or "file"
    return f"{code}-{checksum[:8]}" if MediaAsset.objects.filter(code=code).exists() else code
