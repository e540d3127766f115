"""Letters made comparable, per script. Pure: the same functions serve documents and queries.

Two strengths. `fold` takes away what never tells two words apart: case, width, accents, vowel signs. `form_of`
goes on to what one language spells in several ways: ae for ä, the Arabic article, katakana for hiragana,
traditional characters for simplified ones.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

CJK = r"\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヵヶー"
HANGUL = r"\uac00-\ud7a3"
SPACELESS = r"\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ede\u1000-\u109f\u1780-\u17d3"
"""Thai, Lao, Burmese, Khmer: no spaces between words."""
INDIC = r"\u0900-\u0963\u0966-\u0dff"
"""Scripts whose vowel signs are marks that belong to their word."""
ONLY_RUN = re.compile(rf"[{CJK}{HANGUL}{SPACELESS}]+")

LETTERS = str.maketrans({
    # Arabic, and the Persian and Urdu letters that look alike
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ی": "ي", "ے": "ي",
    "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه", "ں": "ن", "ٮ": "ب", "ء": None,
    "٠": "0", "١": "1", "٢": "2", "٣": "3", "٤": "4", "٥": "5", "٦": "6", "٧": "7", "٨": "8", "٩": "9",
    "۰": "0", "۱": "1", "۲": "2", "۳": "3", "۴": "4", "۵": "5", "۶": "6", "۷": "7", "۸": "8", "۹": "9",
    # Hebrew letters at the end of a word
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
    # Latin letters that are no letter with an accent
    "ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ĸ": "k",
    "ς": "σ", "’": "'", "ʼ": "'", "`": "'",
})  # fmt: skip
UNSEEN = re.compile(
    "[\u0300\u00ad\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7"
    "\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
"""Vowel signs of Arabic and Hebrew, lengthening, marks of direction, spaces without width."""
KEPT_MARKS = {"\u3099", "\u309a"}
"""Voicing makes another sound in Japanese; it is no accent."""
SHORT_I = str.maketrans({"й": "\ue000", "ї": "\ue001", "ў": "\ue002"})
LONG_I = str.maketrans({"\ue000": "й", "\ue001": "ї", "\ue002": "ў"})

KANA = {chr(code): chr(code - 0x60) for code in range(0x30A1, 0x30F7)}
SMALL = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))
KANA_TABLE = str.maketrans({**{big: SMALL.get(soft, soft) for big, soft in KANA.items()}, **SMALL})
VU = (("ゔあ", "ば"), ("ゔい", "び"), ("ゔえ", "べ"), ("ゔお", "ぼ"), ("ゔ", "ぶ"))
LONG_SOUND = re.compile(r"(?<=[ぁ-ゔ])[-‐‑–—―−〜~ー]+")
UMLAUTS = re.compile(r"(?<![aeqou])(a|o|u)e")
ARTICLES = re.compile(r"^(?:[وبكف]?ال|لل)(?=\w{3})")
PREFIXING = frozenset({"he"})
PREFIXES = "הובלמשכ"
"""Hebrew writes "and", "the", "in", "to", "from", "that" and "as" onto the word."""
THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")


def fold(text: str) -> str:
    """Case, width, accents and spelling variants of letters folded; nothing is cut."""
    if text.isascii():
        return text.lower().replace("`", "'")
    bare = UNSEEN.sub("", unicodedata.normalize("NFKC", text)).replace("İ", "i").casefold().translate(LETTERS)
    if bare.isascii():
        return bare
    apart = unicodedata.normalize("NFD", bare.translate(SHORT_I))
    letters = [char for char in apart if not _is_accent(char)]
    return unicodedata.normalize("NFC", "".join(letters)).translate(LONG_I)


def form_of(word: str, language: str) -> str:
    """One spelling for a word of a language. `word` is one piece of a text; the form is not yet a stem."""
    plain = fold(word)
    if is_run(plain):
        return _run_form(plain, language)
    if plain[:1].isdigit():
        return plain.replace(",", "") if THOUSANDS.fullmatch(plain) else plain.replace(",", ".")
    if language == "de":
        return UMLAUTS.sub(r"\1", plain)
    if language == "ar":
        return ARTICLES.sub("", plain)
    return plain


def further_forms(form: str, language: str) -> tuple[str, ...]:
    """Other spellings the same word is looked for and found under."""
    if language in PREFIXING and len(form) >= 4 and form[0] in PREFIXES:
        return (form[1:],)
    return ()


def pairs(run: str) -> list[str]:
    """Overlapping pairs of characters: 急須盆 is 急須, 須盆. One character is itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def is_run(piece: str) -> bool:
    """Whether the piece is written without spaces, or as Korean is, with endings on every word."""
    return not piece.isascii() and ONLY_RUN.fullmatch(piece) is not None


def _run_form(run: str, language: str) -> str:
    if language.startswith("zh"):
        return run.translate(_simplified())
    kana = run.translate(KANA_TABLE)
    for pair, sound in VU:
        kana = kana.replace(pair, sound)
    kana = LONG_SOUND.sub("ー", kana)
    return kana.removesuffix("ー") if len(kana) > 3 else kana


def _is_accent(char: str) -> bool:
    """Marks of the scripts that can do without them; those of Indian and Thai writing are letters."""
    return unicodedata.combining(char) != 0 and char not in KEPT_MARKS and not "\u0900" <= char <= "\u17ff"


@cache
def _simplified() -> dict[int, int]:
    lines = (Path(__file__).parent / "hanzi.txt").read_text(encoding="utf-8").splitlines()
    return str.maketrans(lines[1], lines[2])
