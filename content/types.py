"""What content gives to templates: frozen values with addresses already resolved."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from catalog.types import Card, Link
from core.money import Money


@dataclass(frozen=True)
class MenuColumn:
    """A category under a head category, with its own children."""

    label: str
    url: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class MenuHead:
    """One entry of the main menu. Without columns it is a plain link."""

    key: str
    label: str
    url: str
    columns: tuple[MenuColumn, ...]


@dataclass(frozen=True)
class Notice:
    """The line of the strip. `url` is empty when it leads nowhere."""

    text: str
    url: str


@dataclass(frozen=True)
class FootMenus:
    """The four link columns of the page foot."""

    shop: tuple[Link, ...]
    help: tuple[Link, ...]
    about: tuple[Link, ...]
    legal: tuple[Link, ...]


@dataclass(frozen=True)
class Chrome:
    """What header and foot show in one market and language."""

    shop_name: str
    notice: Notice | None
    menu: tuple[MenuHead, ...]
    foot: FootMenus
    payment_names: tuple[str, ...]
    asks_for_consent: bool


@dataclass(frozen=True)
class SectionPicture:
    """A picture of content. Width and height are real, so the page does not move when it arrives."""

    url: str
    small_url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class SectionItem:
    """A promise, room, stop, quote or article."""

    icon: str
    label: str
    title: str
    text: str
    url: str
    picture: SectionPicture | None
    stars: int | None
    language: str
    """The language a quote was written in; empty when it is the reader's own."""


@dataclass(frozen=True)
class Quote:
    """A buyer's words away from the product. `original` is there when `text` is a translation."""

    text: str
    stars: int
    author: str
    product: Link
    verified: bool
    rewarded: bool
    language: str
    original: str = ""


@dataclass(frozen=True)
class Section:
    """One section of the home page. `kind` names its template in `storefront/home/`."""

    code: str
    kind: str
    label: str
    title: str
    text: str
    link: Link | None
    second_link: Link | None
    picture: SectionPicture | None
    progress: int
    items: tuple[SectionItem, ...]
    cards: tuple[Card, ...] = ()
    quotes: tuple[Quote, ...] = ()

    def with_cards(self, cards: tuple[Card, ...]) -> "Section":
        """The section with its products, read for this page."""
        return replace(self, cards=cards)

    @property
    def says_something(self) -> bool:
        return bool(self.items or self.quotes)

    @property
    def template(self) -> str:
        return f"storefront/home/{self.kind}.html"


@dataclass(frozen=True)
class HomePage:
    """The home page of a market."""

    meta_title: str
    meta_description: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class PolicyPage:
    """A page of words. `body_html` is safe: made from Markdown and cleaned."""

    code: str
    title: str
    notice: str
    body_html: str
    revised: date
    is_legal: bool
    siblings: tuple[Link, ...]
    meta_title: str
    meta_description: str
    search_text: str = ""
    """What the search looks in: title and search words, case-folded."""


@dataclass(frozen=True)
class OrderSummary:
    """An order in the list of an account."""

    number: str
    url: str
    placed_at: datetime
    item_count: int
    label: str
    tone: str
    total: Money


@dataclass(frozen=True)
class PastSummary:
    """An order that was placed at another platform, in the list of an account. It has no page of its own."""

    number: str
    platform: str
    placed_at: datetime
    label: str
    total: Money


@dataclass(frozen=True)
class AccountPage:
    """What a member sees first."""

    email: str
    orders: tuple[OrderSummary, ...]
    elsewhere: tuple[PastSummary, ...] = ()


@dataclass(frozen=True)
class PromiseStop:
    """A station of the delivery promise."""

    title: str
    text: str


@dataclass(frozen=True)
class DeliveryPromise:
    """Where a product leaves from, when it arrives and what that costs, in words."""

    stops: tuple[PromiseStop, ...]
    sentence: str


@dataclass(frozen=True)
class ErrorPage:
    """What an error page needs when nothing else may work."""

    status: int
    title: str
    text: str
    home_url: str


@dataclass(frozen=True)
class FavouritesPage:
    """Favourites: one's own, which can be shared and moved to the cart, or somebody's at an address they gave away."""

    title: str
    cards: tuple[Card, ...]
    share_url: str = ""
    is_own: bool = False
    noindex: bool = True

    @property
    def movable(self) -> tuple[Card, ...]:
        """Those of one's own that nothing has to be chosen of, and that are there."""
        return tuple(card for card in self.cards if self.is_own and card.in_stock and card.only_variant_id)
