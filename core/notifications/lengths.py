"""How long short messages are: what a text message costs, and what a push message holds."""

import re

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = frozenset("\f^{}\\[~]|€")
"""Letters of the GSM 03.38 extension: they take two places."""
MOST_SEGMENTS = 3
MOST_PUSH_BYTES = 3000
"""Of 4096 that push servers must take (RFC 8030, 7.2), with room for the envelope and for old servers."""
_ADDRESS = re.compile(r"https?://\S+$")


def sms_places(text: str) -> tuple[int, int]:
    """How many places a text takes, and how many one segment of several has: 7-bit letters, or 16-bit ones."""
    if all(letter in GSM_BASIC or letter in GSM_DOUBLE for letter in text):
        return len(text) + sum(letter in GSM_DOUBLE for letter in text), 153
    return len(text.encode("utf-16-be")) // 2, 67


def sms_segments(text: str) -> int:
    """How many text messages the text is billed as: 160 or 70 places alone, 153 or 67 each when it is split."""
    places, each = sms_places(text)
    alone = 160 if each == 153 else 70
    return 1 if places <= alone else -(-places // each)


def fit_sms(text: str, *, most: int = MOST_SEGMENTS) -> str:
    """The text within `most` segments. Words are cut, an address at its end never is: half a link helps nobody."""
    if sms_segments(text) <= most:
        return text
    found = _ADDRESS.search(text)
    address = found[0] if found else ""
    words = text[: len(text) - len(address)].rstrip()
    while words and sms_segments(_joined(words, address)) > most:
        words = words[:-1].rstrip()
    return _joined(words, address) if words else address or text


def fit_bytes(text: str, most: int) -> str:
    """The text within `most` bytes of UTF-8, never ending in half a letter."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: max(most - len("…".encode()), 0)].decode(errors="ignore").rstrip() + "…"


def _joined(words: str, address: str) -> str:
    return f"{words}... {address}".strip() if address else f"{words}..."
