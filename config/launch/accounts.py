"""Under which account the embedded servers run: PostgreSQL refuses to be root, so root hands it to somebody lesser."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class NoAccount(RuntimeError):
    """There is nobody the embedded servers could run as."""


@dataclass(frozen=True)
class Account:
    """`demoted` says that a process must change to it; otherwise it is simply who we are."""

    name: str
    uid: int
    gid: int
    demoted: bool

    def for_child(self) -> dict[str, Any]:
        """What `subprocess` needs to run a child as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.demoted else {}


def server_account(root: Path) -> Account:
    """Ourselves, or when we are root: the checkout's owner, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return _named(os.geteuid(), demoted=False)
    owner = root.stat().st_uid
    candidates: list[int | str] = [owner] if owner else []
    for who in (*candidates, "postgres", "nobody"):
        try:
            return _named(who, demoted=True)
        except NoAccount:
            continue
    raise NoAccount(
        "PostgreSQL refuses to run as root, and this machine has no account `postgres` or `nobody` to run it as. "
        "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
    )


def _named(who: int | str, *, demoted: bool) -> Account:
    try:
        entry = pwd.getpwuid(who) if isinstance(who, int) else pwd.getpwnam(who)
    except KeyError:
        raise NoAccount(
            f"The account {who} has no name on this machine, which PostgreSQL insists on. "
            "Run as a named user, or set DATABASE_URL to a PostgreSQL of your own."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, demoted)


def can_reach(account: Account, folder: Path) -> bool:
    """May this account walk down to the folder (or to the deepest part of it that exists)?"""
    return all(_may(account, step, stat.S_IXOTH) for step in (*reversed(folder.parents), folder) if step.exists())


def _may(account: Account, folder: Path, bit: int) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        bit <<= 6
    elif status.st_gid == account.gid:
        bit <<= 3
    return bool(status.st_mode & bit)
