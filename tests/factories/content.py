"""Words on pages: notices, menus, sections and policies, found at once by every page."""

from datetime import date
from typing import Any, TypeVar

from content.models import HomeItem, HomeSection, MenuLink, Page, StripNotice
from markets.cache import forget

RowT = TypeVar("RowT")


def make_page(code: str = "returns", **facts: Any) -> Page:
    """A page of words."""
    words = {"title": code.title(), "body": "## First\n\nSome *words*.", "revised": date(2026, 11, 1)}
    return _seen(Page.objects.create(code=code, **(words | facts)))


def make_notice(text: str = "Duty included", **facts: Any) -> StripNotice:
    """The line above the header."""
    return _seen(StripNotice.objects.create(code=facts.pop("code", "notice"), text=text, **facts))


def make_link(menu: str = "legal", target: str = "page:returns", **facts: Any) -> MenuLink:
    """A link of a menu; its code is its target."""
    words = {"label": target, "code": target.replace(":", "-")}
    return _seen(MenuLink.objects.create(menu=menu, target=target, **(words | facts)))


def make_section(kind: str, *, items: int = 0, **facts: Any) -> HomeSection:
    """A section of the home page with so many items."""
    section = HomeSection.objects.create(kind=kind, code=kind, **({"title": kind.title()} | facts))
    for place in range(items):
        HomeItem.objects.create(section=section, position=place, title=f"{kind} {place}", text="Words")
    return _seen(section)


def _seen(row: RowT) -> RowT:
    forget()
    return row
