"""Web push is encrypted and signed as the standards say, to the byte."""

import json
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from core.notifications.push_envelope import (
    BrowserKeys,
    KeysRefused,
    authorization,
    encrypt,
    from_text,
    new_key,
    point_of,
    private_key,
    to_text,
)

# RFC 8291, appendix A: published keys of an example, nobody's.
WORDS = b"When I grow up, I want to be a watermelon"
OURS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w"
    "EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ENDPOINT = "https://push.example.net/send/abc?d=1"


def test_the_example_of_the_standard_comes_out_to_the_byte() -> None:
    body = encrypt(WORDS, keys=BrowserKeys.read(p256dh=POINT, auth=AUTH), ours=private_key(OURS), salt=from_text(SALT))
    assert to_text(body) == BODY


def test_another_salt_gives_another_body() -> None:
    keys = BrowserKeys.read(p256dh=POINT, auth=AUTH)
    first, second = (encrypt(WORDS, keys=keys, ours=private_key(OURS), salt=bytes([n] * 16)) for n in (1, 2))
    assert first[16:] != second[16:]


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        (POINT[:-4], AUTH),
        (POINT, AUTH[:-4]),
        ("B" + "A" * 86, AUTH),  # 65 bytes that begin like a point and lie on no curve
        ("not base64!", AUTH),
        ("", ""),
    ],
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(KeysRefused):
        BrowserKeys.read(p256dh=p256dh, auth=auth)


def claims_of(header: str) -> tuple[dict[str, object], str, bytes, bytes]:
    kind, token, key = header.replace(", ", " ").split(" ")
    assert kind == "vapid"
    signed, _dot, signature = token.removeprefix("t=").rpartition(".")
    claims = json.loads(from_text(signed.split(".")[1]))
    return claims, signed, from_text(signature), from_text(key.removeprefix("k="))


def test_the_signature_is_the_shops_own_and_says_for_whom_and_until_when() -> None:
    key = new_key()
    claims, signed, signature, point = claims_of(
        authorization(ENDPOINT, key=key, contact="mailto:shop@example.com", now=NOW)
    )

    assert claims == {
        "aud": "https://push.example.net",
        "exp": int(NOW.timestamp()) + 12 * 3600,
        "sub": "mailto:shop@example.com",
    }
    assert point == point_of(key)
    pair = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    key.public_key().verify(pair, signed.encode(), ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        new_key().public_key().verify(pair, signed.encode(), ec.ECDSA(SHA256()))


def test_a_key_survives_being_written_down() -> None:
    key = new_key()
    written = to_text(key.private_numbers().private_value.to_bytes(32, "big"))
    assert point_of(private_key(written)) == point_of(key)
