"""Asking again who somebody is before what cannot be undone: the password, or a code by mail."""

import secrets
import time

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from django.utils.translation import get_language

from core.limits import attempt
from core.notifications import send
from members.models import User

CODE_SECONDS = 15 * 60
MOST_TRIES = 5
KEY = "erasure_code"
LETTERS = "BCDFGHJKMNPQRSTVWXYZ23456789"


def send_code(request: HttpRequest, user: User) -> bool:
    """Mail a code that is good for a quarter of an hour; at most five an hour. Only its hash is kept."""
    if not attempt("erasure-code", str(user.pk), limit=MOST_TRIES, seconds=3600):
        return False
    code = "".join(secrets.choice(LETTERS) for _ in range(8))
    request.session[KEY] = {"hash": make_password(code), "until": int(time.time()) + CODE_SECONDS}
    language = get_language() or user.language or "en"
    send(
        "erasure_code",
        to=user.email,
        language=language,
        market=user.market_code,
        context={"code": code},
        dedupe_key=f"erasure_code:{user.pk}:{secrets.token_hex(8)}",
        reference="",
    )
    return True


def is_proven(request: HttpRequest, user: User, *, password: str, code: str) -> bool:
    """Whether the password or the code mailed last is right. Tries are counted, and a code opens once."""
    if not attempt("erasure-proof", str(user.pk), limit=MOST_TRIES, seconds=900):
        return False
    if password and user.has_usable_password():
        return user.check_password(password)
    sent = request.session.get(KEY)
    if not code or not sent or sent["until"] < time.time():
        return False
    if not check_password(code.strip().upper(), sent["hash"]):
        return False
    del request.session[KEY]
    return True
