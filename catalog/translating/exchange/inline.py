"""Tags and placeholders as XLIFF 2 inline codes, so that no translator can break them. Pure.

A pair of tags becomes `<pc>`, one that stands alone and every placeholder `<ph>`, a letter XML does not know `<cp>`.
What they stand for is in the unit's `<originalData>`; reading puts it back where the code is now.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from django.utils.translation import gettext as _

from catalog.translating.codes import Piece, Role, pieces_of, together
from catalog.translating.texts import Kind

UNKNOWN_TO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BrokenCodes(ValueError):
    """The codes of a text that came back say nothing we know."""


class Codes:
    """The codes of one unit while it is written: what they stand for, and which of the source are still to be used."""

    def __init__(self) -> None:
        self.data: dict[str, str] = {}
        self._of_source: list[tuple[str, str]] = []
        self._count = 0

    def reference(self, text: str) -> str:
        """The id under which `text` is kept."""
        return self.data.setdefault(text, f"d{len(self.data) + 1}")

    def number(self, text: str, free: list[tuple[str, str]] | None) -> str:
        """An id for a code: in a target that of the same code in the source, while there is one left."""
        if free is not None:
            for place, (known, number) in enumerate(free):
                if known == text:
                    del free[place]
                    return number
        self._count += 1
        number = str(self._count)
        if free is None:
            self._of_source.append((text, number))
        return number

    def of_source(self) -> list[tuple[str, str]]:
        """(text, id) of the source's codes, for a target to use up."""
        return list(self._of_source)


def write_inline(parent: Element, text: str, kind: Kind, codes: Codes, *, is_target: bool) -> None:
    """Fill `<source>` or `<target>` with a text."""
    free = codes.of_source() if is_target else None
    stack: list[tuple[Element, str]] = [(parent, "")]
    pieces = list(pieces_of(text, kind))
    closed = _closed(pieces)
    for place, piece in enumerate(pieces):
        inside = stack[-1][0]
        if piece.role is Role.WORDS:
            _words(inside, piece.text)
        elif piece.role is Role.OPEN and place in closed:
            pair = SubElement(inside, "pc", id=codes.number(piece.text, free), canCopy="no", canDelete="no")
            pair.set("dataRefStart", codes.reference(piece.text))
            pair.set("dataRefEnd", codes.reference(closed[place]))
            stack.append((pair, piece.name))
        elif piece.role is Role.CLOSE and len(stack) > 1 and stack[-1][1] == piece.name:
            stack.pop()
        else:
            alone = SubElement(inside, "ph", id=codes.number(piece.text, free), canCopy="no", canDelete="no")
            alone.set("dataRef", codes.reference(piece.text))


def read_inline(element: Element, data: dict[str, str], kind: Kind) -> str:
    """The text of a `<source>` or `<target>`. Raises `BrokenCodes` for a code that stands for nothing."""
    return together(list(_pieces(element, data)), kind)


def _closed(pieces: list[Piece]) -> dict[int, str]:
    """Place of an opening tag to its closing one, where they are nested as they should be."""
    found: dict[int, str] = {}
    open_now: list[tuple[int, str]] = []
    for place, piece in enumerate(pieces):
        if piece.role is Role.OPEN:
            open_now.append((place, piece.name))
        elif piece.role is Role.CLOSE and open_now and open_now[-1][1] == piece.name:
            found[open_now.pop()[0]] = piece.text
    return found


def _words(parent: Element, words: str) -> None:
    at = 0
    for strange in UNKNOWN_TO_XML.finditer(words):
        _text(parent, words[at : strange.start()])
        SubElement(parent, "cp", hex=f"{ord(strange[0]):04X}")
        at = strange.end()
    _text(parent, words[at:])


def _text(parent: Element, words: str) -> None:
    if not words:
        return
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + words
    else:
        parent.text = (parent.text or "") + words


def _pieces(element: Element, data: dict[str, str]) -> Iterator[Piece]:
    if element.text:
        yield Piece(Role.WORDS, element.text)
    for child in element:
        yield from _code(child, data)
        if child.tail:
            yield Piece(Role.WORDS, child.tail)


def _code(child: Element, data: dict[str, str]) -> Iterator[Piece]:
    name = str(child.tag).rpartition("}")[2]
    if name == "pc":
        yield Piece(Role.OPEN, _kept(child, "dataRefStart", data))
        yield from _pieces(child, data)
        yield Piece(Role.CLOSE, _kept(child, "dataRefEnd", data))
    elif name in ("ph", "sc", "ec"):
        yield Piece(Role.ALONE, _kept(child, "dataRef", data))
    elif name == "cp":
        yield Piece(Role.WORDS, _letter(child.get("hex", "")))
    elif name == "mrk":
        yield from _pieces(child, data)
    elif name not in ("sm", "em"):
        raise BrokenCodes(_("There is a code in it that is none of XLIFF: %(name)s") % {"name": name})


def _kept(child: Element, attribute: str, data: dict[str, str]) -> str:
    found = data.get(child.get(attribute, ""))
    if found is None:
        raise BrokenCodes(_("A code in it stands for nothing (%(id)s).") % {"id": child.get("id", "")})
    return found


def _letter(number: str) -> str:
    try:
        letter = chr(int(number, 16))
    except (ValueError, OverflowError):
        letter = ""
    if not UNKNOWN_TO_XML.fullmatch(letter) or letter == "\0" or "\ud800" <= letter <= "\udfff":
        raise BrokenCodes(_("There is a letter in it that cannot be: %(number)s") % {"number": number})
    return letter
