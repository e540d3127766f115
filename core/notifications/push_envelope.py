"""The envelope of web push: encrypted for one browser (RFC 8291, RFC 8188) and signed by the shop (RFC 8292).

Pure: what is random is passed in. Three standards of one page each over `cryptography`, which the shop has anyway.
"""

import base64
import json
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_SIZE = 4096
LAST_RECORD = b"\x02"
SALT_BYTES = 16
AUTH_BYTES = 16
POINT_BYTES = 65
HEADER = {"typ": "JWT", "alg": "ES256"}
VALID_FOR = timedelta(hours=12)
"""Of a signature; the standard allows a day at most."""


class KeysRefused(ValueError):
    """The browser's keys are not what the standard says: a point of P-256 and sixteen bytes."""


@dataclass(frozen=True, kw_only=True)
class BrowserKeys:
    """What a browser gives: its public point, and a secret it shares with whoever may tell it something."""

    point: bytes
    auth: bytes

    @classmethod
    def read(cls, *, p256dh: str, auth: str) -> "BrowserKeys":
        """From the texts of a subscription. Raises `KeysRefused`."""
        try:
            keys = cls(point=from_text(p256dh), auth=from_text(auth))
            if len(keys.point) != POINT_BYTES or len(keys.auth) != AUTH_BYTES:
                raise KeysRefused
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), keys.point)
        except ValueError as error:
            raise KeysRefused from error
        return keys


def encrypt(words: bytes, *, keys: BrowserKeys, ours: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The body of one push message, as one record. `ours` and `salt` are new for every message."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), keys.point)
    our_point = point_of(ours)
    shared = ours.exchange(ec.ECDH(), theirs)
    secret = _derive(shared, salt=keys.auth, about=b"WebPush: info\x00" + keys.point + our_point, length=32)
    key = _derive(secret, salt=salt, about=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derive(secret, salt=salt, about=b"Content-Encoding: nonce\x00", length=12)
    header = salt + struct.pack(">IB", RECORD_SIZE, len(our_point)) + our_point
    return header + AESGCM(key).encrypt(nonce, words + LAST_RECORD, None)


def authorization(endpoint: str, *, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime) -> str:
    """The `Authorization` of a request to the push server of `endpoint`: who writes, for whom, until when."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + VALID_FOR).timestamp()),
        "sub": contact,
    }
    signed = ".".join(to_text(json.dumps(part, separators=(",", ":")).encode()) for part in (HEADER, claims))
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = to_text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={to_text(point_of(key))}"


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """The key of 32 bytes in URL-safe Base64, as tools for VAPID write it. Raises `ValueError`."""
    return ec.derive_private_key(int.from_bytes(from_text(text), "big"), ec.SECP256R1())


def new_key() -> ec.EllipticCurvePrivateKey:
    """A new key."""
    return ec.generate_private_key(ec.SECP256R1())


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Its public point, 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def to_text(raw: bytes) -> str:
    """URL-safe Base64 without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """The bytes again. Raises `ValueError`."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


def _derive(secret: bytes, *, salt: bytes, about: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=about).derive(secret)
