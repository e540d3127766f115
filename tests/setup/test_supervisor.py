"""The supervisor: restarts, one log, and an end that leaves nobody behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from config.launch.places import ROOT
from config.launch.processes import began
from config.launch.running import AlreadyRunning, Record
from config.launch.supervisor import Child, Log

LASTING = "import time, os; print('ready', os.getpid(), flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(15, signal.SIG_IGN); {LASTING}"


def supervised(*commands: str, grace: float = 15.0) -> subprocess.Popen[str]:
    script = f"""
        import sys
        from config.launch import supervisor
        supervisor.GRACE = {grace}
        children = [supervisor.Child(f"c{{n}}", [sys.executable, "-c", c]) for n, c in enumerate({list(commands)!r})]
        log = supervisor.Log(colours=False)
        sys.exit(supervisor.Supervisor(children, log=log, tend=list).run(on_start=lambda: log.say("shop", "open")))
    """
    environment = {name: value for name, value in os.environ.items() if name != "MAKELEVEL"}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment
    )


def heard(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout
    for line in process.stdout:
        if word in line:
            return line.strip()
    raise AssertionError(f"The supervisor ended without saying {word!r}.")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everybody_cleanly(number: signal.Signals) -> None:
    process = supervised(LASTING)
    child = int(heard(process, "ready").split()[-1])
    process.send_signal(number)
    assert process.wait(timeout=10) == 0
    assert not began(child)


def test_a_child_that_was_killed_is_started_again() -> None:
    process = supervised(LASTING)
    first = int(heard(process, "ready").split()[-1])
    os.kill(first, signal.SIGKILL)
    assert "signal 9" in heard(process, "ended")
    second = int(heard(process, "ready").split()[-1])
    assert second != first
    process.terminate()
    process.wait(timeout=10)


def test_a_child_that_will_not_end_is_ended() -> None:
    process = supervised(STUBBORN, grace=0.5)
    child = int(heard(process, "ready").split()[-1])
    process.terminate()
    assert process.wait(timeout=10) == 0
    assert not began(child)


def test_each_line_says_who_said_it() -> None:
    process = supervised(LASTING)
    assert heard(process, "ready").startswith("c0     | ready")
    process.terminate()
    process.wait(timeout=10)


def test_a_child_that_keeps_failing_is_tried_less_and_less_often(capsys: pytest.CaptureFixture[str]) -> None:
    child, log, pauses = Child("web", [sys.executable, "-c", "raise SystemExit(3)"]), Log(colours=False), []
    for _ in range(8):
        child.start(log)
        assert child.process
        child.process.wait()
        started = child.started
        child.plan_restart(log)
        pauses.append(round(child.due - started))
    assert pauses[0] == 0
    assert pauses[1:] == sorted(pauses[1:])
    assert pauses[-1] == 30
    assert "code 3" in capsys.readouterr().out


def test_one_checkout_runs_one_shop(tmp_path: Path) -> None:
    first = Record(tmp_path)
    with first.hold():
        first.write(address="http://localhost:8000/", processes=[])
        with pytest.raises(AlreadyRunning, match=r"http://localhost:8000/"), Record(tmp_path).hold():
            pass


def test_what_a_killed_shop_left_running_is_ended_by_the_next(tmp_path: Path) -> None:
    left = subprocess.Popen([sys.executable, "-c", LASTING], start_new_session=True, stdout=subprocess.DEVNULL)
    killed = Record(tmp_path)
    killed._turn.touch()
    killed.write(address="http://localhost:8000/", processes=[left.pid])
    with Record(tmp_path).hold():
        assert left.wait(timeout=10) == -signal.SIGTERM


def test_a_stranger_with_a_reused_number_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", LASTING], stdout=subprocess.DEVNULL)
    (tmp_path / "up.json").write_text(json.dumps({"children": [{"pid": stranger.pid, "since": "long ago"}]}))
    with Record(tmp_path).hold():
        assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
