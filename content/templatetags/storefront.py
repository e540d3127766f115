"""Template tags of the storefront: money, dates, icons, stars, pictures and components with a body.

Values come in as plain dataclasses; nothing here reads the database except `store_chrome`, which is cached.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.base import token_kwargs as read_arguments
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from catalog.cache import remembered
from catalog.types import Facet, Picture, ProductPage
from content.promises import delivery_promise
from content.queries import bare_chrome, page_chrome
from content.types import Chrome, DeliveryPromise, Section, SectionItem, SectionPicture
from core.languages import babel_locale, direction, html_language
from core.money import Money, format_money
from markets.formatting import format_day, format_day_range, format_moment
from markets.types import MarketContext
from orders.types import Stage, Stop

register = template.Library()

WHOLE = 100
STAR = 20
BAR = 10
BABEL_FORMS = {"long": "date", "moment": "short"}
JSON_IN_HTML = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram, in the units of its drawing."""

    x: int
    top: int
    height: int
    inside: bool


def _language() -> str:
    return get_language() or "en"


def _request(context: Context) -> HttpRequest | None:
    """The request, also inside components, which see named inputs only."""
    return getattr(context, "request", None) or context.get("request")


def _market(context: Context) -> MarketContext | None:
    return getattr(_request(context), "market", None)


def _timezone(context: Context) -> str:
    market = _market(context)
    return market.timezone if market is not None else "UTC"


def _country(context: Context) -> str:
    market = _market(context)
    return market.home_country if market is not None else ""


@lru_cache(maxsize=4096)
def _isolated(amount: Decimal, currency: str, language: str, country: str) -> SafeString:
    """Remembered, because a listing writes the same few prices again and again."""
    return format_html("<bdi>{}</bdi>", format_money(Money(amount, currency), language, country=country))


@register.simple_tag(takes_context=True)
def money(context: Context, amount: Money | None) -> SafeString:
    """The amount as this reader writes it, isolated from the direction of the text around it."""
    if amount is None:
        return mark_safe("")
    return _isolated(amount.amount, amount.currency.code, _language(), _country(context))


@register.simple_tag(takes_context=True)
def minus(context: Context, amount: Money) -> SafeString:
    """An amount taken off, with a true minus sign, whatever the sign it comes with."""
    text = format_money(abs(amount), _language(), country=_country(context))
    return format_html("<bdi>−{}</bdi>", text)


@register.simple_tag(takes_context=True)
def money_range(context: Context, low: Money, high: Money) -> SafeString:
    """Two amounts as a range."""
    first, last = (format_money(amount, _language(), country=_country(context)) for amount in (low, high))
    return format_html("<bdi>{}–{}</bdi>", first, last)


@register.simple_tag
@lru_cache(maxsize=128)
def icon(name: str, flip: bool = False) -> SafeString:
    """One drawing of the sprite. `flip` mirrors it in right-to-left pages: arrows do, clocks do not."""
    return format_html('<svg class="i{}" aria-hidden="true"><use href="#i-{}"/></svg>', " flip" if flip else "", name)


@register.simple_tag
def stars(rating: Decimal | float, count: int | None = None, words: str = "", href: str = "") -> SafeString:
    """Stars with the rating in words for those who do not see them. See the component."""
    return _stars(Decimal(str(rating)), count, words, href, _language())


@lru_cache(maxsize=4096)
def _stars(value: Decimal, count: int | None, words: str, href: str, _language: str) -> SafeString:
    """Remembered per language: the same ratings stand on every listing."""
    facts = {
        "shown": value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) if value % 1 else int(value),
        "width": int(value * STAR),
        "count": count,
        "words": words,
        "href": href,
    }
    return render_to_string("components/stars.html", facts)


@register.simple_tag
@lru_cache(maxsize=512)
def swatch(colour: str) -> SafeString:
    """A dot of any colour. The colour is an SVG attribute because style attributes are forbidden."""
    return format_html(
        '<svg class="dot" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="9.5" fill="{}"/></svg>',
        colour,
    )


