"""Markdown of content pages as clean HTML."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

ALLOWED = {
    "h2",
    "h3",
    "p",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "br",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_reader = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=256)
def render_markdown(text: str) -> str:
    """HTML that is safe to show: only elements a text needs, links to the web and to mail only."""
    html = str(_reader.render(text))
    return nh3.clean(html, tags=ALLOWED, attributes={"a": {"href"}}, url_schemes={"https", "mailto"})
