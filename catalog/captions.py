"""Captions of films: WebVTT, checked line by line. Source: W3C WebVTT, the syntax for authors."""

import re

from django.utils.translation import gettext as _

from catalog.errors import MediaProblem

MOST_BYTES = 512 * 1024
HEAD = re.compile(r"WEBVTT(?:[ \t].*)?")
TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t].*)?")
ARROW = "-->"


def checked_captions(content: bytes) -> bytes:
    """The captions as plain UTF-8 with single line ends. Raises `MediaProblem` with the line that is wrong."""
    if len(content) > MOST_BYTES:
        raise MediaProblem(_("The captions are too long."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        raise MediaProblem(_("Captions are WebVTT files in UTF-8.")) from trouble
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").split("\n")
    if not HEAD.fullmatch(lines[0]):
        raise MediaProblem(_("Captions are WebVTT files in UTF-8: the first line says WEBVTT."))
    if not sum(_is_cue(number, block) for number, block in _blocks(lines)):
        raise MediaProblem(_("The captions are empty: no line says from when to when it is shown."))
    return "\n".join(lines).encode()


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """What stands between empty lines, with the number of its first line. The head is left out."""
    found: list[tuple[int, list[str]]] = []
    begins = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            begins = True
            continue
        if begins:
            found.append((number, []))
        found[-1][1].append(line)
        begins = False
    return found[1:]


def _is_cue(number: int, block: list[str]) -> bool:
    """Whether these lines are shown; comments and looks are not. Raises `MediaProblem`."""
    if block[0].split()[0] in {"NOTE", "STYLE", "REGION"} and ARROW not in block[0]:
        return False
    at = 0 if ARROW in block[0] else 1
    timing = TIMING.fullmatch(block[at].strip()) if at < len(block) else None
    if timing is None:
        raise MediaProblem(
            _("Line %(line)d of the captions should say when, like 00:01.000 --> 00:04.000.") % {"line": number + at}
        )
    start, end = (_milliseconds(timing.groups()[first : first + 4]) for first in (0, 4))
    if end <= start or any(ARROW in line for line in block[at + 1 :]):
        raise MediaProblem(_("Line %(line)d of the captions ends before it begins.") % {"line": number + at})
    return True


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
