"""Slugs: readable in every script. Pure."""

import re
import unicodedata

from django.utils.text import slugify

MOST = 120


def slug_of(words: str) -> str:
    """A slug in the script of the words: `Küche` is `küche`, `急須` stays. Empty when nothing readable is left."""
    text = unicodedata.normalize("NFC", words).casefold()
    text = unicodedata.normalize("NFC", re.sub(r"[’'`´\u0640]", "", text))
    return slugify(text, allow_unicode=True)[:MOST].strip("-_")
