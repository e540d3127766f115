"""What changed between two versions of a text, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

PARTS = re.compile(r"<[^>]*>|\s+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+|[^\w\s]")
MOST_PARTS = 4000
"""Beyond this many, comparing takes seconds: both versions are then shown whole."""


@dataclass(frozen=True)
class Change:
    """A stretch of text that is in both versions (`same`), only in the new (`added`) or only in the old (`gone`)."""

    what: str
    text: str


def changes_between(old: str, new: str) -> tuple[Change, ...]:
    """The new version with what went and what came. Joining what is not `gone` gives the new text exactly."""
    before, after = PARTS.findall(old), PARTS.findall(new)
    if len(before) > MOST_PARTS or len(after) > MOST_PARTS:
        return tuple(Change(what, text) for what, text in (("gone", old), ("added", new)) if text)
    found: list[Change] = []
    for step, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            found.append(Change("same", "".join(after[j1:j2])))
            continue
        if i1 < i2:
            found.append(Change("gone", "".join(before[i1:i2])))
        if j1 < j2:
            found.append(Change("added", "".join(after[j1:j2])))
    return tuple(found)
