"""Rules about the code itself that no linter holds: sizes, names, and where certain words may stand."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = (
    "analytics", "cart", "catalog", "checkout", "config", "content", "core", "inventory", "marketing", "markets",
    "members", "merchants", "orders", "payments",
)  # fmt: skip
MOST_LINES = 400
MOST_STEPS = 40
VAGUE = {"utils", "helpers", "common", "misc", "base", "manager", "service", "handler", "processor", "data", "tmp"}
MONEY_APPS = ("cart", "catalog", "checkout", "core", "inventory", "markets", "orders", "payments")


def modules(*apps: str) -> list[Path]:
    found = [path for app in apps or APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_module_grows_past_one_subject() -> None:
    sizes = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {name: lines for name, lines in sizes.items() if lines > MOST_LINES} == {}


def steps_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return len({node.lineno for node in ast.walk(function) if isinstance(node, ast.stmt)})


def test_no_function_does_more_than_a_screen_shows() -> None:
    """Counted in lines on which a statement begins: one call that fills a large value is one step, not forty."""
    steps = {
        f"{name_of(path)}:{function.name}": steps_of(function)
        for path in modules()
        for function in functions(path)
        if "drawing" not in path.parts  # a drawing is a list of strokes
    }
    assert {name: count for name, count in steps.items() if count > MOST_STEPS} == {}


def test_modules_are_named_after_what_they_hold() -> None:
    allowed = {"config/settings/base.py"}
    assert [name_of(p) for p in modules() if p.stem in VAGUE and name_of(p) not in allowed] == []


def test_every_app_says_what_it_is_for() -> None:
    silent = [app for app in APPS if not ast.get_docstring(ast.parse((ROOT / app / "apps.py").read_text("utf-8")))]
    assert [app for app in silent if app != "config"] == []


def test_no_float_comes_near_money() -> None:
    """Seconds are floats, and so is how well words fit a query; amounts, rates and weights are not."""
    fits = ("catalog/search/", "catalog/models/search.py")
    suspects = re.compile(r"\bfloat\(|FloatField")
    found = [
        f"{name_of(path)}:{number}"
        for path in modules(*MONEY_APPS)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if suspects.search(line) and not name_of(path).startswith(fits)
    ]
    assert found == []


def test_half_even_rounding_of_the_library_is_never_used() -> None:
    found = [name_of(path) for path in modules(*MONEY_APPS) if "ROUND_HALF_EVEN" in path.read_text("utf-8")]
    assert found == []


def test_models_have_no_signals_and_no_save_with_side_effects() -> None:
    """A field's own method of that name is none."""
    words = re.compile(r"post_save|(?<!def )pre_save|post_delete|pre_delete|m2m_changed|@receiver")
    assert [name_of(path) for path in modules() if words.search(path.read_text("utf-8"))] == []


def test_only_one_module_reads_the_environment() -> None:
    """`config.env` is the reader; the launcher's own steps run before anything is installed."""
    words = re.compile(r"os\.environ|os\.getenv")
    readers = [name_of(path) for path in modules() if words.search(path.read_text("utf-8"))]
    assert [name for name in readers if not name.startswith(("config/env.py", "config/launch/"))] == []


def test_text_is_never_declared_safe_by_hand() -> None:
    """Templates escape; what has been cleaned says so in one place."""
    words = re.compile(r"mark_safe\(|autoescape off|\|safe\b")
    allowed = {
        "content/templatetags/storefront.py",  # escapes every character itself
        "templates/storefront/partials/product_facts.html",  # cleaned by catalog.markup.clean_html
        "templates/storefront/policy.html",  # cleaned by content.markdown
    }
    files = [*modules(), *sorted((ROOT / "templates").rglob("*.html"))]
    found = [name_of(path) for path in files if words.search(path.read_text("utf-8"))]
    assert [name for name in found if name not in allowed] == []


def test_templates_carry_no_style_and_no_script_of_their_own() -> None:
    """The Content-Security-Policy allows neither."""
    words = re.compile(r"\sstyle=\"|\son(click|load|change|submit|input)=|javascript:")
    pages = [path for path in sorted((ROOT / "templates").rglob("*.html")) if "emails" not in path.parts]
    assert [name_of(path) for path in pages if words.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "NotImplemented"])
def test_nothing_is_left_for_later_in_silence(word: str) -> None:
    pattern = re.compile(rf"#.*\b{word}\b|raise {word}\b")
    assert [name_of(path) for path in modules() if pattern.search(path.read_text("utf-8"))] == []


def test_no_index_host_is_written_anywhere() -> None:
    words = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|index-url", re.IGNORECASE)
    files = [*(ROOT / "requirements").glob("*"), ROOT / "pyproject.toml", ROOT / "Makefile"]
    assert [name_of(path) for path in files if words.search(path.read_text("utf-8"))] == []
