"""The media library over HTTP: look, upload, describe, caption, replace, assign, delete."""

from collections.abc import Callable

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.categories import set_category_picture
from catalog.actions.library import (
    Uploaded,
    assign_media,
    delete_media,
    describe_media,
    remove_captions,
    replace_file,
    set_captions,
    set_poster,
    unassign_media,
    upload_media,
)
from catalog.errors import ChangedMeanwhile, MediaProblem
from catalog.models import Category, MediaAsset
from catalog.safe_films import MOST_BYTES
from catalog.workspace.library.detail import Typed, asset_page, languages
from catalog.workspace.library.listing import library_page
from catalog.workspace.screens import go_to, must, screen
from core.errors import DomainError
from markets.models import Market

MOST_TOLD = 10


class LibraryView(View):
    """The grid, and the way in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, "catalog.view_mediaasset")
        return screen(
            request,
            "admin/catalog/library/library.html",
            title=_("Media library"),
            page=library_page(request.GET),
            may_add=request.user.has_perm("catalog.add_mediaasset"),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Several files at once; each is taken or refused for itself."""
        must(request, "catalog.add_mediaasset")
        taken = upload_each(request)
        if len(request.FILES.getlist("files")) == 1 and taken:
            return go_to(reverse("admin:catalog_medium", args=[taken[0].asset.pk]))
        return go_to(reverse("admin:catalog_media"))


