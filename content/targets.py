"""Where the links of content lead. A target is written as `kind:value` and resolved in one market.

`category:kettles` · `page:returns` · `view:orders:find` · `search:linen` · `new:` · `bestsellers:` · `/path` · `https://…`
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def resolve_target(target: str, categories: Mapping[str, str]) -> str:
    """The address of `target`; empty when it leads nowhere here, so that its link is left out.

    `categories` are the addresses of the market's categories by code.
    """
    if target.startswith(("/", "https://")):
        return target
    kind, _, value = target.partition(":")
    if kind == "category":
        return categories.get(value, "")
    try:
        return _view_address(kind, value)
    except NoReverseMatch:
        return ""


def _view_address(kind: str, value: str) -> str:
    match kind:
        case "page":
            return reverse("content:page", kwargs={"code": value})
        case "view":
            return reverse(value)
        case "search":
            return _search(q=value)
        case "new":
            return _search(sort="newest")
        case "bestsellers":
            return _search(sort="bestselling")
        case "all":
            return _search()
        case _:
            return ""


def _search(**fields: str) -> str:
    query = urlencode(fields)
    return reverse("catalog:search") + (f"?{query}" if query else "")
