"""The gallery of one product in the admin: its order, what each file is for, which variants it shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.gallery import GalleryPlace, arrange_media, gallery_seen, show_on_variants
from catalog.actions.library import assign_media
from catalog.errors import MediaProblem
from catalog.models import MediaAsset, Product, ProductMedia, Variant, VariantMedia
from catalog.types import Picture
from catalog.workspace.library.listing import thumbnail
from catalog.workspace.library.views import upload_each
from catalog.workspace.screens import go_to, must, screen
from core.errors import DomainError


@dataclass(frozen=True, kw_only=True)
class GalleryTile:
    """One file in the gallery."""

    pk: int
    asset_id: int
    code: str
    is_film: bool
    picture: Picture | None
    role: str
    position: int
    market: str
    skus: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class GalleryPage:
    """The screen."""

    product: Product
    name: str
    seen: str
    tiles: Sequence[GalleryTile]
    roles: Sequence[tuple[str, str]]


def gallery_page(product: Product) -> GalleryPage:
    """Everything the gallery holds, in its order. Four queries."""
    language = get_language()
    rows = list(
        ProductMedia.objects.filter(product=product)
        .select_related("asset__poster", "market")
        .order_by("position", "pk")
    )
    shows: dict[int, list[str]] = {}
    for asset, sku in VariantMedia.objects.filter(variant__product=product).values_list("asset_id", "variant__sku"):
        shows.setdefault(asset, []).append(sku)
    return GalleryPage(
        product=product,
        name=product.text("name", language),
        seen=gallery_seen(product.pk),
        tiles=[
            GalleryTile(
                pk=row.pk,
                asset_id=row.asset_id,
                code=row.asset.code,
                is_film=row.asset.kind == MediaAsset.Kind.VIDEO,
                picture=thumbnail(row.asset, language),
                role=row.role,
                position=at,
                market=row.market.code if row.market else "",
                skus=sorted(shows.get(row.asset_id, ())),
            )
            for at, row in enumerate(rows, start=1)
        ],
        roles=[(role.value, str(role.label)) for role in ProductMedia.Role],
    )


class GalleryView(View):
    """Look, arrange, upload, add what the library has."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The gallery."""
        must(request, "catalog.view_product")
        product = get_object_or_404(Product, pk=pk)
        return screen(
            request,
            "admin/catalog/library/gallery.html",
            title=_("Pictures and films"),
            page=gallery_page(product),
            may_change=request.user.has_perm("catalog.change_product"),
            may_add=request.user.has_perm("catalog.add_mediaasset"),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One of the deeds; back to the gallery with what came of it."""
        must(request, "catalog.change_product")
        product = get_object_or_404(Product, pk=pk)
        deed = request.POST.get("deed")
        try:
            if deed == "upload":
                must(request, "catalog.add_mediaasset")
                for each in upload_each(request):
                    assign_media(asset_id=each.asset.pk, product_ids=[pk])
            elif deed == "add":
                self._add(request, pk)
            elif deed == "variants":
                self._show_on(request, product)
            elif arrange_media(product_id=pk, places=_places(request), seen=request.POST.get("seen", "")):
                messages.success(request, _("Saved."))
            else:
                messages.info(request, _("Nothing was changed."))
        except DomainError as refused:
            messages.error(request, str(refused))
        return go_to(reverse("admin:catalog_gallery", args=[pk]))

    @staticmethod
    def _add(request: HttpRequest, pk: int) -> None:
        code = request.POST.get("code", "").strip()
        asset = MediaAsset.objects.filter(code=code).first()
        if asset is None:
            raise MediaProblem(_("There is no file with this code in the library."))
        if assign_media(asset_id=asset.pk, product_ids=[pk]):
            messages.success(request, _("Saved."))
        else:
            messages.info(request, _("Nothing was changed."))

    @staticmethod
    def _show_on(request: HttpRequest, product: Product) -> None:
        """The variants named by their SKUs, between commas."""
        skus = {sku.strip() for sku in request.POST.get("skus", "").split(",") if sku.strip()}
        found = dict(Variant.objects.filter(product=product, sku__in=skus).values_list("sku", "pk"))
        if unknown := sorted(skus - found.keys()):
            raise MediaProblem(_("This product has no variant %(sku)s.") % {"sku": unknown[0]})
        asset = get_object_or_404(ProductMedia, product=product, pk=request.POST.get("place") or 0).asset_id
        if show_on_variants(product_id=product.pk, asset_id=asset, variant_ids=list(found.values())):
            messages.success(request, _("Saved."))
        else:
            messages.info(request, _("Nothing was changed."))


def _places(request: HttpRequest) -> list[GalleryPlace]:
    """What the form says of every row; a number that is none leaves the row at the end."""
    given = request.POST
    pks = [int(each) for each in given.getlist("place") if each.isdecimal()]
    return [
        GalleryPlace(
            pk=pk,
            role=given.get(f"role-{pk}", ""),
            position=int(given[f"position-{pk}"]) if given.get(f"position-{pk}", "").isdecimal() else len(pks) + 1,
            is_removed=f"remove-{pk}" in given,
        )
        for pk in pks
    ]
