"""The EU's register of VAT numbers (VIES) over its REST interface: one question, one answer, never a guess.

Only a clear yes or no counts. Whatever else comes back, or nothing, is "not available": the sale is taxed and asked
again later. The answer is kept as it came, with its consultation number, as proof.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

from core.http import AddressRefused, Answer, OutsideTrouble, fetch

MOST_BYTES = 100_000
KEPT = ("isValid", "valid", "requestDate", "userError", "name", "address", "requestIdentifier", "vatNumber")
Fetch = Callable[[str], Answer]


@dataclass(frozen=True)
class RegisterAnswer:
    """What a register said of a number."""

    status: Literal["valid", "invalid", "unavailable"]
    consultation_ref: str = ""
    response_hash: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)


class Register(Protocol):
    """Somebody who knows whether a number is valid."""

    name: str

    def ask(self, number: str) -> RegisterAnswer:
        """The answer for a number with its prefix. Never raises for trouble outside."""


def _fetch(url: str) -> Answer:
    return fetch(url, max_bytes=MOST_BYTES, allow_private=True)


class Vies:
    """VIES at `address`, asked in the name of `requester`, our own VAT number; empty: without a consultation number."""

    name = "vies"

    def __init__(self, address: str, *, requester: str = "", fetch: Fetch = _fetch) -> None:
        self.address, self.requester, self.fetch = address.rstrip("/"), requester, fetch

    def ask(self, number: str) -> RegisterAnswer:
        """One question. Time-outs, errors of a member state and unreadable answers are all `unavailable`."""
        try:
            answer = self.fetch(self._url(number))
        except (OutsideTrouble, AddressRefused) as trouble:
            return RegisterAnswer("unavailable", evidence={"trouble": str(trouble)})
        digest = hashlib.sha256(answer.body).hexdigest()
        try:
            told = json.loads(answer.body)
        except ValueError:
            told = None
        if answer.status != 200 or not isinstance(told, dict):
            return RegisterAnswer("unavailable", response_hash=digest, evidence={"status": answer.status})
        return RegisterAnswer(
            _status(told),
            consultation_ref=str(told.get("requestIdentifier") or "")[:80],
            response_hash=digest,
            evidence={name: told[name] for name in KEPT if name in told},
        )

    def _url(self, number: str) -> str:
        asked = f"{self.address}/ms/{number[:2]}/vat/{number[2:]}"
        if not self.requester:
            return asked
        ours = {"requesterMemberStateCode": self.requester[:2], "requesterNumber": self.requester[2:]}
        return f"{asked}?{urlencode(ours)}"


def _status(told: dict[str, Any]) -> Literal["valid", "invalid", "unavailable"]:
    """VIES says `isValid: false` for a member state that is down as well: the error tells them apart."""
    said = told.get("isValid", told.get("valid"))
    error = str(told.get("userError") or "")
    if said is True and error in ("", "VALID"):
        return "valid"
    if said is False and error in ("", "INVALID", "INVALID_INPUT"):
        return "invalid"
    return "unavailable"
