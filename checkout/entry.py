"""What the shopper has typed and chosen: read from a form, kept with the checkout, checked in sentences."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.sealing import SealBroken, seal, unseal
from markets.addresses import clean_address, format_address, validate_address
from markets.names import country_name
from markets.queries import served_countries
from markets.types import MarketContext
from orders.origins import Origin
from orders.types import PostalAddress

logger = logging.getLogger(__name__)

ADDRESS_PARTS = ("name", "company", "street", "extra", "district", "city", "region", "postal_code", "phone")
LONGEST = 200
BILLING = "billing_"
RULE = "rule_"
MOST_ANSWERS = 20


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The form as it was typed. Nothing is corrected here, so that it can be shown again."""

    email: str = ""
    country: str = ""
    ship: Mapping[str, str] = field(default_factory=dict)
    billing_same: bool = True
    bill_country: str = ""
    bill: Mapping[str, str] = field(default_factory=dict)
    delivery: str = ""
    payment: str = ""
    duty: str = ""
    """`now` or `later`: when import duty is paid, where the market lets the shopper choose."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What rules of the destination ask, by the name of the question."""
    tax_number: str = ""
    """A business's own number, where the destination knows one."""
    download_consent: bool = False
    """Whether the download may begin at once; said with each order anew."""
    store_credit: bool = False
    """Whether the shopper's store credit pays as far as it goes."""
    keep_address: bool = False
    """Whether the address is kept for next time; said with each order anew."""
    keep_card: bool = False
    """Whether a card that is typed is kept for next time; said with each payment anew."""
    gift_code: str = ""
    """A gift card's code that was typed and not taken yet. Never kept."""
    rest_shown: str = ""
    """What was left to pay besides cards and credit, in minor units, as it was shown."""
    origin: Origin | None = None
    """By which way the visit came. Not typed and not kept with the checkout: the order keeps it."""
    credit: Mapping[str, Any] | None = None
    """The gift cards and credit kept with the checkout, where they were read with the form; else they are read anew."""
    form_key: UUID = field(default_factory=uuid4)
    shown: str = ""

    def as_json(self) -> dict[str, Any]:
        """What is kept while the checkout is open. Answers and numbers of people are sealed (`core.sealing`)."""
        return {
            "country": self.country,
            "ship": dict(self.ship),
            "billing_same": self.billing_same,
            "bill_country": self.bill_country,
            "bill": dict(self.bill),
            "duty": self.duty,
            "answers": {name: seal(answer) for name, answer in self.answers.items()},
            "tax_number": seal(self.tax_number),
        }


def read_entry(post: Mapping[str, str], market: MarketContext) -> Entry:
    """The posted form. A country the market does not deliver to falls back to its first one."""
    country = post.get("country", "").upper()
    bill_country = post.get(f"{BILLING}country", "").upper()
    return Entry(
        email=post.get("email", "").strip()[:254],
        country=country if country in market.countries else market.country,
        ship={name: post.get(name, "")[:LONGEST] for name in ADDRESS_PARTS},
        billing_same=post.get("billing_same") == "1",
        bill_country=bill_country if bill_country in served_countries() else market.country,
        bill={name: post.get(f"{BILLING}{name}", "")[:LONGEST] for name in ADDRESS_PARTS},
        delivery=post.get("delivery", "")[:40],
        payment=post.get("payment", "")[:40],
        duty=_wish(post.get("duty", "")),
        answers=_answers(post),
        tax_number=post.get("tax_number", "").strip()[:40],
        download_consent=post.get("download_consent") == "1",
        store_credit=post.get("store_credit") == "1",
        keep_address=post.get("keep_address") == "1",
        keep_card=post.get("keep_card") == "1",
        gift_code=post.get("gift_code", "").strip()[:64],
        rest_shown=post.get("due", "")[:20],
        form_key=_key(post.get("form_key", "")),
        shown=post.get("fingerprint", "")[:20_000],
    )


def entry_from(saved: Mapping[str, Any], *, email: str, delivery: str, payment: str, market: MarketContext) -> Entry:
    """What was kept with an open checkout. What no key opens any more is empty: the shopper types it again."""
    saved = opened(saved)
    country = saved.get("country", "")
    return Entry(
        email=email,
        country=country if country in market.countries else market.country,
        ship=dict(saved.get("ship", {})),
        billing_same=bool(saved.get("billing_same", True)),
        bill_country=saved.get("bill_country") or market.country,
        bill=dict(saved.get("bill", {})),
        delivery=delivery,
        payment=payment,
        duty=_wish(saved.get("duty", "")),
        answers=dict(saved.get("answers", {})),
        tax_number=str(saved.get("tax_number", "")),
    )


def opened(saved: Mapping[str, Any]) -> dict[str, Any]:
    """What was kept, with answers and numbers that can be read."""
    plain = dict(saved)
    if "answers" in plain:
        plain["answers"] = {name: _read(str(answer)) for name, answer in plain["answers"].items()}
    if "tax_number" in plain:
        plain["tax_number"] = _read(str(plain["tax_number"]))
    return plain


def _read(sealed: str) -> str:
    """Nothing of a checkout rests on these words yet, so a lost key costs a shopper a field and not the page."""
    try:
        return unseal(sealed)
    except SealBroken as broken:
        logger.error("an answer of a checkout stays shut: %s", broken)
        return ""


def problems_of(entry: Entry, *, delivery_problem: str, methods: tuple[str, ...]) -> dict[str, str]:
    """What is wrong, by field name, in sentences that say the fix; in the order of the page."""
    problems: dict[str, str] = {}
    if not entry.email:
        problems["email"] = _("Enter an email address: the receipt and the tracking link go there.")
    elif not _is_email(entry.email):
        problems["email"] = _("Enter an email address with a name, an @ and a domain, for example name@example.com.")
    problems |= validate_address(entry.ship, entry.country)
    if not entry.billing_same:
        found = validate_address(entry.bill, entry.bill_country)
        problems |= {f"{BILLING}{name}": message for name, message in found.items() if name != "phone"}
    if delivery_problem:
        problems["delivery"] = delivery_problem
    if entry.payment not in methods:
        problems["payment"] = _("Choose how you want to pay.")
    return problems


def postal_address(written: Mapping[str, str], country: str, language: str) -> PostalAddress:
    """An address as it is stored with an order: its parts and its printed lines."""
    parts = clean_address(written, country)
    lines = [*format_address(parts, country), country_name(country, language)]
    return PostalAddress(country=country, parts=tuple(parts.items()), lines=tuple(lines))


def _wish(typed: str) -> str:
    return typed if typed in ("now", "later") else ""


def _answers(post: Mapping[str, str]) -> dict[str, str]:
    """Fields that rules have asked for; a page asks a handful."""
    named = [name for name in post if name.startswith(RULE)][:MOST_ANSWERS]
    return {name.removeprefix(RULE)[:60]: post[name][:LONGEST] for name in named}


def _is_email(typed: str) -> bool:
    try:
        validate_email(typed)
    except ValidationError:
        return False
    return True


def _key(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()
