"""What the product data specification asks of values. Pure.

Lengths, spellings and units are those of https://support.google.com/merchants/answer/7052112 and the pages of the
single attributes it links to.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from html import unescape

from django.utils.html import strip_tags

from core.money import Money, exponent

LONGEST = {
    "id": 50, "title": 150, "description": 5000, "link": 2000, "image_link": 2000, "brand": 70, "mpn": 70,
    "item_group_id": 50, "color": 100, "size": 100, "material": 200, "product_type": 750,
}  # fmt: skip
MOST_IMAGES = 10
NET_COUNTRIES = frozenset({"US", "CA"})
"""Prices are submitted without tax there, and with it everywhere else."""
UNITS = {"ml": ("ml", "1l"), "l": ("l", "1l"), "g": ("g", "1kg"), "kg": ("kg", "1kg"), "m": ("m", "1m")}
"""Unit of a content: how Google writes it, and the amount unit prices are compared by."""
OUTSIDE_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COLORS = ("color", "colour", "farbe", "couleur", "cor", "色", "颜色", "لون")
SIZES = ("size", "größe", "groesse", "taille", "talla", "tamanho", "サイズ", "尺寸", "مقاس")
MATERIALS = ("material", "materiau", "matériau", "materiale", "素材", "材质", "خامة")


def clipped(name: str, text: str) -> str:
    """The text in one line, as long as the attribute may be; cut between words where there are any."""
    plain = " ".join(OUTSIDE_XML.sub("", text).split())
    most = LONGEST[name]
    if len(plain) <= most:
        return plain
    head, _, tail = plain[: most - 1].rpartition(" ")
    return f"{head if len(head) > most // 2 else plain[: most - 1]}…" if head or tail else plain[:most]


def plain_text(html: str) -> str:
    """HTML as the words in it."""
    return unescape(strip_tags(re.sub(r"<(?:/p|/li|br|/h\d)[^>]*>", " ", html)))


def price(amount: Money) -> str:
    """`15.00 USD`: a point before the decimals, the currency by its code."""
    currency = amount.currency.code
    return f"{amount.amount.quantize(Decimal(1).scaleb(-exponent(currency))):f} {currency}"


def period(begins: datetime, ends: datetime) -> str:
    """`2027-02-24T11:07+0100/2027-02-28T23:07+0100`."""
    return "/".join(moment(each) for each in (begins, ends))


def moment(value: datetime) -> str:
    """ISO 8601 to the minute with the offset."""
    return value.strftime("%Y-%m-%dT%H:%M%z")


def measure(amount: Decimal, unit: str) -> tuple[str, str] | None:
    """The measure and the base measure of a unit price."""
    if unit not in UNITS or amount <= 0:
        return None
    spelling, per = UNITS[unit]
    return f"{amount.normalize():f}{spelling}", per


def weight(grams: int) -> str:
    """`1.2 kg`, `350 g`."""
    if grams >= 1000:
        return f"{(Decimal(grams) / 1000).normalize():f} kg"
    return f"{grams} g"


def identity(text: str) -> str:
    """An id of at most 50 characters; a longer one ends in a hash, so that two never meet."""
    if len(text) <= LONGEST["id"]:
        return text
    return f"{text[:37]}-{sha256(text.encode()).hexdigest()[:12]}"


def identifier_exists(*, gtin: str, brand: str, mpn: str) -> bool:
    """Whether the maker gave the product an identifier: a GTIN, or a brand with a model number."""
    return bool(gtin or (brand and mpn))


def attribute_of(option_code: str, *, is_swatch: bool) -> str:
    """What an option is to Google: color, size or material; nothing for others, which go into the title."""
    code = option_code.casefold()
    kinds: Iterable[tuple[str, tuple[str, ...]]] = (("color", COLORS), ("size", SIZES), ("material", MATERIALS))
    for name, words in kinds:
        if any(code == word or code.startswith(f"{word}-") for word in words):
            return name
    return "color" if is_swatch else ""
