"""Which of PostgreSQL's Snowball stemmers belongs to a language. Migration 0008 makes their dictionaries."""

from modeltrans.conf import get_default_language, get_fallback_chain

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
COMPOUNDING = frozenset({"da", "de", "fi", "hu", "nb", "nl", "nn", "no", "sv"})
"""Languages that write two nouns as one; the last says what the thing is."""


def stemmer_of(language: str) -> str | None:
    """The dictionary that stems words of a language; none where PostgreSQL has none."""
    name = STEMMERS.get(language.partition("-")[0])
    return f"catalog_{name}" if name else None


def spoken(language: str) -> tuple[str, ...]:
    """The languages a document in `language` can have words of: its own, then those it falls back to."""
    return tuple(dict.fromkeys((language, *get_fallback_chain(language), get_default_language())))
