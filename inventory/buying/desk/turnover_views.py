"""Turnover over HTTP: a page and a file."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views import View

from catalog.selling import spoken
from catalog.workspace.screens import links_of, must, screen
from core.spreadsheets import guarded
from inventory.buying.advising import EDGES, Deed
from inventory.buying.desk.listing import chosen_of, warehouse_choices
from inventory.buying.desk.types import Tab
from inventory.buying.turnover import VIEWS, Turn, every_turn, stock_rows, turns_of
from markets.formatting import format_number

PER_PAGE = 50
PERIODS = (30, 90, 180, 365)
VIEW = "inventory.view_forecast"


class TurnoverView(View):
    """What turns how often, what does not sell, and what there is too much of."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, VIEW)
        view, days, chosen = _asked(request)
        rows = stock_rows(view=view, days=days, warehouse_code=chosen.get("warehouse", ""), search=chosen.get("q", ""))
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        kept = {"view": view, "days": days, **chosen}
        labels = _labels()
        return screen(
            request,
            "admin/inventory/buying/turnover.html",
            title=_("Turnover and slow sellers"),
            rows=[_shown(turn) for turn in turns_of(list(page.object_list), days=days)],
            tabs=[
                Tab(
                    label=labels[key],
                    count=stock_rows(view=key, days=days).count(),
                    url=f"?view={key}&days={days}",
                    current=key == view,
                )
                for key in VIEWS
            ],
            links=links_of(page, kept),
            chosen=chosen,
            view=view,
            days=str(days),
            periods=[(str(count), _("%(count)d days") % {"count": count}) for count in PERIODS],
            warehouses=warehouse_choices(),
            file_url=f"{reverse('admin:buying_turnover_csv')}?{request.GET.urlencode()}",
        )


class TurnoverFileView(View):
    """The same as CSV, every row of the view."""

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        """The file."""
        must(request, VIEW)
        view, days, chosen = _asked(request)
        rows = stock_rows(view=view, days=days, warehouse_code=chosen.get("warehouse", ""), search=chosen.get("q", ""))
        answer = StreamingHttpResponse(_lines(every_turn(rows, days=days)), content_type="text/csv; charset=utf-8")
        name = f"turnover-{view}-{timezone.localdate().isoformat()}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "private, no-store"
        return answer


class _Line:
    """A file of which each line is handed on at once."""

    def write(self, text: str) -> str:
        """The line itself."""
        return text


def _lines(turns: Iterator[Turn]) -> Iterator[str]:
    """Names of columns and plain numbers, so that the file reads the same in every language."""
    writer = csv.writer(_Line())
    names = ["sku", "warehouse", "on_hand", "sold", "average", "turns", "cover_days", "idle_days", "last_sold"]
    ages = [*(f"age_{edge}" for edge in EDGES), f"age_over_{EDGES[-1]}"]
    yield "\ufeff" + writer.writerow([*names, *ages, "worth", "currency", "advice"])
    for turn in turns:
        stance = turn.stance
        yield writer.writerow(
            [
                guarded(turn.item.variant.sku),
                turn.item.warehouse.code,
                turn.item.on_hand,
                turn.sold,
                f"{turn.average:.1f}",
                turn.turns if turn.turns is not None else "",
                stance.cover_days if stance.cover_days is not None else "",
                stance.idle_days,
                turn.last_sold.isoformat() if turn.last_sold is not None else "",
                *stance.ages,
                f"{turn.worth.amount:f}" if turn.worth is not None else "",
                turn.worth.currency.code if turn.worth is not None else "",
                turn.deed.value,
            ]
        )


def _asked(request: HttpRequest) -> tuple[str, int, dict[str, str]]:
    """View, days and filters; what cannot be understood is left out."""
    view = request.GET.get("view", "")
    days = request.GET.get("days", "")
    period = int(days) if days.isdecimal() and len(days) < 5 and int(days) in PERIODS else 90
    return view if view in VIEWS else "all", period, chosen_of(request.GET.dict(), "q", "warehouse")


def _labels() -> Mapping[str, str]:
    return {
        "all": pgettext("saved view of stock", "All"),
        "over": pgettext("saved view of stock", "Too much"),
        "slow": pgettext("saved view of stock", "Slow"),
        "never": pgettext("saved view of stock", "Never sold"),
    }


def _ages(pieces: Sequence[int]) -> list[str]:
    """How many pieces are how old, without the empty buckets."""
    known = zip(EDGES, pieces[: len(EDGES)], strict=True)
    told = [_("%(pieces)d up to %(days)d days") % {"pieces": count, "days": edge} for edge, count in known if count]
    if pieces[-1]:
        told.append(_("%(pieces)d older than %(days)d days") % {"pieces": pieces[-1], "days": EDGES[-1]})
    return told


def _shown(turn: Turn) -> Mapping[str, object]:
    language = get_language() or "en"
    return {
        "sku": turn.item.variant.sku,
        "name": " · ".join(part for part in spoken(turn.item.variant, language) if part),
        "url": reverse("admin:inventory_stockitem_change", args=[turn.item.pk]),
        "warehouse": turn.item.warehouse.name_i18n,
        "turn": turn,
        "average": format_number(turn.average.quantize(Decimal(1)), language),
        "turns": format_number(turn.turns, language) if turn.turns is not None else "–",
        "ages": _ages(turn.stance.ages),
        "advice": advice_words(turn.deed),
    }


def advice_words(found: Deed) -> str:
    """What is suggested, as a sentence; empty for nothing."""
    return {
        Deed.NONE: "",
        Deed.MOVE: _("Move it: another warehouse needs it."),
        Deed.CANCEL: _("Call off what is still coming."),
        Deed.STOP: _("Do not order it for now."),
        Deed.MARK_DOWN: _("Sell it cheaper, or in a set."),
        Deed.CLEAR: _("Clear it: return it to the supplier, or sell it off."),
    }[found]
