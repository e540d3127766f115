"""The category tree over HTTP: look, move, make, name, show, delete."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.categories import (
    Moved,
    Visibility,
    create_category,
    delete_category,
    move_category,
    set_category_picture,
    set_category_visibility,
)
from catalog.actions.category_words import Renamed, set_category_words
from catalog.actions.tree import category_order
from catalog.errors import CategoryRefused, ChangedMeanwhile
from catalog.models import Category
from catalog.trees import Place, Step
from catalog.workspace.screens import go_to, must, screen, wants_fragment
from catalog.workspace.tree.panel import TypedWords, languages, panel_of
from catalog.workspace.tree.rows import load_forest, one_branch, tree_page
from core.errors import DomainError

TEMPLATE = "admin/catalog/tree/tree.html"


class TreeView(View):
    """The tree, and moves inside it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The open part of the tree; with `branch` and a script, only what is below one."""
        must(request, "catalog.view_category")
        branch = request.GET.get("branch", "")
        if wants_fragment(request) and branch.isdecimal():
            return self.branch(request, int(branch))
        return show(request)

    @staticmethod
    def branch(request: HttpRequest, pk: int) -> HttpResponse:
        """The list below one category."""
        forest = load_forest()
        if pk not in forest.nodes:
            raise Http404
        branch = one_branch(forest, request.GET, pk)
        return screen(request, "admin/catalog/tree/branches.html", branches=branch.branches, rest=branch.rest)

    def post(self, request: HttpRequest) -> HttpResponse:
        """A move, or a new category at the top."""
        if request.POST.get("deed") == "create":
            return create(request, None)
        must(request, "catalog.change_category")
        pk = _number(request.POST.get("category"))
        if pk is None:
            return go_to(reverse("admin:catalog_tree"))
        try:
            moved = _move(pk, request.POST)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            _tell_moved(request, pk, moved)
        return _back(request, pk)


class CategoryView(View):
    """One category beside the tree."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The tree with this one chosen."""
        must(request, "catalog.view_category")
        return show(request, get_object_or_404(Category.objects.select_related("picture"), pk=pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Names and addresses, or one of the smaller deeds."""
        deeds: dict[str, Callable[[HttpRequest, int], HttpResponse]] = {
            "words": save_words,
            "create": create,
            "visibility": partial(_change, change=_set_visibility),
            "picture": partial(_change, change=_set_picture),
            "delete": delete,
        }
        deed = deeds.get(request.POST.get("deed", ""))
        get_object_or_404(Category, pk=pk)
        return deed(request, pk) if deed else _back(request, pk)


def show(
    request: HttpRequest,
    category: Category | None = None,
    *,
    words: TypedWords | None = None,
    refusal: str = "",
    typed: QueryDict | None = None,
) -> HttpResponse:
    """The screen; 422 when something was refused, with everything typed still there."""
    forest = load_forest()
    permissions = {name: request.user.has_perm(f"catalog.{name}_category") for name in ("add", "change", "delete")}
    return screen(
        request,
        TEMPLATE,
        status=422 if refusal else 200,
        title=_("Categories"),
        page=tree_page(forest, request.GET, category.pk if category else None),
        panel=panel_of(forest, category, words) if category else None,
        refusal=refusal,
        typed=typed or {},
        may=permissions,
    )


def save_words(request: HttpRequest, pk: int) -> HttpResponse:
    """Names and slugs in all languages, all or none."""
    must(request, "catalog.change_category")
    names = {code: request.POST.get(f"name-{code}", "") for code in languages()}
    slugs = {code: request.POST.get(f"slug-{code}", "") for code in languages()}
    seen = request.POST.get("seen", "")
    try:
        renamed = set_category_words(category_id=pk, names=names, slugs=slugs, seen=seen)
    except (CategoryRefused, ChangedMeanwhile) as refused:
        problems = refused.problems if isinstance(refused, CategoryRefused) else {}
        refusal = _("Nothing was saved yet.") if problems else str(refused)
        category = get_object_or_404(Category.objects.select_related("picture"), pk=pk)
        if not problems:
            seen = panel_of(load_forest(), category).words_stamp
        again = TypedWords(names=names, slugs=slugs, seen=seen, problems=problems)
        return show(request, category, words=again, refusal=refusal)
    _tell_renamed(request, renamed)
    return _back(request, pk)


def create(request: HttpRequest, pk: int | None) -> HttpResponse:
    """A category below this one, or at the top; then its names in the other languages."""
    must(request, "catalog.add_category")
    try:
        made = create_category(
            name=request.POST.get("name", ""), parent_id=pk, code=request.POST.get("code", "").strip()
        )
    except DomainError as refused:
        category = get_object_or_404(Category.objects.select_related("picture"), pk=pk) if pk else None
        return show(request, category, refusal=str(refused), typed=request.POST)
    messages.success(request, _("“%(name)s” is made. It is in the menu at once.") % {"name": made.name})
    return go_to(reverse("admin:catalog_category", args=[made.pk]), query=request.GET.urlencode())


def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty one."""
    must(request, "catalog.delete_category")
    name = get_object_or_404(Category, pk=pk).text("name", get_language())
    try:
        gone = delete_category(category_id=pk)
    except DomainError as refused:
        messages.error(request, str(refused))
        return _back(request, pk)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": name})
    if gone.addresses and gone.parent_id:
        led = ngettext(
            "Its %(count)d address leads to the category above it now.",
            "Its %(count)d addresses lead to the category above it now.",
            gone.addresses,
        )
        messages.info(request, led % {"count": gone.addresses})
    if gone.parent_id:
        return _back(request, gone.parent_id)
    return go_to(reverse("admin:catalog_tree"), query=request.GET.urlencode())


def _move(pk: int, given: QueryDict) -> Moved:
    """The place somebody dropped it at, chose, or stepped to."""
    seen, deed = given.get("seen", ""), given.get("deed", "")
    if deed == "place":
        to = Place(parent_id=_number(given.get("parent")), before_id=_number(given.get("before")))
        return move_category(category_id=pk, to=to, seen=seen)
    if deed == "to":
        return move_category(category_id=pk, to=Place(parent_id=_parent(given.get("parent", ""))), seen=seen)
    tree = category_order()
    to_step = tree.after(pk, Step(deed)) if deed in set(Step) and pk in tree.parents else None
    if to_step is None:
        raise DomainError(_("It cannot be moved any further this way."))
    return move_category(category_id=pk, to=to_step, seen=seen)


def _parent(words: str) -> int | None:
    """The category of a code or of a name that only one has; nothing means the top."""
    wanted = words.strip()
    if not wanted:
        return None
    rows = Category.objects.filter(code=wanted) or Category.objects.filter(name__iexact=wanted)[:2]
    if len(rows) != 1:
        raise DomainError(_("There is no category with the code “%(code)s”.") % {"code": wanted})
    return rows[0].pk


def _tell_moved(request: HttpRequest, pk: int, moved: Moved) -> None:
    name = Category.objects.get(pk=pk).text("name", get_language())
    if not moved.changed_parent:
        messages.success(request, _("“%(name)s” has its new place. No address changes.") % {"name": name})
        return
    came = ngettext(
        "%(count)d category below it came along.", "%(count)d categories below it came along.", moved.categories
    )
    listed = ngettext(
        "%(count)d product is being listed anew.", "%(count)d products are being listed anew.", moved.products
    )
    said = [_("“%(name)s” is moved. Its address and those below it stay as they are.") % {"name": name}]
    said += [came % {"count": moved.categories}] if moved.categories else []
    said += [listed % {"count": moved.products}] if moved.products else []
    messages.success(request, " ".join(said))


def _tell_renamed(request: HttpRequest, renamed: Renamed) -> None:
    if renamed.addresses:
        led = ngettext(
            "Saved. %(count)d address changes; the old one leads to the new.",
            "Saved. %(count)d addresses change; the old ones lead to the new.",
            renamed.addresses,
        )
        messages.success(request, led % {"count": renamed.addresses})
    elif renamed.names:
        messages.success(request, _("Saved. No address changes."))
    else:
        messages.info(request, _("Nothing was changed."))


def _change(request: HttpRequest, pk: int, *, change: Callable[[int, QueryDict], bool]) -> HttpResponse:
    must(request, "catalog.change_category")
    try:
        is_new = change(pk, request.POST)
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        if is_new:
            messages.success(request, _("Saved."))
        else:
            messages.info(request, _("Nothing was changed."))
    return _back(request, pk)


def _set_visibility(pk: int, given: QueryDict) -> bool:
    word = given.get("visibility", "")
    return word in set(Visibility) and set_category_visibility(category_id=pk, visibility=Visibility(word))


def _set_picture(pk: int, given: QueryDict) -> bool:
    return set_category_picture(category_id=pk, code=given.get("picture", "").strip())


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the place one came from: the tree, or the category that was chosen; with the same branches open."""
    chosen = _number(request.POST.get("at")) or (pk if "at" not in request.POST else None)
    url = reverse("admin:catalog_category", args=[chosen]) if chosen else reverse("admin:catalog_tree")
    query = request.GET.copy()
    query.pop("q", None)
    if "open" in request.POST:
        query["open"] = request.POST["open"]
    is_in_tree = not chosen or "in-tree" in request.POST
    return go_to(url, query=query.urlencode(), anchor=f"c-{pk}" if is_in_tree else "")


def _number(words: str | None) -> int | None:
    return int(words) if words and words.isdecimal() else None