@register.simple_tag
def at(part: Decimal | int | Money, whole: Decimal | int | Money = WHOLE) -> str:
    """The class that fills a meter or a route to `part` of `whole`, in steps of five percent."""
    return f"at-{percentage(part, whole) // 5 * 5}"


@register.simple_tag
def percentage(part: Decimal | int | Money, whole: Decimal | int | Money = WHOLE) -> int:
    """`part` of `whole` in whole percent, between 0 and 100."""
    have, want = (Decimal(value.amount if isinstance(value, Money) else value) for value in (part, whole))
    if want <= 0:
        return WHOLE
    return max(0, min(WHOLE, int(have * WHOLE / want)))


@register.filter
def at_most(value: int, limit: int) -> bool:
    """Whether `value` is within `limit`."""
    return value <= limit


@register.filter
def is_used(facet: Facet) -> bool:
    """Whether the shopper chose anything of this filter."""
    has_bound = facet.selected_low is not None or facet.selected_high is not None
    return has_bound or any(value.selected for value in facet.values)


@register.filter
def full_label(facet: Facet) -> str:
    """The name of a filter with the unit of its numbers: "Height (cm)"."""
    return f"{facet.label} ({facet.unit})" if facet.unit else facet.label


@register.filter
def as_input(field: BoundField) -> SafeString:
    """The field's widget in the look of the storefront, without a placeholder: the label says it already.

    A hint of nothing but white space is no hint, and the input does not refer to it.
    """
    if not str(field.help_text).strip():
        field.help_text = ""
    return field.as_widget(attrs={"class": "input", "placeholder": False})


@register.inclusion_tag("components/histogram.html")
def histogram(facet: Facet) -> dict[str, Any]:
    """The bars of a range filter; those inside the chosen range stand out."""
    steps = len(facet.histogram)
    low, high = facet.low or Decimal(0), facet.high or Decimal(0)
    first = facet.selected_low if facet.selected_low is not None else low
    last = facet.selected_high if facet.selected_high is not None else high
    bars = []
    for place, height in enumerate(facet.histogram):
        middle = low + (high - low) * (2 * place + 1) / (2 * steps)
        bars.append(Bar(x=place * BAR, top=WHOLE - height, height=height, inside=first <= middle <= last))
    return {"bars": bars, "width": steps * BAR}


@register.filter
def html_lang(language: str) -> str:
    """The spelling of a language code that HTML wants."""
    return html_language(language)


@register.filter
def absolute(request: HttpRequest, url: str) -> str:
    """The address with its host, as other sites need it."""
    return request.build_absolute_uri(url)


@register.filter
def shared_picture(page: object) -> Picture | SectionPicture | None:
    """The picture that stands for a page where it is shared: its first, its own, or that of its first section."""
    pictures: Sequence[Picture] = getattr(page, "pictures", None) or ()
    if pictures:
        return pictures[0]
    own: Picture | None = getattr(page, "picture", None)
    sections: Sequence[Section] = getattr(page, "sections", None) or ()
    return own or next((section.picture for section in sections if section.picture), None)


@register.filter
def language_tag(language: str) -> str:
    """The short name of a language in the header: `EN`, `PT`."""
    return language.partition("-")[0].upper()


@register.filter
def language_name(language: str) -> str:
    """The name of a language in the reader's language."""
    names = babel_locale(_language()).languages
    return str(names.get(str(babel_locale(language))) or names.get(language.partition("-")[0], language))


@register.filter
def message_class(level: str) -> str:
    """The tone of a note for a level of Django's messages."""
    return {"success": "ok", "warning": "warn", "error": "bad"}.get(level, "")


