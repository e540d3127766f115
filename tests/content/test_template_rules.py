"""Rules for templates and browser files that no other tool checks: the security policy, components, sizes."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("storefront", "components", "account", "allauth", "payments")
TEMPLATES = sorted(path for place in PLACES for path in (ROOT / "templates" / place).rglob("*.html"))
OWN_SCRIPTS = sorted(path for path in (ROOT / "static" / "js").glob("*.js") if path.name != "push-worker.js")
"""Those that pages load; the worker of messages is fetched by browsers that asked for it, beside any page."""
OPERATORS = ("admin-", "translation-desk")
"""How the scripts of operators' screens begin; no shopper loads them."""
SHOPPERS_BUDGET, OPERATORS_BUDGET = 13_000, 6_000
PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right)\b|(?<![-\w])(?:left|right)\s*:|text-align:\s*(?:left|right)"
)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_has_nothing_the_security_policy_refuses(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not re.search(r"<[^>]*\sstyle=", source), "style attributes are refused by the browser"
    assert not re.search(r"<[^>]*\son[a-z]+=", source), "inline handlers are refused by the browser"
    assert not re.search(r"<style\b|<script(?![^>]*\b(?:src|type=.application/ld\+json))", source)


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.parent.name in {"components", "partials"}], ids=named)
def test_a_component_says_what_it_takes(path: Path) -> None:
    assert path.read_text("utf-8").startswith("{#"), "begin with a comment naming the inputs"


def test_our_scripts_stay_within_their_budget() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in OWN_SCRIPTS}
    operators = sum(size for name, size in sizes.items() if name.startswith(OPERATORS))
    assert operators <= OPERATORS_BUDGET, sizes
    assert sum(sizes.values()) - operators <= SHOPPERS_BUDGET, sizes


@pytest.mark.parametrize("name", ["tokens.css", "store.css", "flow.css"])
def test_inline_directions_are_logical(name: str) -> None:
    lines = (ROOT / "static" / "css" / name).read_text("utf-8").splitlines()
    assert [line for line in lines if PHYSICAL.search(line)] == []


@pytest.mark.parametrize("name", ["tokens.css", "store.css", "flow.css"])
def test_nothing_is_forced(name: str) -> None:
    assert "!important" not in (ROOT / "static" / "css" / name).read_text("utf-8")