class MediumView(View):
    """One file."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What it is and where it is shown; `find` looks for products to show it."""
        must(request, "catalog.view_mediaasset")
        return show(request, pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One of the deeds; what was refused says why."""
        deed = DEEDS.get(request.POST.get("deed", ""))
        must(request, DELETE if deed is _delete else CHANGE)
        get_object_or_404(MediaAsset, pk=pk)
        if request.POST.get("deed") == "describe":
            return describe(request, pk)
        try:
            if deed is not None:
                told = deed(request, pk)
                messages.success(request, told)
        except DomainError as refused:
            messages.error(request, str(refused))
            return go_to(reverse("admin:catalog_medium", args=[pk]), query=request.GET.urlencode())
        if deed is _delete:
            return go_to(reverse("admin:catalog_media"))
        return go_to(reverse("admin:catalog_medium", args=[pk]))


CHANGE, DELETE = "catalog.change_mediaasset", "catalog.delete_mediaasset"


def show(request: HttpRequest, pk: int, *, typed: Typed | None = None, refusal: str = "") -> HttpResponse:
    """The screen; 422 when something was refused, with everything typed still there."""
    asset = get_object_or_404(MediaAsset.objects.select_related("poster", "market"), pk=pk)
    return screen(
        request,
        "admin/catalog/library/medium.html",
        status=422 if refusal else 200,
        title=asset.code,
        page=asset_page(asset, request.GET.get("find", "").strip()[:120], typed),
        refusal=refusal,
        may_change=request.user.has_perm(CHANGE),
        may_delete=request.user.has_perm(DELETE),
    )


def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Descriptions in all languages and the market, all or none."""
    alts = {code: request.POST.get(f"alt-{code}", "") for code in languages()}
    market, seen = request.POST.get("market", ""), request.POST.get("seen", "")
    market = market if Market.objects.filter(code=market).exists() else ""
    try:
        changed = describe_media(asset_id=pk, alts=alts, market_code=market, seen=seen)
    except (MediaProblem, ChangedMeanwhile) as refused:
        if isinstance(refused, ChangedMeanwhile):
            seen = asset_page(get_object_or_404(MediaAsset, pk=pk)).stamp
        return show(request, pk, typed=Typed(alts=alts, market=market, seen=seen), refusal=str(refused))
    messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
    return go_to(reverse("admin:catalog_medium", args=[pk]))


def _captions(request: HttpRequest, pk: int) -> str:
    set_captions(asset_id=pk, language=request.POST.get("language", ""), content=_read(request, "captions"))
    return _("The captions are saved.")


def _remove_captions(request: HttpRequest, pk: int) -> str:
    remove_captions(asset_id=pk, language=request.POST.get("language", ""))
    return _("The captions are taken away.")


def _poster(request: HttpRequest, pk: int) -> str:
    """A picture from the disk, which joins the library, or one that is there already, by its code."""
    code = request.POST.get("poster", "").strip()
    for file in request.FILES.getlist("file")[:1]:
        must(request, "catalog.add_mediaasset")
        code = _upload(file).asset.code
    set_poster(asset_id=pk, code=code)
    return _("Saved.")


def _replace(request: HttpRequest, pk: int) -> str:
    is_other = replace_file(asset_id=pk, content=_read(request, "file"), seen=request.POST.get("seen", ""))
    return _("The file is replaced wherever it is shown.") if is_other else _("That is the same file.")


def _assign(request: HttpRequest, pk: int) -> str:
    must(request, "catalog.change_product")
    ids = [int(each) for each in request.POST.getlist("product") if each.isdecimal()]
    market = request.POST.get("in_market", "")
    market = market if Market.objects.filter(code=market).exists() else ""
    count = assign_media(asset_id=pk, product_ids=ids, market_code=market)
    told = ngettext("%(count)d product shows it from now on.", "%(count)d products show it from now on.", count)
    return told % {"count": count}


def _unassign(request: HttpRequest, pk: int) -> str:
    must(request, "catalog.change_product")
    product = request.POST.get("product", "")
    if product.isdecimal():
        unassign_media(asset_id=pk, product_id=int(product))
    return _("The product does not show it any more.")


def _category(request: HttpRequest, pk: int) -> str:
    must(request, "catalog.change_category")
    wanted = request.POST.get("category", "").strip()
    category = Category.objects.filter(code=wanted).first()
    if category is None:
        raise DomainError(_("There is no category with the code “%(code)s”.") % {"code": wanted})
    set_category_picture(category_id=category.pk, code=MediaAsset.objects.values_list("code", flat=True).get(pk=pk))
    return _("It is the picture of “%(name)s” from now on.") % {"name": category.text("name", get_language())}


def _delete(request: HttpRequest, pk: int) -> str:
    return _("“%(code)s” is deleted.") % {"code": delete_media(asset_id=pk)}


DEEDS: dict[str, Callable[[HttpRequest, int], str]] = {
    "captions": _captions,
    "remove_captions": _remove_captions,
    "poster": _poster,
    "replace": _replace,
    "assign": _assign,
    "unassign": _unassign,
    "category": _category,
    "delete": _delete,
}


def upload_each(request: HttpRequest) -> list[Uploaded]:
    """Every file of the request, taken or refused for itself; messages say which and why."""
    files = request.FILES.getlist("files")
    if not files:
        messages.error(request, _("Choose one or more files first."))
    taken, refused = [], []
    for file in files:
        try:
            taken.append(_upload(file))
        except DomainError as refusal:
            refused.append(f"{file.name}: {refusal}")
    _tell_uploaded(request, taken, refused)
    return taken


def _upload(file: UploadedFile[bytes]) -> Uploaded:
    return upload_media(name=file.name or "", content=_bytes(file))


def _read(request: HttpRequest, name: str) -> bytes:
    files = request.FILES.getlist(name)
    if not files:
        raise MediaProblem(_("Choose a file first."))
    return _bytes(files[0])


def _bytes(file: UploadedFile[bytes]) -> bytes:
    """The content, unless it is larger than anything the library takes: that is told before it is read."""
    if (file.size or 0) > MOST_BYTES:
        raise MediaProblem(_("The file is too large: at most %(most)d megabytes.") % {"most": MOST_BYTES >> 20})
    return bytes(file.read())


def _tell_uploaded(request: HttpRequest, taken: list[Uploaded], refused: list[str]) -> None:
    fresh = sum(each.is_new for each in taken)
    if fresh:
        told = ngettext("%(count)d file is in the library.", "%(count)d files are in the library.", fresh)
        messages.success(request, told % {"count": fresh})
    for each in [one for one in taken if not one.is_new][:MOST_TOLD]:
        messages.info(request, _("The same file is there already, as “%(code)s”.") % {"code": each.asset.code})
    for sentence in refused[:MOST_TOLD]:
        messages.error(request, sentence)
    if len(refused) > MOST_TOLD:
        left = ngettext(
            "%(count)d more file was refused.", "%(count)d more files were refused.", len(refused) - MOST_TOLD
        )
        messages.error(request, left % {"count": len(refused) - MOST_TOLD})
