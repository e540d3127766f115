"""What we say on the pages: words and their order, in every storefront language."""

from content.models.home import HomeItem, HomeSection
from content.models.menus import MenuLink
from content.models.notices import StripNotice
from content.models.pages import Page

__all__ = ["HomeItem", "HomeSection", "MenuLink", "Page", "StripNotice"]
