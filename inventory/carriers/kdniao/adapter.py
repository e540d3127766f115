"""Kuaidi Niao: asked by form, pushes by form; both signed with Base64 of the MD5 (in hex) of the data and the key.

Settings: `business_id`, `shippers` (our name=its code, with commas, such as `SF Express=SF,YTO=YTO`), `base`.
Secrets: `key`. MD5 is its choice; without the key nobody can make a signature, and nothing secret is signed.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.utils import timezone

from inventory.carriers.readers import read_with
from inventory.carriers.readers.kdniao import CHINA
from inventory.carriers.reading import rows
from inventory.carriers.talking import body_of, digest, json_of, tell
from inventory.carriers.types import Access, Followed, Told, Tracking
from inventory.errors import BadCarrierMessage

BASE = "https://api.kdniao.com"
PROVIDER = "kdniao"
ASK, FOLLOW = "1002", "1008"
PUSHED = frozenset({"101", "102"})
FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}


def sign_of(data: str, key: str) -> str:
    """The signature of what is asked or pushed."""
    inner = hashlib.md5(f"{data}{key}".encode(), usedforsecurity=False).hexdigest()
    return b64encode(inner.encode()).decode()


class KuaidiNiao:
    """One account at Kuaidi Niao."""

    def __init__(self, access: Access) -> None:
        self.business = access.option("business_id")
        self.key = access.secret("key")
        self.base = access.option("base", BASE).rstrip("/")
        pairs = (pair.partition("=") for pair in access.option("shippers").split(",") if "=" in pair)
        self.shippers = {name.strip().lower(): code.strip() for name, _sign, code in pairs}

    def verify(self, headers: Mapping[str, str], body: bytes) -> Told:
        """A push. Raises `BadCarrierMessage` unless it is signed with our key and meant for us."""
        form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        data, given = form.get("RequestData", ""), form.get("DataSign", "")
        wanted = sign_of(data, self.key)
        if not self.key or not data or not hmac.compare_digest(wanted.encode(), given.strip().encode()):
            raise BadCarrierMessage
        payload = json_of(data.encode())
        if not isinstance(payload, dict) or str(payload.get("EBusinessID", "")) != self.business:
            raise BadCarrierMessage
        kind = form.get("RequestType", "")
        return Told(
            event_id=digest(data.encode()),
            kind=kind[:100],
            payload=payload,
            relevant=kind in PUSHED,
            reply={
                "EBusinessID": self.business,
                "UpdateTime": timezone.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
                "Success": True,
                "Reason": "",
            },
        )

    def register(self, parcels: Sequence[Followed]) -> None:
        """Have numbers pushed whose carrier we know by its code there."""
        for one in parcels:
            if code := self._shipper(one):
                self._post(FOLLOW, {"ShipperCode": code, "LogisticCode": one.number})

    def track(self, parcels: Sequence[Followed]) -> Any:
        """What it knows of numbers now, as a push would say it."""
        known = [(code, one.number) for one in parcels if (code := self._shipper(one))]
        found = [self._post(ASK, {"ShipperCode": code, "LogisticCode": number}) for code, number in known]
        return {"Data": list(rows(found))}

    def read(self, payload: Any) -> tuple[Tracking, ...]:
        """What a push or an answer says."""
        return read_with(PROVIDER, payload)

    def _shipper(self, one: Followed) -> str:
        return self.shippers.get(one.carrier.strip().lower(), "")

    def _post(self, kind: str, wanted: Mapping[str, Any]) -> Any:
        data = body_of(wanted).decode()
        form = {
            "RequestData": data,
            "EBusinessID": self.business,
            "RequestType": kind,
            "DataSign": sign_of(data, self.key),
            "DataType": "2",
        }
        place = "api/dist" if kind == FOLLOW else "Ebusiness/EbusinessOrderHandle.aspx"
        return tell(f"{self.base}/{place}", urlencode(form).encode(), headers=FORM)
