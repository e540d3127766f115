"""The screen of proposals: what to order, why, and what became of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from catalog.selling import spoken
from catalog.workspace.screens import links_of
from core.money import Money
from inventory.buying.desk.listing import Rows, Views, chosen_of, supplier_choices, tabs_of, warehouse_choices
from inventory.buying.desk.types import ProposalPage, ProposalRow, State, Tone
from inventory.models import Forecast, ReplenishmentProposal, StockItem
from markets.formatting import format_number

PER_PAGE = 50
OPEN = ReplenishmentProposal.State.OPEN
TONES: Mapping[str, Tone] = {"open": "warn", "ordered": "ok", "dismissed": "plain", "lapsed": "plain"}
VIEWS: Views = {
    "open": lambda: ReplenishmentProposal.objects.filter(state=OPEN),
    "urgent": lambda: ReplenishmentProposal.objects.filter(state=OPEN, is_urgent=True),
    "no_supplier": lambda: ReplenishmentProposal.objects.filter(state=OPEN, kind="buy", supplier=None),
    "decided": lambda: ReplenishmentProposal.objects.exclude(state=OPEN),
}


def proposal_page(
    params: Mapping[str, str], *, typed: Mapping[int, str] | None = None, errors: Mapping[int, str] | None = None
) -> ProposalPage:
    """The page its address asks for, with what was typed on it. Eleven queries, whatever its size."""
    view = params.get("view", "") if params.get("view", "") in VIEWS else "open"
    chosen = chosen_of(params, "q", "warehouse", "supplier")
    rows = _filtered(VIEWS[view](), chosen).select_related("variant__product", "warehouse", "supplier", "source")
    rows = rows.order_by("-pk") if view == "decided" else rows.order_by("-is_urgent", "supplier", "warehouse", "pk")
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    found = list(page.object_list)
    items = {
        (item.warehouse_id, item.variant_id): item.pk
        for item in StockItem.objects.filter(variant__in=[row.variant_id for row in found])
    }
    return ProposalPage(
        view=view,
        tabs=tabs_of(VIEWS, _labels(), current=view),
        rows=tuple(_row(row, items, typed or {}, errors or {}) for row in found),
        links=links_of(page, {"view": view, **chosen}),
        warehouses=warehouse_choices(),
        suppliers=supplier_choices(),
        chosen=chosen,
        is_filtered=bool(chosen),
        clear_url=f"?view={view}",
        made_on=Forecast.objects.aggregate(last=Max("made_on"))["last"],
        is_open=view != "decided",
    )


def _labels() -> dict[str, str]:
    return {
        "open": pgettext("saved view of proposals", "To order"),
        "urgent": pgettext("saved view of proposals", "At once"),
        "no_supplier": pgettext("saved view of proposals", "Without a supplier"),
        "decided": pgettext("saved view of proposals", "Dealt with"),
    }


def _filtered(rows: Rows, chosen: Mapping[str, str]) -> Rows:
    if "warehouse" in chosen:
        rows = rows.filter(warehouse__code=chosen["warehouse"])
    if "supplier" in chosen:
        rows = rows.filter(supplier__code=chosen["supplier"])
    if "q" in chosen:
        rows = rows.filter(
            Q(variant__sku__istartswith=chosen["q"])
            | Q(variant__gtin=chosen["q"])
            | Q(ordered_as__iexact=chosen["q"])
            | Q(variant__product__name__icontains=chosen["q"])
        )
    return rows


def _row(
    row: ReplenishmentProposal,
    items: Mapping[tuple[int, int], int],
    typed: Mapping[int, str],
    errors: Mapping[int, str],
) -> ProposalRow:
    language = get_language() or "en"
    item = items.get((row.warehouse_id, row.variant_id))
    cost = row.reason.get("cost")
    return ProposalRow(
        pk=row.pk,
        sku=row.variant.sku,
        name=" · ".join(part for part in spoken(row.variant, language) if part),
        warehouse=row.warehouse.name_i18n,
        stock_url=reverse("admin:inventory_stockitem_change", args=[item]) if item else "",
        kind=row.get_kind_display(),
        source=_source(row),
        quantity=row.quantity,
        typed=typed.get(row.pk, str(row.quantity)),
        error=errors.get(row.pk, ""),
        cost=Money(Decimal(cost[0]) * row.quantity, cost[1]) if cost and row.kind == "buy" else None,
        why=tuple(reasons(row.reason, language)),
        warning=_warning(row),
        is_urgent=row.is_urgent,
        state=State(label=row.get_state_display(), tone=TONES[row.state]),
        outcome=row.ordered_as or row.decided_because,
        outcome_url=_outcome_url(row),
    )


def _source(row: ReplenishmentProposal) -> str:
    if row.source is not None:
        return str(row.source.name_i18n)
    return row.supplier.name if row.supplier is not None else ""


def _outcome_url(row: ReplenishmentProposal) -> str:
    if not row.ordered_as:
        return ""
    page = "buying_purchase" if row.kind == ReplenishmentProposal.Kind.BUY else "inventory_transfer"
    return reverse(f"admin:{page}", args=[row.ordered_as])


def _warning(row: ReplenishmentProposal) -> str:
    if row.kind == ReplenishmentProposal.Kind.BUY and row.supplier_id is None:
        return _("Nobody sells it to us yet.")
    has = row.reason.get("supplier_has")
    if has is not None and has < row.quantity:
        told = ngettext("The supplier has %(count)d piece now.", "The supplier has %(count)d pieces now.", has)
        return told % {"count": has}
    return ""


def reasons(told: Mapping[str, Any], language: str) -> list[str]:
    """The numbers behind a proposal as sentences."""
    lines = []
    weekly = (Decimal(told.get("mean") or 0) * 7).quantize(Decimal("0.1"))
    if weekly:
        week = format_number(weekly, language)
        lines.append(_("About %(pieces)s a week are expected to sell.") % {"pieces": week})
    there = {"on_hand": told["on_hand"], "promised": told["promised"], "coming": told["coming"]}
    lines.append(_("%(on_hand)d on hand, %(promised)d promised, %(coming)d coming.") % there)
    if told.get("is_set_by_hand"):
        lines.append(_("The reorder point of %(trigger)d was set by hand.") % {"trigger": told["trigger"]})
    elif weekly:
        lines.append(
            _("Reorder point %(trigger)d: %(days)d days of lead time, service level %(level)s %%.")
            % {"trigger": told["trigger"], "days": told["lead_days"], "level": told["service_level"]}
        )
    if (told.get("moq") or 1) > 1 or (told.get("pack") or 1) > 1:
        lines.append(
            _("At least %(moq)d, in packs of %(pack)d.") % {"moq": told["moq"] or 1, "pack": told["pack"] or 1}
        )
    return lines
