"""XLIFF 2.0 documents (OASIS, core): one language pair each, one unit per text, written and read in a stream.

States: what is missing is `initial` without a target; a machine's or an outdated translation is `initial` with one and
says so in `subState`; drafts are `translated`, approved texts `final`. Coming back, `reviewed` and `final` ask for
approval. The original is compared with the `<source>` in the file, which programs must leave as it is.
"""

import re
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring
from xml.sax.saxutils import quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused
from catalog.translating.exchange.inline import BrokenCodes, Codes, read_inline, write_inline
from catalog.translating.exchange.units import Incoming, Unit
from catalog.translating.registry import target_languages, translatable
from catalog.translating.standing import Standing
from catalog.translating.texts import Kind
from core.languages import html_language

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
KNOWN = re.compile(r"\{(urn:oasis:names:tc:xliff:document:2\.\d)\}")
STATES = {
    Standing.MISSING: ("initial", ""),
    Standing.MACHINE: ("initial", "portolan:machine"),
    Standing.STALE: ("initial", "portolan:outdated"),
    Standing.DRAFT: ("translated", ""),
    Standing.APPROVED: ("final", ""),
}
LEVELS = ("initial", "translated", "reviewed", "final")
MOST_MARK = 200


def xliff_head(source: str, target: str) -> str:
    """How a document begins."""
    pair = f"srcLang={quoteattr(html_language(source))} trgLang={quoteattr(html_language(target))}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff xmlns="{NAMESPACE}" version="2.0" {pair}>\n'
        '<file id="texts" original="catalogue">\n'
    )


def xliff_foot() -> str:
    """How it ends."""
    return "</file>\n</xliff>\n"


EMPTY = "none"
EMPTY_UNIT = f'<unit id="{EMPTY}"><segment><source/></segment></unit>\n'
"""A file holds at least one unit; this one says that there is nothing to do."""


def xliff_unit(unit: Unit) -> str:
    """One text."""
    codes = Codes()
    segment = Element("segment", id="s1")
    state, detail = STATES[unit.standing]
    segment.set("state", state)
    if detail:
        segment.set("subState", detail)
    write_inline(SubElement(segment, "source"), unit.source, unit.kind, codes, is_target=False)
    if unit.target:
        write_inline(SubElement(segment, "target"), unit.target, unit.kind, codes, is_target=True)
    root = Element("unit", id=unit.mark, name=_without_controls(unit.name))
    root.set("xml:space", "preserve")
    _add_notes(root, unit)
    if codes.data:
        kept = SubElement(root, "originalData")
        for text, number in codes.data.items():
            SubElement(kept, "data", id=number).text = _without_controls(text)
    root.append(segment)
    return tostring(root, encoding="unicode") + "\n"


def read_xliff(file: IO[bytes]) -> Iterator[Incoming]:
    """The texts of a document, one after the other. Raises `FileRefused` for anything that is no XLIFF 2.

    Documents with a type declaration or entities of their own are refused whole.
    """
    language, line = "", 0
    above: list[Element] = []
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                language = language or _language(element)
                above.append(element)
                continue
            above.pop()
            if _plain(str(element.tag)) == "unit":
                line += 1
                if element.get("id") != EMPTY:
                    yield _incoming(element, language, line)
                if above:
                    above[-1].remove(element)
    except (ParseError, DefusedXmlException, UnicodeError, LookupError, ValueError) as error:
        raise FileRefused(_("This is not an XLIFF 2 file: %(reason)s") % {"reason": error}) from error


def _add_notes(root: Element, unit: Unit) -> None:
    notes = SubElement(root, "notes")
    entry = translatable(unit.key)
    told = [("context", f"{entry.title if entry else unit.key}: {unit.name}"), ("field", unit.title)]
    if unit.longest is not None:
        told.append(("length", _("At most %(longest)d characters.") % {"longest": unit.longest}))
    for number, (category, text) in enumerate(told, start=1):
        note = SubElement(notes, "note", id=f"n{number}", category=category)
        note.text = _without_controls(text)


def _language(root: Element) -> str:
    if not KNOWN.match(str(root.tag)):
        raise FileRefused(_("This is not an XLIFF 2 file."))
    code = (root.get("trgLang") or "").replace("_", "-").casefold()
    if code not in target_languages():
        raise FileRefused(
            _("The file's target language “%(language)s” is none of this shop.") % {"language": code or "–"}
        )
    return code


def _incoming(unit: Element, language: str, line: int) -> Incoming:
    mark = (unit.get("id") or "")[:MOST_MARK]
    data = {_id(each): each.text or "" for each in unit.iter() if _plain(str(each.tag)) == "data"}
    parts = [each for each in unit.iter() if _plain(str(each.tag)) in ("segment", "ignorable")]
    segments = [each for each in parts if _plain(str(each.tag)) == "segment"]
    level = min((_level(each) for each in segments), default=0)
    kind = _kind(mark)
    try:
        source = "".join(_inline(each, "source", data, kind) for each in parts)
        words = "".join(_inline(each, "target", data, kind) for each in _in_target_order(parts))
    except BrokenCodes as trouble:
        return Incoming(mark=mark, language=language, source="", words="", is_final=False, line=line,
                        trouble=str(trouble))  # fmt: skip
    return Incoming(
        mark=mark, language=language, source=source, words=words, is_final=level >= LEVELS.index("reviewed"), line=line
    )


def _in_target_order(parts: list[Element]) -> list[Element]:
    """Segments in the order of the target, which may be another than the source's."""

    def place(numbered: tuple[int, Element]) -> int:
        order = next((each.get("order", "") for each in numbered[1] if _plain(str(each.tag)) == "target"), "")
        return int(order) if order.isdecimal() else numbered[0]

    return [part for _number, part in sorted(enumerate(parts, start=1), key=place)]


def _inline(part: Element, name: str, data: dict[str, str], kind: Kind) -> str:
    found = next((each for each in part if _plain(str(each.tag)) == name), None)
    if found is None and _plain(str(part.tag)) == "ignorable":
        found = next((each for each in part if _plain(str(each.tag)) == "source"), None)
    return "" if found is None else read_inline(found, data, kind)


def _level(segment: Element) -> int:
    state = segment.get("state", "initial")
    return LEVELS.index(state) if state in LEVELS else 0


def _kind(mark: str) -> Kind:
    """How the text is written, by the text it is; plain when it is none of ours."""
    key, _colon, rest = mark.partition(":")
    entry = translatable(key)
    about = entry.field(rest.rpartition(":")[2]) if entry else None
    return about.kind if about else Kind.TEXT


def _plain(tag: str) -> str:
    return KNOWN.sub("", tag)


def _id(element: Element) -> str:
    return element.get("id", "")


def _without_controls(text: str) -> str:
    return "".join(letter for letter in text if letter in "\t\n" or letter >= " ")
