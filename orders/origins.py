"""By which way a buyer came, as values: read from the address of a page and the page before it. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

WORDS: Mapping[str, str] = {
    "source": "utm_source",
    "medium": "utm_medium",
    "campaign": "utm_campaign",
    "term": "utm_term",
    "content": "utm_content",
}
"""What a link says of itself, by the name it has in the address."""
CLICKS = ("gclid", "gbraid", "wbraid", "dclid", "msclkid", "fbclid", "ttclid", "twclid", "yclid", "li_fat_id")
"""Numbers by which advertising networks know one click of one person: kept only where that person agreed."""
LONGEST = 100
LONGEST_PATH = 200
LONGEST_SOURCE = 80


@dataclass(frozen=True, kw_only=True)
class Touch:
    """One way in. Words are as the link wrote them; `at` is when."""

    at: datetime
    landing: str = ""
    """The path of the first page, without what stood behind its question mark."""
    referrer: str = ""
    """The host of the page that led here, without `www.`; never its path."""
    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""
    clicks: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The one name orders are found by: the campaign, else the source, else the site that led here."""
        return (self.campaign or self.source or self.referrer)[:LONGEST_SOURCE]

    def as_json(self) -> dict[str, Any]:
        """What is known of it, for storing."""
        return {name: value for name, value in asdict(self).items() if value} | {"at": self.at.isoformat()}


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The first and the last way in of one visit."""

    first: Touch
    last: Touch


def touch_of(params: Mapping[str, str], *, referrer: str, host: str, path: str, at: datetime) -> Touch | None:
    """What one request for a page tells; nothing for a page that was typed, or that another page of ours led to."""
    said = {name: _plain(params.get(key, "")) for name, key in WORDS.items()}
    clicks = {key: text for key in CLICKS if (text := _plain(params.get(key, "")))}
    site = _site(referrer)
    site = "" if site == _site(f"//{host}") else site
    if not (any(said.values()) or clicks or site):
        return None
    return Touch(at=at, landing=_plain(path, LONGEST_PATH), referrer=site, clicks=clicks, **said)


def read_touch(stored: Mapping[str, Any]) -> Touch:
    """Back from storing."""
    return Touch(**{**stored, "at": datetime.fromisoformat(stored["at"])})


def _site(address: str) -> str:
    try:
        return _plain((urlsplit(address).hostname or "").removeprefix("www."))
    except ValueError:
        return ""


def _plain(text: str, most: int = LONGEST) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()[:most]
