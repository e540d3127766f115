"""Where the embedded servers live, and on which port the shop opens."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.launch.accounts import Account, can_reach
from config.launch.places import SHORT_FOLDER, SYSTEM_STATE, TEST, place_of, state_folder
from config.launch.ports import NoPort, is_free, next_free_port

STRANGER = Account("stranger", 54321, 54321, demoted=True)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder everybody can walk to; pytest's own is private."""
    monkeypatch.delenv("STATE_DIR", raising=False)
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_data_lies_in_the_checkout(folder: Path) -> None:
    place = place_of(folder)
    assert place.state == folder / "var"
    assert place.sockets == folder / "var" / "run"


def test_the_tests_have_a_place_of_their_own(folder: Path) -> None:
    assert place_of(folder, TEST).state == folder / "var" / "test"


@pytest.mark.parametrize("name", ["with space", "x" * 90, "ümlaut"])
def test_sockets_move_to_a_short_plain_path_when_the_checkout_has_none(folder: Path, name: str) -> None:
    checkout = folder / name
    checkout.mkdir()
    place = place_of(checkout)
    assert place.state == checkout / "var"
    assert place.sockets.parent == SHORT_FOLDER
    assert len(str(place.sockets)) < 60


def test_two_checkouts_never_share_sockets(folder: Path) -> None:
    places = []
    for name in ("a b", "b a"):
        (folder / name).mkdir()
        places.append(place_of(folder / name).sockets)
    assert len(set(places)) == 2


def test_a_private_checkout_sends_the_data_to_the_systems_state(folder: Path) -> None:
    checkout = folder / "private"
    checkout.mkdir(mode=0o700)
    assert not can_reach(STRANGER, checkout)
    assert state_folder(checkout, STRANGER).parent == SYSTEM_STATE / "portolan"


def test_reaching_means_every_folder_on_the_way(folder: Path) -> None:
    inner = folder / "outer" / "inner"
    inner.mkdir(parents=True)
    assert can_reach(STRANGER, inner)
    (folder / "outer").chmod(0o700)
    assert not can_reach(STRANGER, inner)
    assert can_reach(Account("owner", os.getuid(), os.getgid(), demoted=False), inner)


def test_root_never_runs_postgresql_as_root(folder: Path) -> None:
    account = place_of(folder).account
    assert account.uid != 0
    assert account.demoted is (os.geteuid() == 0)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield door.getsockname()[1]


def test_a_taken_port_gives_way_to_the_next_free_one(taken: int) -> None:
    assert not is_free(taken)
    found = next_free_port(taken)
    assert found > taken
    assert is_free(found)


def test_a_port_taken_on_every_address_counts_as_taken() -> None:
    with socket.socket() as door:
        door.bind(("0.0.0.0", 0))  # noqa: S104 (exactly what is tested)
        door.listen()
        assert not is_free(door.getsockname()[1])


def test_there_are_not_ports_without_end() -> None:
    with pytest.raises(NoPort, match=r"65600"):
        next_free_port(65600)
