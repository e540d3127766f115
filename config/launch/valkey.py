"""The embedded Redis-compatible server: append-only file on, one Unix socket, no port."""

from __future__ import annotations

import shutil
import socket
import time

from config.launch.places import Place
from config.launch.programs import ServerTrouble, run_as, valkey_program

TRIES = 100
PAUSE = 0.1


class Valkey:
    def __init__(self, place: Place, *, durable: bool) -> None:
        self._place = place
        self._folder = place.state / "valkey"
        self._durable = durable

    def is_running(self) -> bool:
        return self._ask("PING").startswith("+PONG")

    def start(self) -> None:
        self._make_folder()
        for attempt in range(TRIES):
            answer = self._ask("PING")
            if answer.startswith("+PONG"):
                return
            if not answer and attempt % 20 == 0:
                self._spawn()
            time.sleep(PAUSE)
        raise ServerTrouble(f"The embedded Redis does not start; see {self._place.state / 'log' / 'valkey.log'}.")

    def stop(self) -> None:
        """`SHUTDOWN` writes the append-only file to the end before it goes."""
        self._ask("SHUTDOWN")
        for _ in range(TRIES):
            if not self._ask("PING"):
                return
            time.sleep(PAUSE)

    def _make_folder(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self._place.account.demoted:
            shutil.chown(self._folder, self._place.account.uid, self._place.account.gid)

    def _spawn(self) -> None:
        keep = ("--appendonly", "yes", "--appendfsync", "everysec") if self._durable else ("--appendonly", "no")
        # Relative names, because values on this command line must not contain spaces.
        run_as(
            self._place,
            [
                valkey_program(self._place),
                *("--port", "0", "--unixsocket", self._place.valkey_socket, "--unixsocketperm", "700"),
                *("--dir", ".", "--logfile", "../log/valkey.log", "--pidfile", "valkey.pid"),
                *("--maxmemory-policy", "noeviction", "--save", "", "--daemonize", "yes", *keep),
            ],
            cwd=self._folder,
        )

    def _ask(self, word: str) -> str:
        """One plain-text command; empty when nobody answers."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(2)
            try:
                line.connect(str(self._place.valkey_socket))
                line.sendall(f"{word}\r\n".encode())
                return line.recv(200).decode(errors="replace")
            except OSError:
                return ""
