"""The parts of a text that are not words: tags and placeholders. Pure.

A text is a row of pieces; put together again they are the text. Translators move words and keep the rest.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from catalog.translating.texts import Kind

PLACEHOLDER = re.compile(
    r"%\([A-Za-z_]\w*\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]"  # %(name)s
    r"|\{\{[^{}]*\}\}"  # {{ name }}
    r"|\{%[^{}]*%\}"  # {% tag %}
    r"|\{[A-Za-z_][\w.\[\]]*(?:![rsa])?(?::[^{}]*)?\}|\{\d*\}"  # {name}, {0}, {}
    r"|%(?:\d+\$)?[sd](?![\w])"  # %s, %1$s
)
MARK = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)\b(?:"[^"]*"|'[^']*'|[^>"'])*>"""
    r"|<!--.*?-->|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);",
    re.S,
)
VOID = frozenset({"br", "hr", "img", "wbr", "input", "col"})
PLAIN_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}


class Role(StrEnum):
    """What a piece is."""

    WORDS = "words"
    OPEN = "open"
    CLOSE = "close"
    ALONE = "alone"


@dataclass(frozen=True)
class Piece:
    """Words as they are read, or a code as it is written. `name` is the tag's name, or the placeholder itself."""

    role: Role
    text: str
    name: str = ""


def pieces_of(text: str, kind: Kind) -> Iterator[Piece]:
    """The text in pieces. Of HTML, words are without escapes; `together` escapes them again."""
    if kind is not Kind.HTML:
        yield from _plain(text)
        return
    at, words = 0, ""
    for found in MARK.finditer(text):
        words += text[at : found.start()]
        at = found.end()
        plain = PLAIN_ENTITIES.get(found[0])
        if plain is not None:
            words += plain
            continue
        yield from _plain(words)
        words = ""
        yield _code(found)
    yield from _plain(words + text[at:])


def together(pieces: Iterator[Piece] | list[Piece], kind: Kind) -> str:
    """The text these pieces make."""
    if kind is not Kind.HTML:
        return "".join(piece.text for piece in pieces)
    return "".join(_escaped(piece.text) if piece.role is Role.WORDS else piece.text for piece in pieces)


def codes_of(text: str, kind: Kind) -> Counter[str]:
    """How often each tag (`<strong>`) and placeholder stands in the text. Closing tags and entities do not count."""
    return Counter(
        f"<{piece.name}>" if piece.text.startswith("<") else piece.name
        for piece in pieces_of(text, kind)
        if piece.role in (Role.OPEN, Role.ALONE) and piece.name
    )


def _code(found: re.Match[str]) -> Piece:
    name = (found[2] or "").lower()
    if not name:
        return Piece(Role.ALONE, found[0])
    if name in VOID:
        return Piece(Role.ALONE, found[0], name)
    return Piece(Role.CLOSE if found[1] else Role.OPEN, found[0], name)


def _plain(words: str) -> Iterator[Piece]:
    at = 0
    for found in PLACEHOLDER.finditer(words):
        if found.start() > at:
            yield Piece(Role.WORDS, words[at : found.start()])
        yield Piece(Role.ALONE, found[0], found[0])
        at = found.end()
    if at < len(words):
        yield Piece(Role.WORDS, words[at:])


def _escaped(words: str) -> str:
    return html.escape(words, quote=False).replace("\u00a0", "&nbsp;")
