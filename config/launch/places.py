"""Where the embedded servers keep their data and their sockets: decided by rules, not by starting anything.

Settings ask for the addresses without the servers running; the launcher starts them at exactly these places.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from config import env
from config.launch.accounts import Account, NoAccount, can_reach, server_account

ROOT = Path(__file__).resolve().parents[2]
SHOP = "shop"
TEST = "test"

# A Unix socket's path must stay under about 100 bytes, and some clients do not unquote it.
SOCKET_LIMIT = 100
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+")
SYSTEM_STATE = Path("/var/lib")
SHORT_FOLDER = Path("/tmp")  # noqa: S108 (our own folder inside is 0700 and its owner is checked)


@dataclass(frozen=True)
class Place:
    """One pair of servers: `state` holds data and logs, `sockets` the two sockets, `account` runs them."""

    profile: str
    state: Path
    sockets: Path
    account: Account

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def database_url(self) -> str:
        return f"postgresql://portolan@/portolan?host={quote(str(self.sockets))}"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.valkey_socket))}?db=0"


@dataclass(frozen=True)
class Addresses:
    database: str
    redis: str


def served_addresses(root: Path, profile: str = SHOP) -> Addresses:
    """Where the embedded servers will answer; empty where none can run, so that the missing variable is named."""
    try:
        place = place_of(root, profile)
    except NoAccount:
        return Addresses("", "")
    return Addresses(place.database_url, place.redis_url)


def place_of(root: Path, profile: str = SHOP) -> Place:
    account = server_account(root)
    state = state_folder(root, account)
    if profile != SHOP:
        state = state / profile
    return Place(profile, state, _socket_folder(state, account), account)


def state_folder(root: Path, account: Account) -> Path:
    """`var/` of the checkout, or a system folder when the servers' account cannot walk into the checkout."""
    chosen = env.text("STATE_DIR", "")
    if chosen:
        return Path(chosen)
    if can_reach(account, root):
        return root / "var"
    return SYSTEM_STATE / "portolan" / fingerprint(root)


def fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _socket_folder(state: Path, account: Account) -> Path:
    folder = state / "run"
    longest = len(os.fsencode(folder / LONGEST_SOCKET_NAME))
    if longest < SOCKET_LIMIT and PLAIN_PATH.fullmatch(str(folder)):
        return folder
    return SHORT_FOLDER / f"portolan-{account.uid}-{fingerprint(folder)}"
