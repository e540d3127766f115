"""Pictures named by address: which a product is to have, in which order, whether they were fetched already or not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from catalog.actions.media import set_gallery, set_variant_pictures
from catalog.drafts import GalleryPicture, Words
from catalog.models import MediaAsset, PictureWish, ProductMedia, VariantMedia
from catalog.translating.noting import note_texts
from markets.models import Market

Key = tuple[str, str, str]
"""(address, market code or nothing, role)"""
State = PictureWish.State


@dataclass(frozen=True, kw_only=True)
class WantedPicture:
    """A picture by its address, with its words per language."""

    url: str
    alts: Words = field(default_factory=dict, hash=False)
    market_code: str = ""
    role: str = "gallery"

    @property
    def key(self) -> Key:
        """What tells it from the others of a product."""
        return self.url, self.market_code, self.role


@dataclass(frozen=True)
class Shown:
    """A picture a product has or waits for."""

    key: Key
    asset: MediaAsset | None
    alts: Words = field(default_factory=dict, hash=False)


def address_of(asset: MediaAsset) -> str:
    """Where the picture can be fetched from this shop."""
    return urljoin(settings.SHOP_URL, default_storage.url(str(asset.file)))


def gallery_of(product_ids: Collection[int]) -> dict[int, list[Shown]]:
    """The pictures of products in order, then those that are still to be fetched. Two queries."""
    found: dict[int, list[Shown]] = {pk: [] for pk in product_ids}
    rows = ProductMedia.objects.filter(product__in=product_ids).select_related("asset", "market")
    for row in rows.order_by("position", "pk"):
        key = (address_of(row.asset), row.market.code if row.market else "", row.role)
        found[row.product_id].append(Shown(key, row.asset))
    waiting = PictureWish.objects.filter(product__in=product_ids, variant=None, state=State.WAITING)
    for wish in waiting.select_related("market").order_by("position", "pk"):
        found[wish.product_id].append(_waiting(wish))
    return found


def variant_pictures_of(variant_ids: Collection[int]) -> dict[int, list[Shown]]:
    """The same for the pictures that show one variant each."""
    found: dict[int, list[Shown]] = {pk: [] for pk in variant_ids}
    for row in VariantMedia.objects.filter(variant__in=variant_ids).select_related("asset").order_by("position", "pk"):
        found[row.variant_id].append(Shown((address_of(row.asset), "", "gallery"), row.asset))
    waiting = PictureWish.objects.filter(variant__in=variant_ids, state=State.WAITING).order_by("position", "pk")
    for wish in waiting.select_related("market"):
        found[wish.variant_id or 0].append(_waiting(wish))
    return found


def told_before(product_id: int) -> dict[int | None, list[WantedPicture]]:
    """What was told the last time: for the product (None) and for its variants by id. One query."""
    found: dict[int | None, list[WantedPicture]] = {}
    rows = PictureWish.objects.filter(product=product_id).order_by("position", "pk")
    for variant_id, url, market, role, language, alt, alts in rows.values_list(
        "variant_id", "url", "market__code", "role", "language", "alt", "alts"
    ):
        words = {**({language: alt} if alt else {}), **alts}
        picture = WantedPicture(url=url, alts=words, market_code=market or "", role=role)
        found.setdefault(variant_id, []).append(picture)
    return found


def want_gallery(
    *, product_id: int, pictures: Sequence[WantedPicture], language: str, present: Sequence[Shown]
) -> bool:
    """The product's pictures are to be these first, in this order; others an operator added stay behind them.

    What is told as it was told the last time, or as it is, changes nothing but words. True when something moved.
    """
    wanted = _each_once(pictures)
    if _is_as_wanted(wanted, present):
        return False
    with transaction.atomic():
        moved = _set_words(wanted, present)
        if _put_wishes(product_id, None, wanted, language, present) is None:
            return moved
        arrange_gallery(product_id)
    return True


def want_variant_pictures(
    *, product_id: int, variant_id: int, pictures: Sequence[WantedPicture], language: str, present: Sequence[Shown]
) -> bool:
    """The pictures that show a variant are to be exactly these. True when something moved."""
    wanted = _each_once(pictures)
    if _is_as_wanted(wanted, present):
        return False
    with transaction.atomic():
        moved = _set_words(wanted, present)
        wishes = _put_wishes(product_id, variant_id, wanted, language, present)
        if wishes is None:
            return moved
        known = [wish.asset_id for wish in wishes if wish.asset_id is not None]
        set_variant_pictures(variant_id=variant_id, asset_ids=list(dict.fromkeys(known)))
    return True


def want_new(
    *, product_id: int, pictures: Sequence[WantedPicture], of_variants: Mapping[int, Sequence[WantedPicture]],
    language: str,
) -> None:  # fmt: skip
    """Wishes of a product that was just made: one statement, unless pictures of this shop's own are among them."""
    everything = [*pictures, *(picture for each in of_variants.values() for picture in each)]
    if any(_own_name(picture.url) for picture in everything):
        want_gallery(product_id=product_id, pictures=pictures, language=language, present=())
        for variant_id, each in of_variants.items():
            want_variant_pictures(
                product_id=product_id, variant_id=variant_id, pictures=each, language=language, present=()
            )
        return
    wishes = _wishes(product_id, None, pictures, {}, language)
    for variant_id, each in of_variants.items():
        wishes += _wishes(product_id, variant_id, each, {}, language)
    PictureWish.objects.bulk_create(wishes, ignore_conflicts=True)


