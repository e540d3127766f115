"""Reading the environment: typed, strict, and naming what is wrong."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from config import env
from config.launch.places import ROOT

READ = re.compile(r"""env\.(?:text|flag|number|words|database|redis_address|broker_address)\(\s*["']([A-Z0-9_]+)["']""")
LISTED = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
# The system's own, and what the launcher says to the tests.
NOT_FOR_OPERATORS = {"HOME", "MAKELEVEL", "FAILED_CHECKS"}


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(env.SettingError, match=r"SECRET_KEY"):
        env.text("SECRET_KEY")


@pytest.mark.parametrize(("word", "meaning"), [("yes", True), ("1", True), ("TRUE", True), ("no", False), ("0", False)])
def test_flags_are_words(monkeypatch: pytest.MonkeyPatch, word: str, meaning: bool) -> None:
    monkeypatch.setenv("HTTPS", word)
    assert env.flag("HTTPS", default=not meaning) is meaning


def test_an_unreadable_flag_or_number_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS", "perhaps")
    monkeypatch.setenv("PORT", "eight")
    with pytest.raises(env.SettingError, match=r"HTTPS"):
        env.flag("HTTPS", default=True)
    with pytest.raises(env.SettingError, match=r"PORT"):
        env.number("PORT", default=1)


def test_a_database_address_may_hold_odd_characters_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:p%40ss%2Fword@db.example:6432/shop?sslmode=require")
    found = env.database("DATABASE_URL")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == (
        "ann",
        "p@ss/word",
        "db.example",
        "6432",
    )
    assert found["NAME"] == "shop"
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_database_address_may_be_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://portolan@/portolan?host=/srv/with%20space/run")
    found = env.database("DATABASE_URL")
    assert (found["HOST"], found["NAME"], found["USER"]) == ("/srv/with space/run", "portolan", "portolan")


def test_only_postgresql_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    with pytest.raises(env.SettingError, match=r"PostgreSQL"):
        env.database("DATABASE_URL")


@pytest.mark.parametrize(
    ("address", "cache", "broker"),
    [
        ("redis://:pw@host:6379/0", "redis://:pw@host:6379/0", "redis://:pw@host:6379/1"),
        ("rediss://host", "rediss://host/0", "rediss://host/1"),
        ("unix:///run/v.sock?db=5", "unix:///run/v.sock?db=0", "redis+socket:///run/v.sock?virtual_host=1"),
    ],
)
def test_cache_and_queue_share_a_server_but_not_a_database(
    monkeypatch: pytest.MonkeyPatch, address: str, cache: str, broker: str
) -> None:
    monkeypatch.setenv("REDIS_URL", address)
    assert env.redis_address("REDIS_URL", number=0) == cache
    assert env.broker_address("REDIS_URL", number=1) == broker


def test_what_the_operator_has_set_is_never_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_NAME", "Ours")
    env.announce({"SHOP_NAME": "Theirs"})
    assert env.text("SHOP_NAME") == "Ours"


def test_the_example_lists_every_variable_once_and_no_other() -> None:
    read = {name for path in (ROOT / "config").rglob("*.py") for name in READ.findall(path.read_text())}
    for where in ("conftest.py", "browser/demo.py"):
        read |= set(READ.findall((ROOT / "tests" / where).read_text()))
    read |= {"DJANGO_SETTINGS_MODULE", *compose_variables()}
    listed = Counter(LISTED.findall((ROOT / ".env.example").read_text()))
    assert set(listed) == read - NOT_FOR_OPERATORS
    assert max(listed.values()) == 1


def test_only_one_module_reads_the_environment() -> None:
    """Everybody else would escape the example, the types and the names of what is missing."""
    readers = [
        str(path.relative_to(ROOT))
        for path in ROOT.glob("*/**/*.py")
        if not {".venv", "var", "tests"} & set(path.relative_to(ROOT).parts)
        and re.search(r"os\.environ|os\.getenv|getenv\(", path.read_text())
    ]
    assert readers == ["config/env.py"]


def compose_variables() -> set[str]:
    return set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text()))
