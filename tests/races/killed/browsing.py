"""A browser without scripts over a real socket: as much of Django's test client as the shoppers of the tests use."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

PATIENCE = 300.0
PAUSE = 0.1


class Reply:
    """What came back."""

    def __init__(self, answer: requests.Response) -> None:
        self.status_code = answer.status_code
        self.content = answer.content
        self._headers = answer.headers

    def __getitem__(self, name: str) -> str:
        return str(self._headers[name])


class OverHttp:
    """Keeps cookies, sends the token of forms, follows nothing by itself, and presses again what got no answer."""

    def __init__(self, address: str, cookies: Mapping[str, str] | None = None) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.update(dict(cookies or {}))
        self.presses = 0

    def get(self, path: str, **_: Any) -> Reply:
        return self._insist(lambda: self._session.get(self._at(path), timeout=PATIENCE, allow_redirects=False))

    def post(self, path: str, fields: Mapping[str, object]) -> Reply:
        def press() -> requests.Response:
            told = {**fields, "csrfmiddlewaretoken": self._session.cookies.get("csrftoken", "")}
            return self._session.post(self._at(path), data=told, timeout=PATIENCE, allow_redirects=False)

        return self._insist(press)

    def _at(self, path: str) -> str:
        parts = urlsplit(path)
        return urljoin(self._address, parts._replace(scheme="", netloc="").geturl())

    def _insist(self, ask: Callable[[], requests.Response]) -> Reply:
        """Whoever was asked may die before they answer, and be away for a while."""
        end = time.monotonic() + PATIENCE
        while True:
            self.presses += 1
            try:
                return Reply(ask())
            except requests.ConnectionError:
                assert time.monotonic() < end, "Nobody answers any more."
                time.sleep(PAUSE)
