"""PostgreSQL and Valkey from their wheels, for one's own machine: started when needed, stopped by the last user.

Only the programs of the wheels are used, never the packages' own launchers. Both servers listen on Unix sockets alone.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from config import env
from config.launch.leases import Lease
from config.launch.places import SHOP, Place
from config.launch.postgres import Postgres
from config.launch.programs import ServerTrouble
from config.launch.valkey import Valkey


class Servers:
    """The pair of embedded servers of one place; those whose address is given by URL are left alone."""

    def __init__(self, place: Place) -> None:
        durable = place.profile == SHOP
        self.place = place
        self._lease = Lease(place.state)
        self._parts: dict[str, Postgres | Valkey] = {}
        if not env.is_set("DATABASE_URL"):
            self._parts["PostgreSQL"] = Postgres(place, durable=durable)
        if not env.is_set("REDIS_URL"):
            self._parts["Redis"] = Valkey(place, durable=durable)

    def use(self) -> None:
        """Make sure they run, count us as a user, and tell this process and its children the addresses."""
        if not self._parts:
            return
        _make_folders(self.place)
        with self._lease.turn():
            self._lease.take()
            try:
                self._start()
            except ServerTrouble:
                self._lease.give_back()
                raise
        env.announce({"DATABASE_URL": self.place.database_url, "REDIS_URL": self.place.redis_url})

    def tend(self) -> list[str]:
        """Start again what has died; the names of what had."""
        dead = [name for name, part in self._parts.items() if not part.is_running()]
        if dead:
            with self._lease.turn():
                self._start()
        return dead

    def leave(self, *, keep_running: bool = False) -> None:
        """Stop counting us; the last one out stops the servers."""
        if not self._lease.is_mine():
            return
        with self._lease.turn():
            if self._lease.give_back() and not keep_running:
                self._stop()

    def stop_if_unused(self) -> bool:
        """Stop servers that somebody left running; false when somebody uses them."""
        if not self.place.state.exists():
            return True
        with self._lease.turn():
            if not self._lease.is_free():
                return False
            self._stop()
        return True

    def _start(self) -> None:
        for part in self._parts.values():
            part.start()

    def _stop(self) -> None:
        for part in reversed(self._parts.values()):
            part.stop()
        if self.place.sockets.parent != self.place.state:
            shutil.rmtree(self.place.sockets, ignore_errors=True)


def _make_folders(place: Place) -> None:
    """Folders the servers' account owns; the way to them stays walkable, they themselves are private."""
    place.state.mkdir(parents=True, exist_ok=True)
    if place.account.demoted:
        _open_way(place.state)
    for folder in (place.state / "log", place.sockets):
        _own_private(folder, place)


def _open_way(folder: Path) -> None:
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & stat.S_IXOTH:
        folder.chmod(mode | stat.S_IXOTH)


def _own_private(folder: Path, place: Place) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if place.account.demoted and status.st_uid == 0:
        os.chown(folder, place.account.uid, place.account.gid)
    elif status.st_uid != place.account.uid:
        raise ServerTrouble(
            f"{folder} belongs to another account than {place.account.name}, which the embedded servers run as. "
            "Start the shop as that account, or remove the folder."
        )
    if stat.S_ISLNK(status.st_mode):
        raise ServerTrouble(f"{folder} is a link; the embedded servers want a folder of their own there.")
