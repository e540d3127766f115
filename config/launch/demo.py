"""The demo shop's operator: a fixed address, and a password made once per checkout, so no two demos share one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from config import env
from config.launch.places import ROOT

EMAIL = "operator@meridian.example"


@dataclass(frozen=True)
class SignIn:
    email: str
    password: str


def sign_in() -> SignIn:
    """What `seed_demo` gives the operator, and what the launcher prints."""
    return SignIn(env.text("DEMO_EMAIL", EMAIL), env.text("DEMO_PASSWORD", "") or _kept_password())


def announcement() -> dict[str, str]:
    who = sign_in()
    return {"DEMO_EMAIL": who.email, "DEMO_PASSWORD": who.password}


def _kept_password() -> str:
    kept = ROOT / "var" / "demo_password"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(f"meridian-{secrets.token_hex(4)}")
    return kept.read_text()