def arrange_gallery(product_id: int) -> bool:
    """Pictures that were asked for by address come first, in their order; the others follow as they were."""
    wished = PictureWish.objects.filter(product_id=product_id, variant=None, asset__isnull=False)
    first = [
        GalleryPicture(asset_id=asset_id, role=role, market_code=market)
        for asset_id, role, market in wished.order_by("position", "pk").values_list("asset_id", "role", "market__code")
    ]
    places = {(picture.asset_id, picture.market_code) for picture in first}
    rows = ProductMedia.objects.filter(product_id=product_id).order_by("position", "pk")
    rest = [
        GalleryPicture(asset_id=asset_id, role=role, market_code=market)
        for asset_id, role, market in rows.values_list("asset_id", "role", "market__code")
        if (asset_id, market) not in places
    ]
    unique = {(picture.asset_id, picture.market_code): picture for picture in [*first, *rest]}
    return set_gallery(product_id=product_id, pictures=list(unique.values()))


def _each_once(pictures: Sequence[WantedPicture]) -> list[WantedPicture]:
    """A picture named twice for a market counts where it is named last."""
    return list({(picture.url, picture.market_code): picture for picture in pictures}.values())


def _is_as_wanted(wanted: Sequence[WantedPicture], present: Sequence[Shown]) -> bool:
    """Whether exactly these are there, in this order and with these words. Asks nothing."""
    return [picture.key for picture in wanted] == [shown.key for shown in present] and not _reworded(wanted, present)


def _put_wishes(
    product_id: int,
    variant_id: int | None,
    wanted: Sequence[WantedPicture],
    language: str,
    present: Sequence[Shown],
) -> list[PictureWish] | None:
    """The wishes anew; nothing when they are there already, or their pictures are."""
    kept = PictureWish.objects.filter(product=product_id, variant=variant_id).select_related("market", "asset")
    before = list(kept.order_by("position", "pk"))
    keys = [picture.key for picture in wanted]
    if keys in ([_waiting(wish).key for wish in before], [shown.key for shown in present]):
        return None
    assets = _assets(wanted, [*present, *(Shown(_waiting(wish).key, wish.asset) for wish in before)])
    kept.delete()
    return PictureWish.objects.bulk_create(_wishes(product_id, variant_id, wanted, assets, language))


def _wishes(
    product_id: int,
    variant_id: int | None,
    wanted: Sequence[WantedPicture],
    assets: Mapping[Key, MediaAsset],
    language: str,
) -> list[PictureWish]:
    codes = {picture.market_code for picture in wanted if picture.market_code}
    markets = dict(Market.objects.filter(code__in=codes).values_list("code", "pk")) if codes else {}
    return [
        PictureWish(
            product_id=product_id,
            variant_id=variant_id,
            url=picture.url,
            alt=picture.alts.get(language, "")[:200],
            alts={code: words[:200] for code, words in picture.alts.items()},
            language=language,
            market_id=markets.get(picture.market_code),
            role=picture.role,
            position=position,
            asset=assets.get(picture.key),
            state=State.DONE if picture.key in assets else State.WAITING,
        )
        for position, picture in enumerate(wanted)
    ]


def _assets(wanted: Sequence[WantedPicture], known: Sequence[Shown]) -> dict[Key, MediaAsset]:
    """Pictures the shop has already: of this product by address, and any of its own."""
    by_url = {shown.key[0]: shown.asset for shown in known if shown.asset is not None}
    names = {name: picture.url for picture in wanted if (name := _own_name(picture.url))}
    if names:
        for asset in MediaAsset.objects.filter(file__in=names):
            by_url.setdefault(names[str(asset.file)], asset)
    return {picture.key: by_url[picture.url] for picture in wanted if picture.url in by_url}


def _own_name(url: str) -> str:
    """The name of the file behind an address of this shop's own; nothing for any other address."""
    base = urljoin(settings.SHOP_URL, settings.MEDIA_URL)
    return unquote(urlsplit(url.removeprefix(base)).path) if url.startswith(base) else ""


def _set_words(wanted: Sequence[WantedPicture], present: Sequence[Shown]) -> bool:
    """Words of pictures that are there. Those of others come with the picture."""
    moved = _reworded(wanted, present)
    for asset, words in moved:
        asset.put_texts({"alt": words})
        asset.save(update_fields=["alt", "i18n"])
    if moved:
        note_texts([asset for asset, _words in moved])
    return bool(moved)


def _reworded(wanted: Sequence[WantedPicture], present: Sequence[Shown]) -> list[tuple[MediaAsset, dict[str, str]]]:
    """Pictures that are there and told with other words than they have."""
    assets = {shown.key: shown.asset for shown in present if shown.asset is not None}
    found = []
    for picture in wanted:
        asset = assets.get(picture.key)
        words = {code: text.strip()[:200] for code, text in picture.alts.items()}
        if asset is not None and any(asset.text("alt", code) != text for code, text in words.items()):
            found.append((asset, words))
    return found


def _waiting(wish: PictureWish) -> Shown:
    key = (wish.url, wish.market.code if wish.market else "", wish.role)
    return Shown(key, None, {**wish.alts, **({wish.language: wish.alt} if wish.alt else {})})
