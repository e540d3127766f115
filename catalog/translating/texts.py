"""Texts as the desk compares and counts them. Pure."""

import hashlib
import html
import re
import unicodedata
from enum import StrEnum

from catalog.markup import clean_html

TAG = re.compile(r"<[^>]*>")
BLANKS = re.compile(r"[ \t]+")
AROUND_BREAK = re.compile(r" *\n *")
COUNTED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+(?:['’-][^\W_]+)*")


class Kind(StrEnum):
    """How a text is written."""

    LINE = "line"
    """One line."""
    LINES = "lines"
    """One sentence per line."""
    TEXT = "text"
    """Plain words, perhaps in paragraphs."""
    MARKDOWN = "markdown"
    """Words with Markdown."""
    HTML = "html"
    """Formatted words, cleaned by `catalog.markup.clean_html`."""


def normalised(text: str, kind: Kind) -> str:
    """The text without what no translator would notice; what a hash is made of.

    Unicode NFC, cleaned where it is HTML, line breaks as one character, runs of spaces and tabs as one space,
    none around breaks or at either end. Letters, their case, punctuation and marks all count.
    """
    words = unicodedata.normalize("NFC", tidied(text, kind))
    return AROUND_BREAK.sub("\n", BLANKS.sub(" ", words)).strip()


def text_hash(text: str, kind: Kind) -> str:
    """The first half of SHA-256 of the normalised text, as 32 hexadecimal digits: rows of hashes stay short."""
    return hashlib.sha256(normalised(text, kind).encode()).hexdigest()[:32]


def tidied(text: str, kind: Kind) -> str:
    """The text as it is stored: one kind of line break, nothing around it, cleaned where it is HTML."""
    words = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if kind is Kind.LINE:
        words = words.replace("\n", " ")
    return clean_html(words).strip() if kind is Kind.HTML else words


def bare(text: str, kind: Kind) -> str:
    """What is read: without tags."""
    return html.unescape(TAG.sub(" ", text)) if kind is Kind.HTML else text


def count_words(text: str, kind: Kind) -> int:
    """Words as translators are paid for them; each Chinese, Japanese or Korean character is one."""
    return len(COUNTED.findall(bare(text, kind)))
