"""The compose file and the image, checked without a container engine: syntax, health, secrets, context."""

from __future__ import annotations

import fnmatch
import re
from typing import Any

import pytest
import yaml

from config.launch.places import ROOT
from config.launch.postgres import LOCALE
from config.settings.base import OUR_APPS

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
RUN_ONCE = {"prepare"}


def test_the_shape_of_production_is_complete() -> None:
    assert set(SERVICES) == {"proxy", "prepare", "web", "worker", "bulk", "beat", "database", "queue", "storage"}
    assert SERVICES["storage"]["profiles"] == ["storage"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - RUN_ONCE))
def test_every_lasting_service_says_whether_it_is_well(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries"} <= set(check)


def test_services_start_after_what_they_need() -> None:
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in SERVICES, name
            assert how["condition"] in {"service_healthy", "service_completed_successfully"}


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        uses = re.findall(r"\$\{" + name + r"[^}]*\}", text)
        assert uses
        assert all(use == "${" + name + ":?set it in .env}" for use in uses)
    for line in (ROOT / ".env.example").read_text().splitlines():
        if re.match(r"(?:# )?\w*(?:SECRET|PASSWORD|ACCESS_KEY)\w*=", line):
            assert line.endswith("="), line


def test_every_volume_is_declared() -> None:
    used = {
        mount.split(":")[0]
        for service in SERVICES.values()
        for mount in service.get("volumes", [])
        if not mount.startswith((".", "/"))
    }
    assert used == set(COMPOSE["volumes"])


def test_the_shop_itself_never_runs_as_root_nor_writes_to_its_image() -> None:
    assert re.search(r"^USER portolan$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.index("USER portolan") < DOCKERFILE.index("CMD ")
    for name in ("web", "worker", "bulk", "beat", "prepare", "proxy"):
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_the_database_sorts_like_the_embedded_one() -> None:
    assert SERVICES["database"]["environment"]["POSTGRES_INITDB_ARGS"].split() == list(LOCALE)


def test_everything_the_image_copies_is_in_the_build_context() -> None:
    assert SERVICES["web"]["build"] == {"context": ".", "dockerfile": "docker/Dockerfile"}
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
    for needed in ("manage.py", "requirements/runtime.txt", "config", "templates", "static", "locale", *OUR_APPS):
        assert is_sent(needed), needed


@pytest.mark.parametrize("name", [".env", ".git", "var", ".venv", "tests", "config/.env"])
def test_state_secrets_and_tests_stay_out_of_the_image(name: str) -> None:
    assert not is_sent(name)


def test_every_command_names_a_module_or_program_that_exists() -> None:
    for service in SERVICES.values():
        words = [str(word) for word in service.get("command", [])]
        if words[:2] == ["python", "-m"]:
            assert (ROOT / (words[2].replace(".", "/") + ".py")).exists()


def test_the_proxy_serves_what_the_shop_collects() -> None:
    proxy = (ROOT / "docker" / "nginx.conf").read_text()
    mounts = {mount.split(":")[1] for mount in SERVICES["proxy"]["volumes"]}
    for folder in ("/srv/state/static", "/srv/state/media"):
        assert f"alias {folder}/;" in proxy
        assert folder in mounts
    assert proxy.count("{") == proxy.count("}")


def is_sent(name: str) -> bool:
    """What docker does with .dockerignore: the last line that matches a path or a folder above it decides."""
    sent = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!").removeprefix("**/")
        parents = [name.rsplit("/", count)[0] for count in range(name.count("/") + 1)]
        candidates = [name.rsplit("/", 1)[-1], *parents] if "**/" in line else parents
        if any(fnmatch.fnmatch(candidate, pattern) for candidate in candidates):
            sent = line.startswith("!")
    return sent
