"""What the rules of the destination ask of a checkout: fields to fill in, sentences about them, and refusals.

Rules are matched anew for the quote at hand each time; what matched when the order was placed is stored with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cart.types import Quote, QuoteLine
from catalog.queries.goods import GoodsFacts, goods_facts
from checkout.entry import RULE, Entry
from checkout.errors import RuleForbids
from markets.compliance import Demands, Goods, Match, Purchase, demands_for, rules_on
from markets.compliance.conditions import asks_for_goods
from markets.compliance.demands import explained, words_in
from markets.customs import crosses_customs
from markets.formatting import format_choice
from markets.queries import country_of
from markets.tax_ids import Kind, TaxIdRefused, business_kind, identity_kinds, read_tax_id
from markets.types import MarketContext


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing a rule asks. `kinds`: the numbers any of which will do; none means a box to tick."""

    name: str
    label: str
    kinds: tuple[Kind, ...] = ()
    is_required: bool = True
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number as it was read."""

    kind: Kind
    value: str


def demands_on(quote: Quote, entry: Entry, market: MarketContext) -> Demands:
    """What today's rules demand of this quote with what is entered."""
    day = timezone.now().date()
    mine = [rule for rule in rules_on(day) if rule.market in ("", market.code) and rule.country in ("", entry.country)]
    facts = goods_facts([pk for line in quote.lines for pk in _variants(line)]) if _ask_for_goods(mine) else {}
    place = country_of(entry.country)
    purchase = Purchase(
        market=market.code,
        country=entry.country,
        region=entry.ship.get("region", ""),
        buyer="business" if entry.tax_number or entry.ship.get("company") or entry.bill.get("company") else "consumer",
        payment=entry.payment,
        crosses_border=any(crosses_customs(parcel.country, entry.country) for parcel in quote.parcels),
        in_eu=bool(place and place.in_eu_vat_area),
        goods=tuple(goods for line in quote.lines for goods in _goods(line, facts)),
    )
    return demands_for(purchase, currency=quote.currency, day=day)


@dataclass(frozen=True, kw_only=True)
class Law:
    """The rules of the destination for one quote and what was entered: what they ask, refuse, hold and remember."""

    demands: Demands
    questions: tuple[Question, ...]
    answers: Mapping[str, str]
    forbidden: tuple[str, ...]
    """Why the order cannot be taken, each with the goods it is about."""
    language: str
    lacks_tax_number: bool = False

    def problems(self) -> dict[str, str]:
        """What is missing or wrong, by field, in sentences."""
        found = {RULE + question.name: self._problem(question) for question in self.questions}
        if self.lacks_tax_number:
            found["tax_number"] = _("Enter your tax number. The invoice cannot be written without it.")
        return {name: sentence for name, sentence in found.items() if sentence}

    def refuse(self) -> None:
        """Raises `RuleForbids` for goods that may not be sold there, and for answers that are missing."""
        sentences = self.forbidden or tuple(self.problems().values())
        if sentences:
            raise RuleForbids(sentences=sentences)

    def return_days(self, usual: int) -> int:
        """Days to return goods."""
        return usual if self.demands.return_days is None else self.demands.return_days

    def button(self, usual: str) -> str:
        """The wording of the order button."""
        return words_in(self.demands.value("order_button", "words"), self.language) or usual

    def numbers(self) -> tuple[Number, ...]:
        """The numbers that were given, in their usual spelling."""
        found = (_read(question, self._answer(question)) for question in self.questions if question.kinds)
        return tuple(number for number in found if number is not None)

    def profile(self) -> dict[str, Any]:
        """What the order remembers: every rule that fitted and why, and what was agreed to. No numbers of people."""
        agreed = {question.name: question.label for question in self.questions if not question.kinds}
        when = timezone.now().isoformat() if agreed else ""
        return {**self.demands.snapshot(), "agreed": agreed, "agreed_at": when}

    def holds(self) -> tuple[tuple[str, str], ...]:
        """(rule, reason) of every hold the order starts with, as the rule says it: operators read it, each in their
        own language."""
        return tuple((match.rule.code, _words(match, "en")) for match in self.demands.holds)

    def _answer(self, question: Question) -> str:
        return self.answers.get(question.name, "").strip()

    def _problem(self, question: Question) -> str:
        typed = self._answer(question)
        if question.kinds:
            return _number_problem(question, typed)
        return "" if typed else _("Tick this box: the order cannot be sent without it.")


