"""Making the environment: what is installed when, and what is said when it cannot be."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from config import env
from config.launch import bootstrap
from config.launch.bootstrap import DEV, INSTALLER, RUNTIME, Environment, SetupTrouble
from config.launch.places import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose environment exists and holds the development lock."""
    (tmp_path / "requirements").mkdir()
    for lock in (RUNTIME, DEV, INSTALLER):
        (tmp_path / "requirements" / lock).write_text(f"# {lock}\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return tmp_path


def stamped(checkout: Path, lock: str) -> Environment:
    environment = Environment(checkout)
    environment._stamp.write_text(json.dumps({"sha256": environment._digest(lock)}))
    return environment


def test_an_installed_lock_is_not_installed_again(checkout: Path) -> None:
    assert stamped(checkout, RUNTIME).is_current(RUNTIME)


def test_a_changed_lock_is_installed(checkout: Path) -> None:
    environment = stamped(checkout, RUNTIME)
    (checkout / "requirements" / RUNTIME).write_text("# another version\n")
    assert not environment.is_current(RUNTIME)


def test_the_development_lock_serves_the_shop_but_not_the_other_way_round(checkout: Path) -> None:
    assert stamped(checkout, DEV).is_current(RUNTIME)
    assert not stamped(checkout, RUNTIME).is_current(DEV)


@pytest.mark.parametrize("stamp", ["", "no json", "{}", "[]"])
def test_an_unreadable_stamp_counts_as_not_installed(checkout: Path, stamp: str) -> None:
    environment = Environment(checkout)
    environment._stamp.write_text(stamp)
    assert not environment.is_current(RUNTIME)


def test_an_environment_whose_python_is_gone_is_not_current(checkout: Path) -> None:
    environment = stamped(checkout, RUNTIME)
    environment.python.unlink()
    environment.python.symlink_to(checkout / "removed")
    assert not environment.is_current(RUNTIME)


def test_a_python_without_venv_gets_one_sentence_with_the_cure(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    environment = Environment(checkout)
    environment.python.unlink()
    with pytest.raises(SetupTrouble, match=r"python3-venv") as refusal:
        environment.prepare(RUNTIME)
    assert "\n" not in str(refusal.value)
    assert not environment.folder.exists()


def test_an_old_python_gets_one_sentence() -> None:
    script = (
        "import sys, runpy; sys.version_info = (3, 8, 1); sys.argv = ['manage.py', 'up'];"
        "runpy.run_path('manage.py', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Portolan needs Python 3.11 or newer")
    assert done.stderr.count("\n") == 1


def test_an_old_python_can_read_manage_py_far_enough_to_say_it() -> None:
    ast.parse((ROOT / "manage.py").read_text(), feature_version=(3, 4))


def test_nothing_but_the_standard_library_is_needed_before_the_environment_exists() -> None:
    """`-S` leaves out everything installed, so an import of it would fail here."""
    script = "import config.launch.bootstrap, config.launch.places, config.env"
    done = subprocess.run([sys.executable, "-S", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_missing_python_is_named_by_make() -> None:
    done = subprocess.run(
        ["make", "run", "PYTHON=no-such-python"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "there is no no-such-python here" in done.stderr


def test_make_help_lists_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("run", "run-production-like", "test", "check", "bench", "shell", "messages", "format"):
        assert f"\n  {target} " in done.stdout


def test_only_commands_that_build_or_check_need_the_development_lock() -> None:
    assert "test" in bootstrap.DEV_COMMANDS
    assert not {"up", "migrate", "shell", "messages"} & bootstrap.DEV_COMMANDS


def test_what_is_started_keeps_its_compiled_modules_in_a_folder_of_ours(tmp_path: Path) -> None:
    """Also for an account that wants no compiled files beside the sources: half of every start is compiling."""
    script = (
        "import subprocess, sys; from pathlib import Path; from config import env;"
        f"env.keep_compiled(Path({str(tmp_path)!r}));"
        "subprocess.run([sys.executable, '-S', '-c', 'import config.launch.places'], check=True)"
    )
    settings = env.snapshot(PYTHONDONTWRITEBYTECODE="1", PYTHONPYCACHEPREFIX="")
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=settings, check=True)
    assert [path.name.split(".")[0] for path in tmp_path.rglob("places.*.pyc")] == ["places"]
