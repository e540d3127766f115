"""The customs sheet over HTTP, and the tree of goods codes beside it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from catalog.actions.classification import (
    ClassificationRefused,
    Proposal,
    approve_classification,
    propose_classification,
    reopen_classification,
)
from catalog.workspace.customs_sheet import customs_sheet
from catalog.workspace.screens import go_to, links_of, must, screen
from markets.models import HsCode

APPROVE = "markets.approve_goods_codes"
CHANGE = "catalog.change_variant"
TEXTS = ("hs_code", "origin", "description", "materials")
CODES_PER_PAGE = 50


class CustomsView(View):
    """Look at what customs must know, write it, take suggestions, approve codes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, "catalog.view_variant")
        return self.page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """What the pressed button says, for all rows of the form or none."""
        must(request, "catalog.view_variant", APPROVE if request.POST.get("do") in ("approve", "reopen") else CHANGE)
        try:
            with transaction.atomic():
                told = self.act(request.POST, may_change=request.user.has_perm(CHANGE))
        except ClassificationRefused as refused:
            return self.page(request, typed=request.POST, refusal=f"{refused.sku}: {refused}")
        except ValueError:
            return self.page(request, typed=request.POST, refusal=_("A weight is a whole number of grams."))
        if told:
            messages.success(request, told)
        else:
            messages.info(request, _("Nothing was changed."))
        return go_to(reverse("admin:catalog_customs"), query=request.GET.urlencode())

    def act(self, post: QueryDict, *, may_change: bool) -> str:
        """Save what was typed, then do what the button says; the sentence that tells it, empty when nothing changed."""
        picked = [int(pk) for pk in post.getlist("pick") if pk.isdigit()]
        wish = post.get("do", "")
        proposals = typed_rows(post)
        if wish == "take":
            proposals = with_suggestions(proposals, post, picked)
        saved = propose_classification(proposals=proposals) if may_change else 0
        if wish == "approve":
            count = approve_classification(
                variant_ids=picked, ruling=post.get("ruling", ""), alone_up_to=settings.GOODS_CODE_APPROVAL_ROWS
            )
            told = ngettext("%(count)d goods code was approved.", "%(count)d goods codes were approved.", count)
        elif wish == "reopen":
            count = reopen_classification(variant_ids=picked, reason=_("by hand"))
            told = ngettext("%(count)d goods code is open again.", "%(count)d goods codes are open again.", count)
        else:
            count = saved
            told = ngettext("%(count)d variant was saved.", "%(count)d variants were saved.", count)
        return told % {"count": count} if count else ""

    @staticmethod
    def page(request: HttpRequest, *, typed: QueryDict | None = None, refusal: str = "") -> HttpResponse:
        """The sheet; 422 when it was refused, with what was typed."""
        return screen(
            request,
            "admin/catalog/workspace/customs.html",
            status=422 if refusal else 200,
            title=_("Customs facts"),
            page=customs_sheet(request.GET, typed),
            refusal=refusal,
            may_change=request.user.has_perm(CHANGE),
            may_approve=request.user.has_perm(APPROVE),
        )


def typed_rows(post: QueryDict) -> Sequence[Proposal]:
    """The rows of the form as proposals. Raises `ValueError` for a weight that is no number."""
    found = []
    for pk in post.getlist("row"):
        if not pk.isdigit():
            continue
        values = {name: post.get(f"{name}-{pk}") for name in TEXTS}
        weight = post.get(f"weight-{pk}")
        found.append(
            Proposal(
                variant_id=int(pk),
                **values,
                local_codes=post.get(f"local-{pk}"),
                weight_g=int(weight) if weight and weight.strip() else None,
                seen=_stamp(post.get(f"seen-{pk}", "")),
            )
        )
    return found


def with_suggestions(proposals: Sequence[Proposal], post: QueryDict, picked: Sequence[int]) -> Sequence[Proposal]:
    """The picked rows with their best suggestion; rows without one stay as they were typed."""
    return [
        replace(one, hs_code=post.get(f"best-{one.variant_id}"))
        if one.variant_id in picked and post.get(f"best-{one.variant_id}")
        else one
        for one in proposals
    ]


def goods_codes(request: HttpRequest) -> HttpResponse:
    """The tree of goods codes, searched by digits or words."""
    must(request, "markets.view_hscode")
    asked = request.GET.get("q", "").strip()[:80]
    rows = HsCode.objects.select_related("parent", "parent__parent").order_by("code")
    digits = asked.replace(".", "").replace(" ", "")
    if digits.isdigit():
        rows = rows.filter(code__startswith=digits)
    elif asked:
        for word in asked.split():
            rows = rows.filter(Q(description__icontains=word) | Q(level__gte=6, parent__description__icontains=word))
        rows = rows.filter(level__gte=4)
    else:
        rows = rows.filter(level=2)
    page = Paginator(rows, CODES_PER_PAGE).get_page(request.GET.get("page", "1"))
    return screen(
        request,
        "admin/catalog/workspace/goods_codes.html",
        title=_("Goods codes"),
        asked=asked,
        rows=list(page.object_list),
        links=links_of(page, {"q": asked} if asked else {}),
        is_empty=not HsCode.objects.exists(),
    )


def _stamp(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None
