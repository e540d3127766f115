"""What we say on the pages: words and their order, in every storefront language."""

from content.models.home import HomeItem, HomeSection
from content.models.menus import MenuLink
from content.models.notices import StripNotice
from content.models.pages import Page
from content.models.testimonials import Testimonial

__all__ = ["HomeItem", "HomeSection", "MenuLink", "Page", "StripNotice", "Testimonial"]
