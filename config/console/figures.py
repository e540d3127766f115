"""Key figures: only what the tables can really say. Net sales are order totals less their tax, before refunds."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.console.types import Chart, DayCount, Figure
from core.money import Money, format_money
from markets.formatting import format_number
from orders.models import Lifecycle, Order
from orders.workspace.types import Tone

DAYS = 14
CURRENCIES = 4
PLOT_LEFT, PLOT_WIDTH, PLOT_TOP, PLOT_HEIGHT = 36, 432, 12, 190
STEPS = 4


class Sales:
    """Confirmed orders and their net worth by day and currency, over two periods. One query."""

    def __init__(self, market: str = "") -> None:
        self.today = timezone.localdate()
        self.first = self.today - timedelta(days=2 * DAYS - 1)
        self.orders: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (2 * DAYS))
        self.net: defaultdict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * (2 * DAYS))
        for day, currency, count, total, tax in self._rows(market):
            place = (day - self.first).days
            if 0 <= place < 2 * DAYS:
                self.orders[currency][place] += count
                self.net[currency][place] += total - tax

    def _rows(self, market: str) -> list[tuple[date, str, int, Decimal, Decimal]]:
        start = timezone.make_aware(datetime.combine(self.first, datetime.min.time()))
        orders = Order.objects.filter(lifecycle__in=[Lifecycle.CONFIRMED, Lifecycle.COMPLETED], placed_at__gte=start)
        if market:
            orders = orders.filter(market=market)
        return list(
            orders.annotate(day=TruncDate("placed_at"))
            .values_list("day", "currency")
            .annotate(count=Count("pk"), worth=Sum("total"), tax=Sum("tax_total"))
            .values_list("day", "currency", "count", "worth", "tax")
            .order_by()
        )

    def per_day(self) -> list[int]:
        """Orders of every currency, day by day, both periods."""
        return [sum(counts) for counts in zip(*self.orders.values(), strict=True)] or [0] * (2 * DAYS)

    def by_weight(self) -> list[str]:
        """Currencies, the ones with most orders first."""
        return sorted(self.orders, key=lambda code: (-sum(self.orders[code][DAYS:]), code))


def key_figures(sales: Sales) -> tuple[Figure, ...]:
    """Orders, and net sales in each of the currencies sold in most."""
    language = get_language() or "en"
    counts = sales.per_day()
    figures = [
        Figure(
            label=_("Orders"),
            number=sum(counts[DAYS:]),
            amount=None,
            before=format_number(sum(counts[:DAYS]), language),
            change=_change(Decimal(sum(counts[DAYS:])), Decimal(sum(counts[:DAYS])), language),
            trend=_trend(sum(counts[DAYS:]), sum(counts[:DAYS])),
            points=_spark([Decimal(count) for count in counts[DAYS:]]),
        )
    ]
    for code in sales.by_weight()[:CURRENCIES]:
        now, before = sum(sales.net[code][DAYS:], Decimal(0)), sum(sales.net[code][:DAYS], Decimal(0))
        figures.append(
            Figure(
                label=_("Net sales, %(currency)s") % {"currency": code},
                number=None,
                amount=Money(now, code),
                before=format_money(Money(before, code), language),
                change=_change(now, before, language),
                trend=_trend(now, before),
                points=_spark(sales.net[code][DAYS:]),
            )
        )
    return tuple(figures)


def orders_chart(sales: Sales) -> Chart | None:
    """Orders per day beside the period before; nothing while there are none."""
    counts = sales.per_day()
    most = max(counts)
    if not most:
        return None
    top = -(-most // STEPS) * STEPS
    now, before = _plot(counts[DAYS:], top), _plot(counts[:DAYS], top)
    floor = PLOT_TOP + PLOT_HEIGHT
    days = [sales.today - timedelta(days=DAYS - 1 - place) for place in range(DAYS)]
    return Chart(
        days=tuple(DayCount(day=day, now=counts[DAYS + place], before=counts[place]) for place, day in enumerate(days)),
        line=_points(now),
        area=f"{PLOT_LEFT},{floor} {_points(now)} {now[-1][0]},{floor}",
        line_before=_points(before),
        end_x=str(now[-1][0]),
        end_y=str(now[-1][1]),
        most=max(counts[DAYS:]),
        steps=tuple(
            (
                str(floor - PLOT_HEIGHT * step // STEPS),
                str(floor - PLOT_HEIGHT * step // STEPS + 4),
                top * step // STEPS,
            )
            for step in range(STEPS + 1)
        ),
    )


def _plot(counts: Sequence[int], top: int) -> list[tuple[int, int]]:
    return [
        (PLOT_LEFT + PLOT_WIDTH * place // (DAYS - 1), PLOT_TOP + PLOT_HEIGHT - PLOT_HEIGHT * count // top)
        for place, count in enumerate(counts)
    ]


def _points(plotted: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in plotted)


def _spark(values: Sequence[Decimal]) -> str:
    """A line in a box of 100 by 26; flat when nothing happened."""
    most = max(values)
    heights = [24 - int(22 * value / most) if most > 0 else 24 for value in values]
    return " ".join(f"{100 * place // (len(values) - 1)},{height}" for place, height in enumerate(heights))


def _change(now: Decimal, before: Decimal, language: str) -> str:
    """The change in percent; empty when there was nothing before to compare with."""
    if not before:
        return ""
    percent = ((now - before) * 100 / before).quantize(Decimal("0.1"))
    sign = "+" if percent > 0 else "−" if percent < 0 else "±"
    return f"{sign}{format_number(abs(percent), language)}%"


def _trend(now: Decimal | int, before: Decimal | int) -> Tone:
    return "plain" if now == before else "ok" if now > before else "bad"
