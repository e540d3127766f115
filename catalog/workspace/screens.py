"""What the operators' catalogue screens share: the door, the page around them, pages of rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse

PER_PAGE = 50
FRAGMENT = "X-Fragment"
Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


def must(request: HttpRequest, *permissions: str) -> None:
    """Raises `PermissionDenied` for everybody who lacks one of these."""
    if not request.user.has_perms(permissions):
        raise PermissionDenied


def screen(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> TemplateResponse:
    """A page of the admin site."""
    everything = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, template, everything, status=status)


def wants_fragment(request: HttpRequest) -> bool:
    """Whether a script asks for the changed piece instead of the page around it."""
    return FRAGMENT in request.headers


def go_to(url: str, *, query: str = "", anchor: str = "") -> HttpResponseRedirect:
    """Back to a screen, with its filter and the place on it."""
    return HttpResponseRedirect(f"{url}{'?' if query else ''}{query}{'#' if anchor else ''}{anchor}")


@dataclass(frozen=True, kw_only=True)
class Links:
    """Where the neighbours of a page of rows are."""

    first: int
    last: int
    total: int
    previous_url: str
    next_url: str


def links_of(page: "Page[Any]", kept: dict[str, Any]) -> Links:
    """The neighbours; `kept` is the filter that stays."""

    def url(number: int) -> str:
        return f"?{urlencode({**kept, 'page': number}, doseq=True)}"

    return Links(
        first=page.start_index(),
        last=page.end_index(),
        total=page.paginator.count,
        previous_url=url(page.previous_page_number()) if page.has_previous() else "",
        next_url=url(page.next_page_number()) if page.has_next() else "",
    )
