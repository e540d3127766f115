"""Reports of stock work over HTTP, each with its table as a file where people take it further."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catalog.models import Variant
from catalog.workspace.screens import screen
from inventory.models import Channel
from inventory.stockwork.listing import csv_answer, may, must_have
from inventory.stockwork.pools import WEB
from inventory.stockwork.reports import (
    alert_page,
    batch_page,
    channel_codes,
    channel_levels,
    corrections,
    corrections_between,
)

MOST_ROWS = 100_000


@require_GET
def corrections_report(request: HttpRequest) -> HttpResponse:
    """What was corrected, by reason; `?format=csv` as a file."""
    must_have(request, "view_stockmovement")
    page = corrections(request.GET.dict())
    if request.GET.get("format") == "csv":
        rows = corrections_between(page.since, page.until, place=page.place, reason=page.reason).order_by("pk")
        titles = ("at", "warehouse", "sku", "pieces", "reason", "remark", "cause", "by")
        return csv_answer(
            f"stock-corrections-{page.since}-{page.until}",
            titles,
            (
                (
                    row.created.isoformat(), row.stock_item.warehouse.code, row.stock_item.variant.sku, row.d_on_hand,
                    row.reason_code, row.reason, row.cause, row.actor,
                )
                for row in rows[:MOST_ROWS]
            ),
        )  # fmt: skip
    return screen(request, "admin/inventory/corrections.html", title=_("Corrections of stock"), page=page)


@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    """What of the stock needs somebody."""
    must_have(request, "view_stockalert")
    context: dict[str, Any] = {
        "title": _("Stock alerts"),
        "page": alert_page(request.GET.dict()),
        "may_plan": may(request, "plan_transfer"),
        "may_route": may(request, "view_alertroute"),
    }
    return screen(request, "admin/inventory/alerts.html", **context)


@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """Batches with pieces, those that expire first coming first."""
    must_have(request, "view_batch")
    page = batch_page(request.GET.dict())
    context: dict[str, Any] = {"title": _("Batches"), "page": page, "may_adjust": may(request, "adjust_stock")}
    return screen(request, "admin/inventory/batches.html", **context)


@require_GET
def channels(request: HttpRequest) -> HttpResponse:
    """Channels with their stock; `?channel=…` as a file of what that one can sell."""
    must_have(request, "view_channel")
    wanted = request.GET.get("channel", "")
    if wanted:
        if wanted not in channel_codes():
            raise Http404
        return _levels(wanted)
    rows = list(Channel.objects.prefetch_related("places__warehouse").order_by("code"))
    context: dict[str, Any] = {
        "title": _("Stock of channels"),
        "rows": rows,
        "has_web": any(row.code == WEB for row in rows),
        "web": WEB,
        "may_change": may(request, "change_channel"),
    }
    return screen(request, "admin/inventory/channels.html", **context)


def _levels(channel: str) -> HttpResponse:
    levels = channel_levels(channel)
    known = Variant.objects.filter(pk__in=levels).order_by("sku").values_list("pk", "sku", "gtin")
    rows = ((sku, gtin, levels[pk]) for pk, sku, gtin in known.iterator())
    return csv_answer(f"stock-{channel}", ("sku", "gtin", "available"), rows)
