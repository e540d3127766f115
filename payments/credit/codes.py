"""Codes of gift cards: 80 random bits in letters that nobody confuses. The shop keeps a hash and the last four."""

import hashlib
import secrets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32: without I, L, O and U."""
LENGTH = 16
GROUP = 4
LONGEST_TYPED = 64
_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_code() -> str:
    """A code as it is written: four groups of four."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def plain_code(typed: str) -> str:
    """What was meant: without spaces and dashes, in capitals, with letters that look alike taken as the one we use."""
    kept = "".join(letter for letter in typed[:LONGEST_TYPED].upper() if letter.isascii() and letter.isalnum())
    return kept.translate(_ALIKE)


def code_hash(typed: str) -> str:
    """What a code is looked up by: SHA-256, no salt (it is random enough) and no key (changing keys voids no money)."""
    return hashlib.sha256(f"gift card:{plain_code(typed)}".encode()).hexdigest()


def last_four(code: str) -> str:
    """What is shown of a code for ever after."""
    return plain_code(code)[-4:]
