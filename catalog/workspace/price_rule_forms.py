"""What is asked about a market's price rules, and files of costs and competitors' prices."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.actions.price_policy import COLUMNS, CompetitorNote, CostNote, known_skus
from catalog.models import PricePolicy
from catalog.workspace.amounts import AmountProblem, parse_amount
from catalog.workspace.matrix_forms import InputForm
from core.money import Money, UnknownCurrency
from markets.models import Market
from markets.types import CharmRule

MOST_LINES = 50_000
MODES = (
    ("nearest", pgettext_lazy("price ending", "the nearest")),
    ("up", pgettext_lazy("price ending", "the next above")),
    ("down", pgettext_lazy("price ending", "the next below")),
)


class CharmForm(InputForm):
    """How proposed prices of a market end."""

    ending = forms.DecimalField(label=gettext_lazy("Ending"), min_value=Decimal(0), max_digits=12, decimal_places=3)
    step = forms.DecimalField(
        label=pgettext_lazy("price endings: one every …", "Every"),
        min_value=Decimal("0.001"),
        max_digits=12,
        decimal_places=3,
    )
    mode = forms.ChoiceField(label=gettext_lazy("Which of them"), choices=MODES)
    increment = forms.DecimalField(
        label=gettext_lazy("Price grid"),
        min_value=Decimal("0.001"),
        max_digits=10,
        decimal_places=4,
        help_text=gettext_lazy("The smallest difference between two prices, such as 0.05."),
    )

    def rule(self) -> CharmRule:
        """What was asked."""
        given = self.cleaned_data
        return CharmRule(given["ending"], given["step"], given["mode"], given["increment"])


class PolicyForm(forms.ModelForm[PricePolicy]):
    """A market's price policy."""

    class Meta:
        model = PricePolicy
        fields = COLUMNS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs.setdefault("class", "input")


class FiguresForm(InputForm):
    """A table of costs, or of what competitors ask."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[
            ("costs", gettext_lazy("Costs: sku, cost, currency")),
            ("competitors", gettext_lazy("Competitors' prices: sku, market, competitor, price, seen_on")),
        ],
    )
    file = forms.FileField(label=gettext_lazy("CSV file"), required=False)
    text = forms.CharField(
        label=gettext_lazy("or the same pasted from a spreadsheet"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
        max_length=2_000_000,
    )

    def clean(self) -> dict[str, Any] | None:
        """One of both, as text."""
        given = super().clean() or {}
        words = given.get("text") or ""
        if given.get("file"):
            try:
                words = given["file"].read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This file is not text in UTF-8."))
        if not words.strip() and not self.errors:
            self.add_error("text", _("Choose a file or paste its lines."))
        given["words"] = words
        return given


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a table says: notes to write down, and what is wrong with which line."""

    costs: tuple[CostNote, ...] = ()
    competitors: tuple[CompetitorNote, ...] = ()
    problems: tuple[tuple[int, str], ...] = ()


class LineProblem(ValueError):
    """A line that cannot be read; the message says why."""


def read_figures(kind: str, words: str) -> Read:
    """The lines of a table with headings, between commas, semicolons or tabs. Nothing is guessed."""
    lines = list(_lines(words))
    skus = known_skus(line.get("sku", "") for _number, line in lines)
    markets = {row.code: row for row in Market.objects.all()}
    costs: list[CostNote] = []
    competitors: list[CompetitorNote] = []
    problems: list[tuple[int, str]] = []
    for number, line in lines:
        try:
            if kind == "costs":
                costs.append(_cost(line, skus))
            else:
                competitors.append(_competitor(line, skus, markets))
        except (LineProblem, AmountProblem, UnknownCurrency) as trouble:
            problems.append((number, str(trouble)))
    if len(lines) > MOST_LINES:
        problems.insert(0, (MOST_LINES + 1, _("This is too long. Divide it.")))
    return Read(costs=tuple(costs), competitors=tuple(_once(competitors)), problems=tuple(problems))


def _lines(words: str) -> Iterator[tuple[int, dict[str, str]]]:
    head = words.split("\n", 1)[0]
    sign = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(words), delimiter=sign)
    for number, row in enumerate(rows, start=2):
        if number > MOST_LINES + 2:
            return
        yield number, {str(k).strip().lower(): v.strip() for k, v in row.items() if k and isinstance(v, str)}


def _cost(line: dict[str, str], skus: dict[str, int]) -> CostNote:
    currency = line.get("currency", "").upper()
    if not currency:
        raise LineProblem(_("The currency is missing."))
    amount = Money(parse_amount(line.get("cost", ""), currency), currency)
    return CostNote(variant_id=_variant(line, skus), amount=amount)


def _competitor(line: dict[str, str], skus: dict[str, int], markets: dict[str, Market]) -> CompetitorNote:
    market = markets.get(line.get("market", "").lower())
    if market is None:
        raise LineProblem(_("There is no such market."))
    if not line.get("competitor"):
        raise LineProblem(_("The competitor is missing."))
    amount = parse_amount(line.get("price", ""), market.currency_id)
    if amount <= 0:
        raise LineProblem(_("This must be above zero."))
    return CompetitorNote(
        variant_id=_variant(line, skus),
        market_id=market.pk,
        competitor=line["competitor"],
        amount=Money(amount, market.currency_id),
        seen_on=_day(line.get("seen_on", "")),
    )


def _variant(line: dict[str, str], skus: dict[str, int]) -> int:
    found = skus.get(line.get("sku", ""))
    if found is None:
        raise LineProblem(_("No variant has this SKU."))
    return found


def _day(text: str) -> date:
    if not text:
        return timezone.localdate()
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or found > timezone.localdate():
        raise LineProblem(_("This is not a day that has been: write 2026-11-20."))
    return found


def _once(notes: Iterable[CompetitorNote]) -> Iterable[CompetitorNote]:
    """The first word about a day counts."""
    return {(one.market_id, one.variant_id, one.competitor, one.seen_on): one for one in reversed(list(notes))}.values()
