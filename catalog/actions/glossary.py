"""The glossary: terms put, taken away and read from a table."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from catalog.models import GlossaryTerm
from catalog.translating.registry import target_languages
from core import audit
from core.errors import DomainError

LONGEST_TERM, LONGEST_TRANSLATION, LONGEST_NOTE = 120, 200, 300


class TermRefused(DomainError):
    """A term that says nothing, or two things at once."""

    code = "TERM_REFUSED"
    message = _("A term needs a language and a translation, or it stays as it is and has no translation of its own.")


@dataclass(frozen=True, kw_only=True)
class TermDraft:
    """A term as somebody wants it; `language` is empty for every language."""

    source_term: str
    language: str = ""
    target_term: str = ""
    do_not_translate: bool = False
    case_sensitive: bool = False
    note: str = ""


class TermTaken(DomainError):
    """Another term has this name in this language."""

    code = "TERM_TAKEN"
    message = _("The glossary has this term in this language already.")


@transaction.atomic
def put_term(*, draft: TermDraft, term_id: int | None = None) -> bool:
    """Bring a term to what is asked: the one with this id, else the one of this name and language, else a new one.

    True when something changed. Raises `TermRefused` and `TermTaken`.
    """
    _check(draft)
    terms = GlossaryTerm.objects.select_for_update()
    namesake = (
        terms.annotate(low=Lower("source_term")).filter(low=draft.source_term.lower(), language=draft.language).first()
    )
    row = namesake or GlossaryTerm()
    if term_id is not None:
        row = terms.get(pk=term_id)
    if namesake is not None and namesake.pk != row.pk:
        raise TermTaken
    facts = vars(draft)
    if not row._state.adding and all(getattr(row, name) == value for name, value in facts.items()):
        return False
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    audit.record("catalog.put_term", row, data=facts)
    return True


@transaction.atomic
def remove_term(*, term_id: int) -> None:
    """Strike a term out."""
    row = GlossaryTerm.objects.select_for_update().get(pk=term_id)
    audit.record("catalog.remove_term", row, data={"term": row.source_term, "language": row.language})
    row.delete()


def _check(draft: TermDraft) -> None:
    """What the database would refuse, with a sentence."""
    says_nothing = not draft.do_not_translate and not (draft.target_term and draft.language)
    says_two_things = draft.do_not_translate and bool(draft.target_term)
    unknown = bool(draft.language) and draft.language not in target_languages()
    too_long = (
        len(draft.source_term) > LONGEST_TERM
        or len(draft.target_term) > LONGEST_TRANSLATION
        or len(draft.note) > LONGEST_NOTE
    )
    if not draft.source_term.strip() or says_nothing or says_two_things or unknown or too_long:
        raise TermRefused
