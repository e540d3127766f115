"""Who uses the embedded servers right now, so that the last one out stops them, whoever started them.

Every user holds a shared lock on one file, which the kernel gives back even after `kill -9`. Starting and stopping
happen one at a time under a second lock.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Lease:
    def __init__(self, folder: Path) -> None:
        self._turn = folder / "servers.turn"
        self._users = folder / "servers.users"
        self._held: int | None = None
        self._holder = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Nobody else starts or stops the servers meanwhile."""
        handle = _open(self._turn)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def take(self) -> None:
        """Count this process as a user. Call within `turn()`."""
        if self._held is None:
            self._held = _open(self._users)
            self._holder = os.getpid()
            fcntl.flock(self._held, fcntl.LOCK_SH)

    def is_mine(self) -> bool:
        """Taken by this very process, not inherited by a fork."""
        return self._held is not None and self._holder == os.getpid()

    def give_back(self) -> bool:
        """Stop counting this process; true when nobody else uses the servers. Call within `turn()`."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
        return self.is_free()

    def is_free(self) -> bool:
        handle = _open(self._users)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(handle)
        return True


def _open(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
