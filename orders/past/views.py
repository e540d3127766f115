"""Orders from elsewhere for operators: find one, look at it. Nothing can be done with it here."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.paging import EstimatingPaginator
from markets.names import country_name
from orders.models import PastOrder
from orders.past.queries import found_past_orders, platform_name
from orders.workspace.views import must, screen

PER_PAGE = 25


@require_safe
def past_list(request: HttpRequest) -> HttpResponse:
    """All of them, or those that hold the words `q`, perhaps of one platform."""
    must(request, "view_pastorder")
    text, platform = request.GET.get("q", "")[:100], request.GET.get("platform", "")[:20]
    rows = found_past_orders(text)
    page = EstimatingPaginator(rows.filter(platform=platform) if platform else rows, PER_PAGE)
    platforms = PastOrder.objects.order_by("platform").values_list("platform", flat=True).distinct()
    return screen(
        request,
        "admin/orders/past_list.html",
        title=_("Orders from elsewhere"),
        rows=page.get_page(request.GET.get("page")),
        text=text,
        platform=platform,
        platforms=[(code, platform_name(code)) for code in platforms],
        may_import=request.user.has_perm("orders.import_pastorder"),
    )


@require_safe
def past_order(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, with everything that was told."""
    must(request, "view_pastorder")
    order = PastOrder.objects.select_related("job").prefetch_related("lines").filter(pk=pk).first()
    if order is None:
        raise Http404
    return screen(
        request,
        "admin/orders/past_one.html",
        title=order.number,
        order=order,
        platform=platform_name(order.platform),
        country=country_name(order.country, get_language() or "en") if order.country else "",
        amounts=_amounts(order),
        may_see_job=request.user.has_perm("orders.import_pastorder"),
    )


def _amounts(order: PastOrder) -> list[tuple[str, Any]]:
    told = [
        (_("Goods total"), order.items_total),
        (_("Discounts"), order.discount_total),
        (_("Delivery"), order.shipping_total),
        (_("Tax"), order.tax_total),
        (_("Refunded"), order.refunded_total),
    ]
    return [(label, amount) for label, amount in told if amount is not None]