def law_on(quote: Quote, entry: Entry, market: MarketContext) -> Law:
    """Match today's rules with a quote and what is entered."""
    demands = demands_on(quote, entry, market)
    language = market.language
    return Law(
        demands=demands,
        questions=tuple(_questions(demands, entry.country, language)),
        answers=entry.answers,
        forbidden=tuple(_forbidden(match, quote, language) for match in demands.blocks),
        language=language,
        lacks_tax_number=bool(
            demands.of("invoice_requires_tax_id") and business_kind(entry.country) and not entry.tax_number
        ),
    )


def _questions(demands: Demands, country: str, language: str) -> Iterator[Question]:
    for match in demands.of("identity_number"):
        asked = match.rule.parameters["number"]
        for wanted in identity_kinds(country, [asked]):
            is_required = bool(match.rule.parameters.get("required", wanted.is_required))
            name = format_choice([str(kind.name) for kind in wanted.kinds], language)
            label = name if is_required else _("%(field)s (optional)") % {"field": name}
            hint = match.rule.parameters.get("words")
            yield Question(
                name=f"id_{asked}", label=label, kinds=wanted.kinds, is_required=is_required,
                hint=words_in(hint, language) or _hint(wanted.kinds),
            )  # fmt: skip
    if demands.age is not None:
        words = ngettext("I am %(age)d year old or older.", "I am %(age)d years old or older.", demands.age)
        yield Question(name="age", label=words % {"age": demands.age})
    for match in demands.of("extra_consent"):
        parameters = match.rule.parameters
        yield Question(name=f"consent_{parameters['key']}", label=words_in(parameters["words"], language))


def _hint(kinds: tuple[Kind, ...]) -> str:
    example = next((kind.example for kind in kinds if kind.example), "")
    return _("For example %(example)s") % {"example": example} if example else ""


def _number_problem(question: Question, typed: str) -> str:
    if not typed:
        if not question.is_required:
            return ""
        return _("Enter your %(name)s. Customs there do not release a parcel without it.") % {"name": question.label}
    return "" if _read(question, typed) is not None else _refusal(question.kinds[0], typed)


def _refusal(kind: Kind, typed: str) -> str:
    try:
        read_tax_id(kind, typed)
    except TaxIdRefused as refusal:
        return str(refusal)
    return ""


def _read(question: Question, typed: str) -> Number | None:
    for kind in question.kinds:
        try:
            return Number(kind=kind, value=read_tax_id(kind, typed))
        except TaxIdRefused:
            continue
    return None


def _forbidden(match: Match, quote: Quote, language: str) -> str:
    names = [line.name for line in quote.lines if line.key in match.lines]
    words = _words(match, language)
    return _("%(goods)s: %(reason)s") % {"goods": ", ".join(names), "reason": words} if names else words


def _words(match: Match, language: str) -> str:
    told = words_in(match.rule.parameters.get("words"), language)
    told = told or explained(match.rule.explanation, match.rule.parameters, language)
    return told or _("A rule of the destination forbids it.")


def _ask_for_goods(rules: list[Any]) -> bool:
    return any(asks_for_goods(rule.condition) for rule in rules)


def _variants(line: QuoteLine) -> list[int]:
    """The line's own, and those of the components of a set."""
    return [line.variant_id, *(part.variant_id for part in line.parts)]


def _goods(line: QuoteLine, facts: Mapping[int, GoodsFacts]) -> Iterator[Goods]:
    """The line; of a set each component as well, whose worth is in the line's: a box with wine in it is wine."""
    yield _with_facts(
        Goods(key=line.key, hs_code=line.hs_code or "", value=line.line_total.amount), facts.get(line.variant_id)
    )
    for part in line.parts:
        yield _with_facts(Goods(key=line.key, hs_code=part.hs_code), facts.get(part.variant_id))


def _with_facts(goods: Goods, facts: GoodsFacts | None) -> Goods:
    if facts is None:
        return goods
    return replace(
        goods, flags=facts.flags, categories=facts.categories, kind=facts.kind, product_type=facts.product_type
    )
