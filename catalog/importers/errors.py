"""Refusals of an import: of the whole file, or of one product's rows."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class FileRefused(DomainError):
    """The file as a whole cannot be read; nothing was changed."""

    code = "IMPORT_FILE_REFUSED"
    message = _("This file cannot be read.")


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one cell, in words for the person who owns the file. `is_note` means it went in anyway."""

    line: int
    column: str
    value: str
    message: str
    is_note: bool = False


class RowsRefused(Exception):
    """The rows of one product cannot go in; the others can."""

    def __init__(self, *problems: RowProblem) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.message for problem in problems))


def problem(line: int, column: str, value: str, message: str | Promise, *, is_note: bool = False) -> RowProblem:
    """A `RowProblem` with its words settled in the present language."""
    return RowProblem(line, column, value[:200], str(message), is_note)
