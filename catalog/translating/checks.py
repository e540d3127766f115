"""What is wrong, or may be wrong, with a translation. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.translating.codes import codes_of
from catalog.translating.registry import TranslatableField
from catalog.translating.texts import Kind, bare


class Term(Protocol):
    """What the checks read of a glossary term."""

    source_term: str
    target_term: str
    do_not_translate: bool
    case_sensitive: bool


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something about a translation. One that is `grave` keeps it from being approved; `code` is stable."""

    code: str
    sentence: str
    is_grave: bool = False


def remarks_on(*, source: str, words: str, about: TranslatableField, hits: Sequence[Term] = ()) -> tuple[Remark, ...]:
    """Everything one should know before this translation is approved; nothing while there are no words."""
    if not words:
        return ()
    return (*_codes(source, words, about.kind), *_length(words, about), *_terms(words, about.kind, hits))


def _codes(source: str, words: str, kind: Kind) -> list[Remark]:
    """Formatting of the original stays; Markdown's signs are words to us."""
    wanted, found = codes_of(source, kind), codes_of(words, kind)
    lost, added = wanted - found, found - wanted
    remarks = []
    if lost:
        sentence = _("The original has these codes, the translation does not: %(codes)s")
        remarks.append(Remark(code="codes_lost", sentence=sentence % {"codes": _listed(lost)}, is_grave=True))
    if added:
        sentence = _("The translation has these codes, the original does not: %(codes)s")
        remarks.append(Remark(code="codes_added", sentence=sentence % {"codes": _listed(added)}, is_grave=True))
    if kind is Kind.LINES and (lines := _lines(words)) != (there := _lines(source)):
        sentence = ngettext(
            "The original has %(there)d line, the translation %(lines)d.",
            "The original has %(there)d lines, the translation %(lines)d.",
            there,
        )
        remarks.append(Remark(code="lines", sentence=sentence % {"there": there, "lines": lines}))
    return remarks


def _length(words: str, about: TranslatableField) -> list[Remark]:
    length = len(words)
    if about.longest is not None and length > about.longest:
        sentence = _("%(length)d characters; only %(longest)d can be stored.")
        facts = {"length": length, "longest": about.longest}
        return [Remark(code="too_long", sentence=sentence % facts, is_grave=True)]
    if about.advised is not None and length > about.advised:
        sentence = _("%(length)d characters; search engines show about %(advised)d.")
        return [Remark(code="long", sentence=sentence % {"length": length, "advised": about.advised})]
    return []


def _terms(words: str, kind: Kind, hits: Sequence[Term]) -> list[Remark]:
    read = bare(words, kind)
    remarks = []
    for term in hits:
        wanted = term.source_term if term.do_not_translate else term.target_term
        if (wanted in read) if term.case_sensitive else (wanted.casefold() in read.casefold()):
            continue
        sentence = (
            _("“%(wanted)s” is to stay as it is and is missing.")
            if term.do_not_translate
            else _("The glossary says “%(wanted)s” for “%(term)s”; it is missing.")
        )
        remarks.append(Remark(code="glossary", sentence=sentence % {"wanted": wanted, "term": term.source_term}))
    return remarks


def _lines(text: str) -> int:
    return len([line for line in text.splitlines() if line.strip()])


def _listed(codes: dict[str, int]) -> str:
    return ", ".join(code if count == 1 else f"{code} ×{count}" for code, count in sorted(codes.items()))
