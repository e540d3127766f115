"""The locks: pinned, hashed, consistent, and free of any machine's name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.launch.places import ROOT

LOCKS = [ROOT / "requirements" / name for name in ("runtime.txt", "dev.txt", "installer.txt")]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in PINNED.findall(path.read_text()):
        found.setdefault(name.lower(), set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", lock.read_text(), flags=re.MULTILINE)[1:]
    assert entries
    assert not [entry.split("\n")[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_no_lock_names_an_index_or_a_folder(lock: Path) -> None:
    assert not re.findall(
        r"https?://|file://|--(?:extra-)?index-url|--find-links|\b[\w-]+\.(?:org|com|net|io)\b", lock.read_text()
    )


def test_the_development_lock_holds_the_runtime_at_the_same_versions() -> None:
    runtime, development = pins(LOCKS[0]), pins(LOCKS[1])
    assert {name: development.get(name) for name in runtime} == runtime


def test_every_component_asked_for_is_in_its_lock() -> None:
    for name in ("runtime", "dev", "installer"):
        asked = re.findall(
            r"^([A-Za-z][A-Za-z0-9._-]*)", (ROOT / "requirements" / f"{name}.in").read_text(), re.MULTILINE
        )
        assert not {part.lower() for part in asked} - set(pins(ROOT / "requirements" / f"{name}.txt"))
