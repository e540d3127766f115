"""Reads of content for pages. What is the same for every reader of a market and language is remembered."""

from collections.abc import Iterable, Mapping
from functools import partial

from django.conf import settings
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.cache import remembered
from catalog.models.translations import pick_text
from catalog.queries import bestsellers, category_tree, new_products
from catalog.types import Card, Link, MenuNode
from content.markdown import render_markdown
from content.models import HomeItem, HomeSection, MenuLink, Page, StripNotice
from content.targets import resolve_target
from content.testimonials import quotes_of
from content.types import (
    Chrome,
    FootMenus,
    HomePage,
    MenuColumn,
    MenuHead,
    Notice,
    PolicyPage,
    Section,
    SectionItem,
    SectionPicture,
)
from markets.queries import offered_methods
from markets.types import MarketContext
from payments.labels import method_name

CARDS_PER_SECTION = 4
LINKS_PER_COLUMN = 6
COLUMNS = 4
CARD_BRANDS = ("Visa", "Mastercard")


def say(row: HomeSection | HomeItem | MenuLink | Page | StripNotice, field: str) -> str:
    """A translated field in the language of the page."""
    return pick_text(getattr(row, field), row.i18n, field, get_language() or "en")


def page_chrome(market: MarketContext) -> Chrome:
    """Header and foot of a market in its language. Without queries when remembered."""
    return remembered(("content.chrome", market.code, market.language), partial(_chrome, market))


def bare_chrome() -> Chrome:
    """Header and foot where there is no market: the neutral page, errors."""
    nothing = FootMenus(shop=(), help=(), about=(), legal=())
    return Chrome(settings.SHOP_NAME, notice=None, menu=(), foot=nothing, payment_names=(), asks_for_consent=False)


def _chrome(market: MarketContext) -> Chrome:
    tree = category_tree(market)
    categories = category_addresses(tree)
    links = list(MenuLink.objects.shown_in(market.code))
    return Chrome(
        shop_name=settings.SHOP_NAME,
        notice=_notice(market, categories) if market.is_open else Notice(_closed_words(), ""),
        menu=_head_menu(_of_menu(links, MenuLink.Menu.HEAD), tree, categories) if market.is_open else (),
        foot=FootMenus(
            shop=_foot_links(links, MenuLink.Menu.SHOP, categories) if market.is_open else (),
            help=_foot_links(links, MenuLink.Menu.HELP, categories),
            about=_foot_links(links, MenuLink.Menu.ABOUT, categories),
            legal=_foot_links(links, MenuLink.Menu.LEGAL, categories),
        ),
        payment_names=payment_names(market),
        asks_for_consent=bool(settings.OPTIONAL_COOKIES),
    )


def category_addresses(nodes: Iterable[MenuNode]) -> dict[str, str]:
    """Category code to address, for the whole tree."""
    found: dict[str, str] = {}
    for node in nodes:
        found[node.code] = node.url
        found |= category_addresses(node.children)
    return found


def payment_names(market: MarketContext) -> tuple[str, ...]:
    """What the foot says about paying: brands in the market's order, cards by their brands."""
    found: dict[str, None] = {}
    for method in offered_methods(market.code):
        for name in CARD_BRANDS if method.code == "card" else (method_name(method.code, method.brand),):
            found[name] = None
    return tuple(found)


def _notice(market: MarketContext, categories: Mapping[str, str]) -> Notice | None:
    now = timezone.now()
    row = (
        StripNotice.objects.shown_in(market.code)
        .filter(Q(starts__isnull=True) | Q(starts__lte=now), Q(ends__isnull=True) | Q(ends__gt=now))
        .first()
    )
    return Notice(say(row, "text"), resolve_target(row.target, categories) if row.target else "") if row else None


def _closed_words() -> str:
    return _("We no longer sell here. Your orders, returns and mails work as before.")


def _of_menu(links: Iterable[MenuLink], menu: str) -> list[MenuLink]:
    return [link for link in links if link.menu == menu]


def _foot_links(links: Iterable[MenuLink], menu: str, categories: Mapping[str, str]) -> tuple[Link, ...]:
    named = ((say(link, "label"), resolve_target(link.target, categories)) for link in _of_menu(links, menu))
    return tuple(Link(label, url) for label, url in named if url)


def _head_menu(
    links: Iterable[MenuLink], tree: tuple[MenuNode, ...], categories: Mapping[str, str]
) -> tuple[MenuHead, ...]:
    """The chosen links; a category brings its children along as a panel. Without a choice: the head categories."""
    nodes = {node.code: node for node in tree}
    chosen = [(say(link, "label"), link.target) for link in links] or [
        (node.label, f"category:{node.code}") for node in tree
    ]
    found = []
    for label, target in chosen:
        url = resolve_target(target, categories)
        node = nodes.get(target.removeprefix("category:"))
        if url:
            key = target.removeprefix("category:")
            found.append(MenuHead(key, label, url, _columns(node) if node else ()))
    return tuple(found)


