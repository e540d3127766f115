"""Which letters the bytes of a text file are.

A mark at the beginning decides. Without one UTF-8 is taken when every byte fits it, which other encodings practically
never do; UTF-16 shows by where its zero bytes stand. Everything else is a guess among three by how common the letters
are that come out, said to be one where it is not clear, and the person who knows can say better. (`charset-normalizer`
takes a single "für" for Chinese.)
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.importers.errors import FileRefused

ENCODINGS = (
    ("", gettext_lazy("Find out")),
    ("utf-8-sig", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", gettext_lazy("Western European (Windows-1252)")),
    ("cp932", gettext_lazy("Japanese (Shift-JIS)")),
    ("gb18030", gettext_lazy("Chinese (GB18030)")),
)
NAMES = dict(ENCODINGS)
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHUNK = 1024 * 1024
EVIDENCE = 48 * 1024
SEPARATORS = ",;\t|"
SURELY_UTF8 = 40
"""So many letters beyond ASCII do not fit UTF-8 by chance."""
BARELY, CLEARLY, APART = 0.4, 0.7, 0.3


@dataclass(frozen=True)
class Encoding:
    """What the bytes are, and whether that is certain or the best guess."""

    name: str
    is_certain: bool = True


def encoding_of(file: IO[bytes], *, wanted: str = "") -> Encoding:
    """Reads the whole file once and leaves it at its start. Raises `FileRefused` for what is no text."""
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    marked = next((name for mark, name in BOMS if start.startswith(mark)), None)
    if marked is not None and (not wanted or wanted == marked):
        return Encoding(marked)
    if wanted:
        return Encoding(_with_order(start) if wanted == "utf-16" else wanted)
    if b"\0" in start:
        return Encoding(_with_order(start))
    found = _from_bytes(file)
    file.seek(0)
    return found


def _with_order(start: bytes) -> str:
    """UTF-16 without a mark: separators and line ends are Latin, so their zero bytes stand on one side."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    for name, clear in (("utf-16-le", odd > 2 * even), ("utf-16-be", even > 2 * odd)):
        if clear and _is_text(start, name):
            return name
    raise FileRefused(_("This is not a text file. Save the table as CSV and upload that."))


def _is_text(start: bytes, name: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(name)().decode(start)
    except UnicodeDecodeError:
        return False
    if not any(end in text for end in "\r\n") or not any(separator in text for separator in SEPARATORS):
        return False
    return all(letter.isprintable() or letter.isspace() for letter in text)


def _from_bytes(file: IO[bytes]) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, evidence, fitting = True, b"", 0
    while chunk := file.read(CHUNK):
        if b"\0" in chunk:
            raise FileRefused(_("The file contains NUL characters: it is damaged, or not a text file."))
        if is_utf8:
            try:
                fitting += _foreign(decoder.decode(chunk))
            except UnicodeDecodeError as error:
                fitting += _foreign(error.object[: error.start].decode(errors="ignore"))
                if fitting >= SURELY_UTF8:
                    break
                is_utf8 = False
        if not chunk.isascii() and len(evidence) < EVIDENCE:
            lines = chunk.split(b"\n")
            evidence += b"\n".join(line for line in lines if not line.isascii())[:EVIDENCE]
    if fitting >= SURELY_UTF8 or (is_utf8 and _is_complete(decoder)):
        return Encoding("utf-8")  # a place further down that does not fit is found, and told of, when it is read
    return _guess(evidence)


def _foreign(text: str) -> int:
    return 0 if text.isascii() else len(text) - len(text.encode("ascii", "ignore"))


def _is_complete(decoder: codecs.IncrementalDecoder) -> bool:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _guess(evidence: bytes) -> Encoding:
    """The encoding in which the words look most like words. Nothing plausible, or nothing better than the rest: ask."""
    ranked = sorted(((_plausible(evidence, name), name) for name in LIKELY), reverse=True)
    (best, name), (second, _other) = ranked[0], ranked[1]
    if best < BARELY:
        raise FileRefused(_("It is not clear which letters the file is written in. Say which encoding it has."))
    return Encoding(name, is_certain=best >= CLEARLY and best - second >= APART)


def _plausible(evidence: bytes, name: str) -> float:
    """The share of letters beyond ASCII that are common in what is written in this encoding."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        text = decoder.decode(evidence)
    except UnicodeDecodeError:
        return 0.0
    runs = FOREIGN.findall(text)
    letters = sum(map(len, runs))
    return sum(LIKELY[name](run) for run in runs) / letters if letters else 0.0


def _latin(run: str) -> float:
    """Accents and signs stand alone or in pairs between plain letters."""
    return sum(letter.isalpha() or letter in SIGNS for letter in run) if len(run) <= 2 else 0.0


def _japanese(run: str) -> float:
    """Kana, full-width signs, and the kanji of the first level."""
    return sum(
        "\u3000" <= letter <= "\u30ff"
        or "\uff00" <= letter <= "\uff60"
        or ("\uff61" <= letter <= "\uff9f" and len(run) > 2)
        or letter.encode("cp932", "ignore")[:1] in FIRST_LEVEL_JIS
        for letter in run
    )


def _chinese(run: str) -> float:
    """Signs and the hanzi of the first level."""
    return sum(letter.encode("gb2312", "ignore")[:1] in FIRST_LEVEL_GB for letter in run)


def _bytes(first: int, last: int) -> frozenset[bytes]:
    return frozenset(bytes([lead]) for lead in range(first, last + 1))


FOREIGN = re.compile(r"[^\x00-\x7f]+")
SIGNS = "‘’“”‚„–—…€£¥©®™°·«»¿¡§ªº½¼¾²³¹×´¨\xa0"
FIRST_LEVEL_JIS = _bytes(0x88, 0x97)
FIRST_LEVEL_GB = _bytes(0xA1, 0xA9) | _bytes(0xB0, 0xD7)
LIKELY: dict[str, Callable[[str], float]] = {"cp1252": _latin, "cp932": _japanese, "gb18030": _chinese}
