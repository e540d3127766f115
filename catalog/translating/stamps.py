"""What somebody had before them when they wrote, in sixteen letters: told apart when it has changed meanwhile. Pure."""

import hashlib

from catalog.models import TranslationState


def stamp_of(present: str, known: TranslationState | None) -> str:
    """The stamp of one translation: of its present original's hash, its words, its state and what it was made from."""
    told = (present,) if known is None else (present, known.target_hash, known.state, known.source_hash)
    return hashlib.sha256("|".join(told).encode()).hexdigest()[:16]
