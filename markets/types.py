"""What pages and higher apps receive from markets: plain frozen values, never rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from zlib import crc32


@dataclass(frozen=True)
class CharmRule:
    """How a proposed price is made pretty: the candidates are `step * k + ending`, then the price grid."""

    ending: Decimal
    step: Decimal
    mode: str
    increment: Decimal


@dataclass(frozen=True)
class MarketContext:
    """A market as one request sees it: in one language, with the shopper's ship-to country. `request.market`."""

    id: int
    code: str
    name: str
    currency: str
    language: str
    languages: tuple[str, ...]
    default_language: str
    country: str
    """Where the goods go: the shopper's choice, else the market's first country."""
    countries: tuple[str, ...]
    """Every country the market delivers to; the first one names the region in `hreflang`."""
    display: str
    """`gross` (prices contain tax) or `net` (tax is added at checkout)."""
    price_entry: str
    tax_mode: str
    rounding_level: str
    tax_rounding: str
    duty_mode: str
    return_days: int
    withdrawal_days: int
    timezone: str
    units: str
    price_increment: Decimal
    charm_rule: CharmRule
    order_button_text: str
    url_prefix: str
    """`/de/de/`: the market and the language of this context."""
    hreflang: str
    seller: str
    required_buyer_ids: tuple[str, ...] = ()
    legal_pages: tuple[str, ...] = ()
    consumer_flags: frozenset[str] = frozenset()
    features: Mapping[str, bool] = field(default_factory=dict)
    theme_tokens: Mapping[str, str] = field(default_factory=dict)
    price_shock_percent: int = 10
    """By how much a checkout may be dearer than the cart before somebody looks."""
    cookie_consent: str = ""
    """What the market's law wants before something optional is kept in a browser; empty when nobody has said."""
    audiences: Sequence[str] = ("public",)
    """Whose price lists hold besides: everybody's, and those of the groups of who is signed in."""
    is_open: bool = True
    """Closed markets are met only where their orders are served."""

    @property
    def home_country(self) -> str:
        return self.countries[0]

    @property
    def prices_contain_tax(self) -> bool:
        return self.display == "gross"

    @property
    def look_version(self) -> str:
        """Changes when the market's look does."""
        return f"{crc32(repr(sorted(self.theme_tokens.items())).encode()):x}"

    def has(self, feature: str) -> bool:
        """Whether the market switched `feature` on; unknown features are off."""
        return bool(self.features.get(feature, False))


@dataclass(frozen=True)
class LanguageLink:
    """The same page in another language. `direction` is for `dir` on the link."""

    code: str
    html_code: str
    native_name: str
    url: str
    current: bool
    direction: str


@dataclass(frozen=True)
class MarketLink:
    """The same page in another market, in the language the reader keeps."""

    code: str
    name: str
    currency: str
    country: str
    url: str
    current: bool
    languages: tuple[LanguageLink, ...] = ()
    choose_url: str = ""
    """Where the market is looked at before it is confirmed; empty on the neutral page and for the market one is in."""


@dataclass(frozen=True)
class MarketGroup:
    """Markets of one part of the world, for the chooser."""

    code: str
    name: str
    markets: tuple[MarketLink, ...]


@dataclass(frozen=True)
class CountryChoice:
    """A ship-to country. `market` is the market that serves it."""

    code: str
    name: str
    market: str
    current: bool


@dataclass(frozen=True)
class Alternate:
    """One `<link rel="alternate">`: an absolute address."""

    hreflang: str
    url: str


@dataclass(frozen=True)
class Suggestion:
    """An address that may suit the reader better, in words of the suggested language. Never a redirect."""

    market: str
    market_name: str
    language: str
    language_name: str
    url: str
    text: str
    stay_label: str
    stay_url: str
    direction: str


@dataclass(frozen=True)
class SwitchOffer:
    """The wanted ship-to country belongs to another market: an offer, which the shopper accepts or not."""

    country: str
    country_name: str
    market: str
    market_name: str
    currency: str
    url: str
    text: str


@dataclass(frozen=True)
class ChooserPage:
    """The neutral page at `/` (`neutral` is true, links only) and the switcher `markets:choose` (a form).

    The form posts `market`, `language`, `country` and `next` to `action_url`. `problem` is a sentence or "".
    """

    neutral: bool
    suggestion: Suggestion | None
    groups: tuple[MarketGroup, ...]
    languages: tuple[LanguageLink, ...]
    countries: tuple[CountryChoice, ...]
    selected_market: str
    selected_language: str
    selected_country: str
    action_url: str
    next: str
    offer: SwitchOffer | None = None
    problem: str = ""


@dataclass(frozen=True)
class NotFoundPage:
    """The 404 page: where to go from here, in the best language known."""

    home_url: str
    choose_url: str
    market_known: bool


@dataclass(frozen=True)
class PageMarket:
    """What every storefront template gets from `markets.context.market`."""

    market: MarketContext | None
    ship_to: CountryChoice | None
    languages: tuple[LanguageLink, ...]
    markets: tuple[MarketLink, ...]
    countries: tuple[CountryChoice, ...]
    alternates: tuple[Alternate, ...]
    canonical_url: str
    dir: str
    lang: str
    suggestion: Suggestion | None


@dataclass(frozen=True)
class AddressField:
    """One input of an address form. `width` is a class of the form grid: `w2`, `w3`, `w4` or `full`."""

    name: str
    label: str
    required: bool
    autocomplete: str
    inputmode: str
    choices: tuple[tuple[str, str], ...]
    width: str
    max_length: int
    hint: str


@dataclass(frozen=True)
class AddressForm:
    """The fields of one country in the order its people write them."""

    country: str
    fields: tuple[AddressField, ...]

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields)