def _columns(node: MenuNode) -> tuple[MenuColumn, ...]:
    return tuple(
        MenuColumn(
            child.label, child.url, tuple(Link(leaf.label, leaf.url) for leaf in child.children[:LINKS_PER_COLUMN])
        )
        for child in node.children[:COLUMNS]
    )


def home_page(market: MarketContext) -> HomePage:
    """The home page of a market: words remembered, products fresh."""
    sections = remembered(("content.home", market.code, market.language), partial(_sections, market))
    hero = next((section for section in sections if section.kind == HomeSection.Kind.HERO), None)
    return HomePage(
        meta_title=hero.title if hero else settings.SHOP_NAME,
        meta_description=hero.text if hero else "",
        sections=tuple(_with_cards(section, market) for section in sections),
    )


def _sections(market: MarketContext) -> tuple[Section, ...]:
    categories = category_addresses(category_tree(market))
    rows = HomeSection.objects.shown_in(market.code).prefetch_related(
        Prefetch("items", queryset=HomeItem.objects.order_by("position"))
    )
    found = (_section(row, categories, market) for row in rows)
    return tuple(section for section in found if section.kind != HomeSection.Kind.QUOTES or section.says_something)


def _section(row: HomeSection, categories: Mapping[str, str], market: MarketContext) -> Section:
    return Section(
        code=row.code,
        kind=row.kind,
        label=say(row, "label"),
        title=say(row, "title"),
        text=say(row, "text"),
        link=_link(say(row, "link_label"), row.link_target, categories),
        second_link=_link(say(row, "second_label"), row.second_target, categories),
        picture=_picture(
            row.picture, row.picture_small, say(row, "picture_alt"), row.picture_width, row.picture_height
        ),
        progress=row.progress,
        items=tuple(_item(item, categories, market.language) for item in row.items.all()),
        quotes=quotes_of(market) if row.kind == HomeSection.Kind.QUOTES else (),
    )


def _item(row: HomeItem, categories: Mapping[str, str], reader: str) -> SectionItem:
    return SectionItem(
        icon=row.icon,
        label=say(row, "label"),
        title=say(row, "title"),
        text=say(row, "text"),
        url=resolve_target(row.target, categories) if row.target else "",
        picture=_picture(row.picture, "", "", row.picture_width, row.picture_height),
        stars=row.stars,
        language="" if row.language == reader else row.language,
    )


def _link(label: str, target: str, categories: Mapping[str, str]) -> Link | None:
    url = resolve_target(target, categories) if target else ""
    return Link(label, url) if label and url else None


def _picture(url: str, small: str, alt: str, width: int, height: int) -> SectionPicture | None:
    return SectionPicture(url, small, alt, width, height) if url else None


def _with_cards(section: Section, market: MarketContext) -> Section:
    cards: tuple[Card, ...] = ()
    if section.kind == HomeSection.Kind.BESTSELLERS:
        cards = tuple(bestsellers(market, CARDS_PER_SECTION))
    elif section.kind == HomeSection.Kind.NEW:
        cards = tuple(new_products(market, CARDS_PER_SECTION))
    return section.with_cards(cards) if cards else section


def policy_page(market: MarketContext, code: str) -> PolicyPage | None:
    """A page of words as this market shows it; none when it does not exist."""
    return _pages(market).get(code)


def published_codes(market: MarketContext) -> tuple[str, ...]:
    """The codes of all pages of words, for the sitemap."""
    return tuple(_pages(market))


def _pages(market: MarketContext) -> Mapping[str, PolicyPage]:
    return remembered(("content.pages", market.code, market.language), partial(_read_pages, market))


def _read_pages(market: MarketContext) -> Mapping[str, PolicyPage]:
    rows: dict[str, Page] = {}
    for row in Page.objects.shown_in(market.code):
        if row.code not in rows or row.market_codes:
            rows[row.code] = row
    siblings = tuple(Link(say(row, "title"), resolve_target(f"page:{row.code}", {})) for row in rows.values())
    return {
        row.code: PolicyPage(
            code=row.code,
            title=say(row, "title"),
            notice=say(row, "notice"),
            body_html=render_markdown(say(row, "body")),
            revised=row.revised,
            is_legal=row.is_legal,
            siblings=siblings,
            meta_title=say(row, "title"),
            meta_description=say(row, "meta_description"),
            search_text=" ".join((say(row, "title"), say(row, "search_words"))).casefold(),
        )
        for row in rows.values()
    }


def pages_matching(market: MarketContext, words: str, limit: int) -> tuple[Link, ...]:
    """Pages that answer a search: the words begin a word of the title or of the search words.

    A source of `settings.SEARCH_EXTRA_SOURCES`. Without queries when remembered.
    """
    wanted = words.casefold().strip()
    if not wanted:
        return ()
    hits = (page for page in _pages(market).values() if f" {wanted}" in f" {page.search_text}")
    return tuple(Link(page.title, resolve_target(f"page:{page.code}", {})) for page in hits)[:limit]
