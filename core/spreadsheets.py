"""Cells that a spreadsheet cannot take for a formula, and that are read back as what they were.

A cell that begins with one of `= + - @`, a tab or a line end may be run as a formula when somebody opens the file
(OWASP, "CSV Injection"). `guarded` puts an apostrophe before it, as before white space at the beginning, before what
looks like a spreadsheet's error, and before an apostrophe that `plain` would otherwise take away. `plain` undoes
exactly that: `plain(guarded(text)) == text` for every text.
"""

import re

SIGNS = "=+-@\t\r\n＝＋－＠"
_RISKY = re.compile(rf"'*(?:[{re.escape(SIGNS)}]|[\s\0]|#[A-Z0-9/_]+[!?]?$|\[empty\]$)|''")
EMPTY = "[empty]"
"""A cell that empties the field. A text that reads so is guarded like the others."""


def guarded(text: str) -> str:
    """The text as a cell that stays a text."""
    return f"'{text}" if _RISKY.match(text) else text


def plain(cell: str) -> str:
    """The text of a cell."""
    return cell[1:] if cell[:1] == "'" and _RISKY.match(cell[1:]) else cell
