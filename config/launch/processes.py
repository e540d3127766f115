"""What the system says about a process: a number alone proves nothing, because numbers are used again."""

from __future__ import annotations

import subprocess
from pathlib import Path

PROC = Path("/proc")


def began(process: int) -> str:
    """When it began: together with its number this names it for good. Empty when there is none."""
    if (PROC / "self" / "stat").exists():
        return _from_proc(process, 19)
    return _from_ps(process, "lstart=")


def program(process: int) -> str:
    """The name of what it runs; empty when there is none."""
    if (PROC / "self" / "stat").exists():
        try:
            return (PROC / str(process) / "comm").read_text().strip()
        except OSError:
            return ""
    return _from_ps(process, "comm=")


def _from_proc(process: int, position: int) -> str:
    """A field of /proc/<number>/stat after the name, which may itself contain spaces. A zombie counts as gone."""
    try:
        fields = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in {"Z", "X"} else fields[position]


def _from_ps(process: int, column: str) -> str:
    asked = subprocess.run(  # noqa: S603 (fixed program, a number)
        ["ps", "-o", column, "-p", str(process)],  # noqa: S607 (found on the PATH, as everywhere)
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip()
