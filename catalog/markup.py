"""Formatted words: which marks they may carry. Pure."""

import nh3

ALLOWED_TAGS = {
    "p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "u", "h2", "h3", "h4", "a", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td", "span", "sub", "sup", "dl", "dt", "dd", "hr",
}  # fmt: skip


def clean_html(html: str) -> str:
    """Formatting stays, everything that could act goes. Cleaning what is clean changes nothing."""
    return nh3.clean(
        html, tags=ALLOWED_TAGS, attributes={"a": {"href", "title"}}, url_schemes={"http", "https", "mailto"}
    )
