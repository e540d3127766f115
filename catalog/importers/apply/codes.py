"""Codes for things a file only names. Pure."""

from hashlib import sha256

from catalog.slugs import slug_of


def code_of(words: str) -> str:
    """A stable code for words in any script; two different words never share one. At most 40 characters."""
    plain = slug_of(words)
    if plain and len(words) <= 40 and plain == words.strip().lower().replace(" ", "-"):
        return plain
    return f"{plain[:30]}-{sha256(words.encode()).hexdigest()[:8]}".strip("-")