@register.filter
def text_direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return direction(language)


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | datetime, form: str = "day") -> SafeString:
    """A moment in words inside `<time>`.

    Forms: `day` "Tue 1 Dec", `short` "1 Dec 2026", `long` "1 December 2026", `moment` with the time of day in the
    market's time zone.
    """
    language, country = _language(), _country(context)
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(_timezone(context)))
    if form == "moment" and isinstance(value, datetime):
        words = format_moment(value, language, timezone=_timezone(context), country=country)
    else:
        words = format_day(value, language, country, form=BABEL_FORMS.get(form, form))
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.simple_tag(takes_context=True)
def day_range(context: Context, first: date, last: date) -> str:
    """Two dates as a range in words; one date when they are the same."""
    return format_day_range(first, last, _language(), _country(context))


@register.simple_tag
def route_progress(states: Sequence[str]) -> str:
    """The class that draws a route's line up to the stop where things are."""
    last = len(states) - 1
    here = next((place for place, state in enumerate(states) if state == "here"), None)
    if here is None:
        here = last if states and all(state == "done" for state in states) else 0
    if here in (0, last):
        return f"at-{0 if here == 0 else WHOLE}"
    return f"at-{here + 1}-of-{len(states)}"


@register.filter
def states(stops: Sequence[Stage | Stop | SectionItem]) -> list[str]:
    """The states of a route's stops; in content they stand where other items have their icon."""
    return [stop.icon if isinstance(stop, SectionItem) else stop.state for stop in stops]


@register.simple_tag(takes_context=True, name="delivery_promise")
def promise(context: Context, page: ProductPage) -> DeliveryPromise | None:
    """The delivery promise of a product; none outside a market or when nothing can be said."""
    market = _market(context)
    return delivery_promise(page, market) if market is not None else None


@register.simple_tag
def json_ld(facts: dict[str, Any], nonce: str = "") -> SafeString:
    """Structured data for search engines; it cannot close its own element."""
    text = json.dumps(facts, ensure_ascii=False, default=str).translate(JSON_IN_HTML)
    safe = mark_safe(text)  # noqa: S308 (every character that could end the element is escaped above)
    return format_html('<script type="application/ld+json" nonce="{}">{}</script>', nonce, safe)


@register.simple_tag(takes_context=True)
def store_chrome(context: Context) -> Chrome:
    """What header and foot show: notice, menu, links, payment names. Outside a market the name alone."""
    market = _market(context)
    return page_chrome(market) if market is not None else bare_chrome()


@register.simple_tag(takes_context=True)
def main_menu(context: Context, key: str = "") -> SafeString:
    """The main menu with the head category `key` marked. Remembered as HTML."""
    return _menu(_market(context), "menu", key or "")


@register.simple_tag(takes_context=True)
def phone_menu(context: Context) -> SafeString:
    """The categories of the phone menu. Remembered as HTML."""
    return _menu(_market(context), "phone_menu", "")


def _menu(market: MarketContext | None, name: str, key: str) -> SafeString:
    if market is None:
        return mark_safe("")
    values = {"chrome": page_chrome(market), "key": key}
    make = partial(render_to_string, f"storefront/partials/{name}.html", values)
    return remembered(("content.menu", market.code, market.language, name, key), make)


class ComponentNode(template.Node):
    """`{% component "name" key=value %}body{% endcomponent %}`: the body arrives as `body`."""

    def __init__(self, name: FilterExpression, inputs: dict[str, FilterExpression], body: NodeList) -> None:
        self.name, self.inputs, self.body = name, inputs, body

    def render(self, context: Context) -> SafeString:
        values = {key: value.resolve(context) for key, value in self.inputs.items()}
        values |= {
            "body": self.body.render(context),
            "request": _request(context),
            "csrf_token": context.get("csrf_token"),
        }
        return render_to_string(f"components/{self.name.resolve(context)}.html", values)


@register.tag("component")
def component(parser: Parser, token: Token) -> ComponentNode:
    """Renders a component around a body. Only the named inputs are visible inside."""
    _, name, *rest = token.split_contents()
    inputs = read_arguments(rest, parser)
    body = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(parser.compile_filter(name), inputs, body)
