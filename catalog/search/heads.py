"""Which words of a name say what the thing is: a "laptop bag" is a bag, a "bolsa para portátil" a bolsa. Pure.

German, English, Japanese and many others put the thing last, French, Spanish or Arabic first. What follows
"for" or "with" says what it suits, not what it is.
"""

from collections.abc import Sequence

from catalog.search.words import Word

HEAD_FIRST = frozenset({"ar", "ca", "es", "fa", "fr", "ga", "he", "id", "it", "pt", "ro", "th", "vi"})
TURNS = {
    "ar": "مع من في على لل", "da": "for med til af", "de": "fur mit aus zu zum zur von ohne",
    "en": "for with from in of w by",
    "es": "para con de del sin en", "fr": "pour avec de du des a au aux en sans", "he": "עם של על",
    "it": "per con di del della da in", "nl": "voor met van uit", "pl": "dla z do", "pt": "para com de do da em sem",
    "ro": "pentru cu de din", "ru": "для с из", "sv": "for med till av", "tr": "icin ile",
}  # fmt: skip
"""Folded prepositions behind which a name no longer says what the thing is."""
_TURNS = {language: frozenset(words.split()) for language, words in TURNS.items()}


def heads_of(words: Sequence[Word], language: str) -> frozenset[int]:
    """The places of the words that name the thing itself."""
    base = language.partition("-")[0]
    turns = _TURNS.get(base, frozenset())
    turn = next((at for at, word in enumerate(words) if at and word.form in turns), len(words))
    said = [at for at in range(turn) if not words[at].form[:1].isdigit()]
    if base in HEAD_FIRST:
        end = next((at for at in said if words[at].ends), turn)
        return frozenset(at for at in said if at <= end)
    return frozenset(at for at in said if words[at].is_run or words[at].ends or at == turn - 1)
