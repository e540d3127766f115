"""The evidence as one ZIP to hand in: a text per chosen kind, and the order's documents. Pure but for the files."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from orders.disputing.evidence import Found

AT = (1980, 1, 1, 0, 0, 0)
"""The same evidence gives the same file."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A file that goes along."""

    name: str
    content: bytes


def evidence_zip(found: Iterable[Found], notes: Mapping[str, str], papers: Iterable[Paper]) -> bytes:
    """The file. `found` is what was chosen, `notes` what a person wrote beside a kind."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(found, start=1):
            _put(archive, f"{number:02d}-{one.kind}.txt", text_of(one, notes.get(one.kind, "")).encode())
        for paper in papers:
            _put(archive, f"documents/{_safe(paper.name)}", paper.content)
    return target.getvalue()


def text_of(found: Found, note: str) -> str:
    """One kind as plain text."""
    parts = [found.title, "=" * len(found.title), "", *found.lines]
    if note.strip():
        parts += ["", note.strip()]
    return "\n".join(parts) + "\n"


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, AT), content, zipfile.ZIP_DEFLATED)


def _safe(name: str) -> str:
    """No folders in a name."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name).lstrip(".") or "document"
