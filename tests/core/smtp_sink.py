"""A mail server on loopback that refuses in the ways mail servers do, and takes mail when it is told to."""

import socketserver
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import Any, cast

AWAY, BUSY, FULL, FORGETFUL, OPEN = "away", "busy", "full", "forgetful", "open"
"""Hangs up at once; answers 421; refuses the sender with 452; takes the mail and hangs up before it says so; works."""


class _Talk(socketserver.StreamRequestHandler):
    """One conversation of RFC 5321, as much of it as smtplib speaks."""

    def handle(self) -> None:
        sink = cast("Sink", self.server)
        sink.asked += 1
        if sink.mode == AWAY:
            return
        if sink.mode == BUSY:
            self._say("421 come back later")
            return
        self._say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"MAIL" and sink.mode == FULL:
                self._say("452 no room")
            elif verb == b"DATA":
                self._say("354 go on")
                sink.taken.append(self._mail())
                if sink.mode == FORGETFUL:
                    return
                self._say("250 taken")
            else:
                self._say("250 fine")

    def _mail(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    """`mode` says how it answers, `taken` what it was given, `asked` how often somebody came."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mode = OPEN
        self.taken: list[EmailMessage] = []
        self.asked = 0

    def __enter__(self) -> "Sink":
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.shutdown()
        self.server_close()

    @property
    def port(self) -> int:
        """Where it listens on loopback."""
        return int(self.server_address[1])

    def identifiers(self) -> list[str]:
        """The `Message-ID` of each mail it took, in the order in which they came."""
        return [str(one["Message-ID"]) for one in self.taken]
