"""What the screens that read prices show: why a price is what it is, and the proof of a reduction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_skeleton
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import PriceList, Variant
from catalog.prices.explanation import Explanation, explanation_of, published_until
from catalog.prices.history import PriorRule, Shown, lowest_before, percent_off, reduction_began
from catalog.prices.policy import policy_of
from catalog.prices.unit import unit_text
from core.languages import babel_locale
from core.money import Money, format_money
from markets.models import ConsumerRule, Market
from markets.models.markets import TaxMode
from markets.queries import find_market, market_choices

CURVE_DAYS = 90
WIDTH, HEIGHT, FOOT, LABEL = 720, 200, 24, 24
EU_LAW = "98/6/EC art. 6a, CJEU C-330/23"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a reading screen was asked. `problem` says what cannot be found."""

    sku: str
    market: str
    audiences: tuple[str, ...]
    quantity: int
    at: datetime | None
    variant: Variant | None
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class ExplainPage:
    """Why a price is what it is, and the choices of its form."""

    asked: Asked
    found: Explanation | None
    unit: str
    tax_mode: str
    markets: tuple[tuple[str, str], ...]
    audiences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """A published price: from when to when, and what it means for the reduction."""

    begins: datetime
    ends: datetime | None
    amount: Money
    reduced: bool
    in_window: bool
    is_lowest: bool


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A price curve as coordinates of an SVG of `WIDTH` by `HEIGHT`. `ticks` are heights and amounts, `days` places."""

    points: str
    window: tuple[str, str] | None
    lowest: str
    ticks: tuple[tuple[str, str], ...]
    days: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ProofPage:
    """The proof of what is announced about a price: the window, the lowest price in it, and the law."""

    asked: Asked
    rows: tuple[ShownRow, ...]
    curve: Curve | None
    now: Money | None
    began: datetime | None
    window: tuple[datetime, datetime] | None
    lowest: Money | None
    percent: int | None
    verdict: str
    law: str
    rule: PriorRule
    markets: tuple[tuple[str, str], ...]


def asked_of(params: Mapping[str, str]) -> Asked:
    """What the address asks for."""
    sku, market = params.get("sku", "").strip(), params.get("market", "").strip()
    quantity = params.get("quantity", "")
    moment, problem = _moment(params.get("at", ""))
    variant = Variant.objects.select_related("product").filter(sku=sku).order_by("pk").first() if sku else None
    if sku and variant is None:
        problem = _("No variant has this SKU.")
    if market and not Market.objects.filter(code=market).exists():
        market, problem = "", _("There is no such market.")
    return Asked(
        sku=sku,
        market=market,
        audiences=tuple(part.strip() for part in params.get("audience", "").split(",") if part.strip()),
        quantity=max(int(quantity), 1) if quantity.isascii() and quantity.isdigit() and len(quantity) < 8 else 1,
        at=moment,
        variant=variant,
        problem=problem,
    )


def _moment(text: str) -> tuple[datetime | None, str]:
    if not text:
        return None, ""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        return None, _("This is not a moment.")
    return (found if timezone.is_aware(found) else timezone.make_aware(found)), ""


def explain_page(params: Mapping[str, str]) -> ExplainPage:
    """The page an address asks for."""
    asked = asked_of(params)
    found = None
    unit = ""
    if asked.variant is not None and asked.market:
        found = explanation_of(
            market_code=asked.market,
            variant_id=asked.variant.pk,
            sku=asked.sku,
            quantity=asked.quantity,
            audiences=asked.audiences,
            at=asked.at,
        )
        if found.amount is not None:
            market = find_market(asked.market)
            unit = unit_text(found.amount, asked.variant, market) or "" if market else ""
    keys = PriceList.objects.exclude(audience_key="public").order_by("audience_key")
    return ExplainPage(
        asked=asked,
        found=found,
        unit=unit,
        tax_mode=str(TaxMode(found.tax_mode).label) if found else "",
        markets=market_choices(),
        audiences=tuple(keys.values_list("audience_key", flat=True).distinct()[:50]),
    )


def proof_page(params: Mapping[str, str]) -> ProofPage:
    """The page an address asks for: what everybody was shown in the last ninety days, and what follows from it."""
    asked = asked_of(params)
    history: list[Shown] = []
    market = Market.objects.filter(code=asked.market).first() if asked.market else None
    at = asked.at or timezone.now()
    rule = policy_of(market.pk).prior if market else PriorRule()
    if asked.variant is not None and market is not None:
        history = published_until(asked.variant.pk, market.pk, at)
    last = history[-1] if history and history[-1].end is None else None
    began = reduction_began(history, rule) if last is not None else None
    lowest = lowest_before(history, began, rule) if began is not None else None
    percent = percent_off(last.amount, lowest) if last is not None and lowest is not None else None
    window = (began - rule.window, began) if began is not None else None
    currency = market.currency_id if market else "EUR"
    return ProofPage(
        asked=asked,
        rows=tuple(_rows(history, currency, window, lowest)),
        curve=_curve(history, at, currency, window, lowest) if history else None,
        now=Money(last.amount, currency) if last else None,
        began=began,
        window=window,
        lowest=Money(lowest, currency) if lowest is not None else None,
        percent=percent,
        verdict=_verdict(last, began, lowest, percent),
        law=_law(market),
        rule=rule,
        markets=market_choices(),
    )


def _law(market: Market | None) -> str:
    rule = ConsumerRule.objects.on(timezone.now().date()).filter(market=market).first() if market else None
    return EU_LAW if rule is not None and rule.has_prior_price else ""


def _verdict(last: Shown | None, began: datetime | None, lowest: Decimal | None, percent: int | None) -> str:
    if last is None:
        return _("Nothing is shown to everybody.")
    if began is None:
        return _("No reduction is announced: the price is the ordinary one.")
    if lowest is None:
        return _("The price is reduced, but there is nothing on record to compare it with. No reduction is announced.")
    if percent is None:
        return _("The price is not below the lowest one of the period. No reduction is announced.")
    return _("The announced reduction is right.")


def _rows(
    history: Sequence[Shown], currency: str, window: tuple[datetime, datetime] | None, lowest: Decimal | None
) -> Iterable[ShownRow]:
    for one in reversed(history):
        inside = window is not None and one.start < window[1] and (one.end is None or one.end > window[0])
        yield ShownRow(
            begins=one.start,
            ends=one.end,
            amount=Money(one.amount, currency),
            reduced=one.reduced,
            in_window=inside,
            is_lowest=inside and one.amount == lowest,
        )


def _curve(
    history: Sequence[Shown],
    at: datetime,
    currency: str,
    window: tuple[datetime, datetime] | None,
    lowest: Decimal | None,
) -> Curve | None:
    opens = at - timedelta(days=CURVE_DAYS)
    seen = [one for one in history if one.end is None or one.end > opens]
    if not seen:
        return None
    top = max(one.amount for one in seen) * Decimal("1.1") or Decimal(1)

    def across(moment: datetime) -> Decimal:
        share = Decimal((max(moment, opens) - opens) // timedelta(seconds=1)) / Decimal(CURVE_DAYS * 86400)
        return (share * WIDTH).quantize(Decimal("0.1"))

    def down(amount: Decimal) -> Decimal:
        return ((1 - amount / top) * (HEIGHT - FOOT)).quantize(Decimal("0.1"))

    parts: list[str] = []
    previous: datetime | None = None
    for one in seen:
        start = "L" if previous is not None and previous == one.start else "M"
        parts.append(f"{start}{across(one.start)} {down(one.amount)}H{across(one.end or at)}")
        previous = one.end
    language = get_language() or "en"
    amounts = _apart(sorted({one.amount for one in seen}), top)
    left = across(window[0]) if window else Decimal(0)
    return Curve(
        points="".join(parts),
        window=(str(left), str(across(window[1]) - left)) if window else None,
        lowest=str(down(lowest)) if lowest is not None else "",
        ticks=tuple((str(down(amount)), format_money(Money(amount, currency), language)) for amount in amounts),
        days=tuple((str(across(day)), _day(day, language)) for day in (opens + timedelta(days=n) for n in (0, 30, 60))),
    )


def _apart(amounts: Sequence[Decimal], top: Decimal) -> list[Decimal]:
    """Amounts whose labels do not lie on each other, the lowest first."""
    kept: list[Decimal] = []
    for amount in amounts:
        if not kept or (amount - kept[-1]) / top * (HEIGHT - FOOT) >= LABEL:
            kept.append(amount)
    return kept


def _day(moment: datetime, language: str) -> str:
    return format_skeleton("MMMd", timezone.localtime(moment).date(), locale=babel_locale(language, ""))


def proof_lines(page: ProofPage) -> list[list[Any]]:
    """The proof as rows of a table for a file."""
    head: list[list[Any]] = [
        ["sku", page.asked.sku],
        ["market", page.asked.market],
        ["rule", page.law or "shop"],
        ["window_days", page.rule.window.days],
        ["reduction_began", page.began.isoformat() if page.began else ""],
        ["prior_price", str(page.lowest.amount) if page.lowest is not None else ""],
        ["badge_percent", page.percent or ""],
        [],
        ["from", "until", "amount", "currency", "reduced", "in_window", "lowest"],
    ]
    return head + [
        [
            row.begins.isoformat(),
            row.ends.isoformat() if row.ends else "",
            str(row.amount.amount),
            row.amount.currency.code,
            int(row.reduced),
            int(row.in_window),
            int(row.is_lowest),
        ]
        for row in page.rows
    ]
