"""The feed as a file: RSS 2.0, item by item."""

from collections.abc import Callable
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.exporters.google.items import Feed, Item
from catalog.exporters.google.rules import NET_COUNTRIES
from catalog.exporters.selection import CHUNK
from core.errors import DomainError
from markets.queries import market_by_code
from markets.types import MarketContext

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">
<channel>
<title>{title}</title>
<link>{link}</link>
<description>{about}</description>
"""
TAIL = "</channel>\n</rss>\n"


class FeedRefused(DomainError):
    """Such a feed would tell shoppers something wrong."""

    code = "FEED_REFUSED"


def write_google_feed(
    path: Path, *, market_code: str, language: str, only: frozenset[int] | None = None,
    progress: Callable[[int], None] = lambda _count: None,
) -> Feed:  # fmt: skip
    """The feed of a market in one language; `progress` hears of products done. Raises `FeedRefused`.

    `only` narrows it to some products. In memory are ids and one chunk of products, whatever the number.
    """
    with override(language):
        market = market_by_code(market_code, language=language)
        _refuse_wrong_prices(market)
        feed = Feed(market)
        ids = [pk for pk in feed.product_ids() if only is None or pk in only]
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write(_head(market))
            for at in range(0, len(ids), CHUNK):
                for item in feed.items(ids[at : at + CHUNK]):
                    _write(file, item)
                    feed.count += 1
                progress(min(at + CHUNK, len(ids)))
            file.write(TAIL)
    return feed


def _refuse_wrong_prices(market: MarketContext) -> None:
    """Google wants prices without tax in the United States and Canada, and with it in every other country."""
    is_net = market.home_country in NET_COUNTRIES
    if is_net != (market.price_entry == "net"):
        sentence = (
            _("Prices of this market contain tax. In its country, feeds must name prices without it.")
            if is_net
            else _("Prices of this market do not contain tax. In its country, feeds must name prices that do.")
        )
        raise FeedRefused(sentence)


def _head(market: MarketContext) -> str:
    link = f"{settings.SHOP_URL}{market.url_prefix}"
    title = f"{settings.SHOP_NAME} · {market.name}"
    return HEAD.format(title=escape(title), link=escape(link), about=escape(title))


def _write(file: IO[str], item: Item) -> None:
    file.write("<item>\n")
    for name, value in item:
        file.write(f"<g:{name}>{escape(value)}</g:{name}>\n")
    file.write("</item>\n")
