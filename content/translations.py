"""The shop's own words on the translation desk."""

from catalog.translating.registry import Manners, register
from catalog.translating.texts import Kind
from content.models import HomeItem, HomeSection, MenuLink, Page, StripNotice
from markets.cache import forget_on_commit


def register_content() -> None:
    """Called once, when the app is made ready."""
    read_anew = Manners(follow=lambda _row: forget_on_commit())
    register(Page, kinds={"body": Kind.MARKDOWN}, advised={"meta_description": 155}, manners=read_anew)
    register(HomeSection, manners=read_anew)
    register(HomeItem, manners=read_anew)
    register(MenuLink, manners=read_anew)
    register(StripNotice, manners=read_anew)
